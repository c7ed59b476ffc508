//! The loop around a machine, from its first poll to its end.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
    time::{Duration, Instant},
};

use futures_lite::future;
use http::{Response, Uri};
use jellyfin_auth::{Machine, Request, Step, Ticket, Timestamp, Wait, WakeReason};
use jellyfin_auth_transport::{
    Error, LastFailure, RequestEvent, Run, RunSpan, TransportError, WipedBytes,
};

use crate::{
    exchange::{Client, IdleConnection},
    runtime,
};

/// What came of a request, and the connection that it left.
struct Answer {
    uri: Uri,
    ticket: Ticket,
    result: Result<Response<WipedBytes>, TransportError>,
    idle: Option<IdleConnection>,
}

/// Boxed, so that the futures of a driver stay small enough to be handed around.
type Sent = Pin<Box<dyn Future<Output = Box<Answer>> + Send>>;

/// What ended a wait.
enum Event {
    Answer(Box<Answer>),
    WaitOver(WakeReason),
}

pub(crate) async fn drive<M: Machine>(
    client: &Client,
    run: &Run,
    machine: &mut M,
    mut on_wait: impl FnMut(&Wait),
    span: &mut RunSpan,
    idle: &mut Option<IdleConnection>,
) -> Result<M::Output, Error> {
    let start = Instant::now();
    let mut failures = LastFailure::new();
    let mut under_way: Vec<Sent> = Vec::new();
    loop {
        if run.is_cancelled() {
            machine.cancel();
        }
        let begun = Instant::now();
        let delay = match machine.poll(Timestamp::new(start.elapsed())) {
            Err(error) => return Err(failures.into_error(error)),
            Ok(Step::Done(output)) => return Ok(output),
            Ok(Step::Send(request)) => {
                let event = span.request(request.http());
                under_way.push(if machine.is_concurrent() {
                    Box::pin(send(client.another(), request, event, None))
                } else {
                    Box::pin(send(client.clone(), request, event, idle.take()))
                });
                continue;
            }
            Ok(Step::Wait(wait)) => {
                run.begin_wait();
                span.wait(&wait);
                on_wait(&wait);
                Some(wait.delay())
            }
            Ok(Step::Pending) => None,
        };
        match wait_out(run, machine, &mut under_way, begun, delay.unwrap_or(PENDING)).await {
            Event::Answer(answer) => {
                let Answer { uri, ticket, result, idle: left } = *answer;
                *idle = left.or(idle.take());
                match result {
                    Ok(response) => {
                        failures.clear(&uri);
                        machine.handle(ticket, Ok(&response));
                    }
                    Err(error) => {
                        machine.handle(ticket, Err(failures.record(&uri, error)));
                    }
                }
            }
            Event::WaitOver(reason) if delay.is_some() => span.wait_over(reason),
            Event::WaitOver(_) => {}
        }
    }
}

/// How often a machine is polled that has nothing to wait for but its requests.
const PENDING: Duration = Duration::from_secs(1);

async fn send(
    client: Client,
    request: Request,
    event: RequestEvent,
    mut idle: Option<IdleConnection>,
) -> Box<Answer> {
    let (request, ticket, limits) = request.into_parts();
    let uri = request.uri().clone();
    let result = client.send(request, limits, event, &mut idle).await;
    Box::new(Answer { uri, ticket, result, idle })
}

/// Waits until `delay` has passed since `begun`, until the user ends the wait, or for an answer.
async fn wait_out<M: Machine>(
    run: &Run,
    machine: &mut M,
    under_way: &mut Vec<Sent>,
    begun: Instant,
    delay: Duration,
) -> Event {
    loop {
        let answered = poll_fn(|context| {
            for index in 0..under_way.len() {
                if let Poll::Ready(answer) = under_way[index].as_mut().poll(context) {
                    drop(under_way.swap_remove(index));
                    return Poll::Ready(Event::Answer(answer));
                }
            }
            Poll::Pending
        });
        let time_over = async {
            runtime::sleep(delay.saturating_sub(begun.elapsed())).await;
            WakeReason::TimeOver
        };
        let wait_over = async { Event::WaitOver(future::or(run.wake_reason(), time_over).await) };
        match future::or(wait_over, answered).await {
            // Refused before the end of a server's `Retry-After`.
            Event::WaitOver(WakeReason::CheckNow) if !machine.check_now() => {}
            event => return event,
        }
    }
}
