//! The loop around a machine, from its first poll to its end.

use std::{
    sync::mpsc::{self, Receiver, Sender},
    thread::{self, Scope},
    time::{Duration, Instant},
};

use http::{Response, Uri};
use jellyfin_auth::{Machine, Request, Step, Ticket, Timestamp, Wait, WakeReason};
use jellyfin_auth_transport::{
    Error, LastFailure, RequestEvent, Run, RunSpan, TransportError, Waker, WipedBytes,
};

use crate::exchange::Client;

/// What came of a request.
struct Answer {
    uri: Uri,
    ticket: Ticket,
    result: Result<Response<WipedBytes>, TransportError>,
}

pub(crate) fn drive<M: Machine>(
    client: &mut Client,
    run: &Run,
    machine: &mut M,
    mut on_wait: impl FnMut(&Wait),
    span: &mut RunSpan,
) -> Result<M::Output, Error> {
    let start = Instant::now();
    let (sender, answers) = mpsc::channel();
    thread::scope(|scope| {
        let mut failures = LastFailure::new();
        let mut workers = Workers { scope, sender, waker: run.waker(), shutdowns: Vec::new() };
        loop {
            if run.is_cancelled() {
                machine.cancel();
            }
            let begun = Instant::now();
            let delay = match machine.poll(Timestamp::new(start.elapsed())) {
                Err(error) => return Err(failures.into_error(error)),
                Ok(Step::Done(output)) => return Ok(output),
                Ok(Step::Send(request)) if machine.is_concurrent() => {
                    let event = span.request(request.http());
                    workers.send(request, client, event);
                    continue;
                }
                Ok(Step::Send(request)) => {
                    let event = span.request(request.http());
                    let answer = send(client, request, event);
                    // A response that was cut by cancelling may look complete.
                    if !run.is_cancelled() {
                        hand_in(machine, answer, &mut failures);
                    }
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
            match wait_out(run, machine, &answers, begun, delay.unwrap_or(PENDING)) {
                Ok(answer) => hand_in(machine, answer, &mut failures),
                Err(reason) if delay.is_some() => span.wait_over(reason),
                Err(_) => {}
            }
        }
    })
}

/// How often a machine is polled that has nothing to wait for but its requests.
const PENDING: Duration = Duration::from_secs(1);

/// Waits until `delay` has passed since `begun`, until the user ends the wait, or for an answer.
fn wait_out<M: Machine>(
    run: &Run,
    machine: &mut M,
    answers: &Receiver<Answer>,
    begun: Instant,
    delay: Duration,
) -> Result<Answer, WakeReason> {
    loop {
        let left = delay.saturating_sub(begun.elapsed());
        match run.wait_for(left, || answers.try_recv().ok()) {
            // Refused before the end of a server's `Retry-After`.
            Err(WakeReason::CheckNow) if !machine.check_now() => {}
            ended => return ended,
        }
    }
}

fn send(client: &mut Client, request: Request, event: RequestEvent) -> Answer {
    let (request, ticket, limits) = request.into_parts();
    let uri = request.uri().clone();
    let result = client.send(request, limits, event);
    Answer { uri, ticket, result }
}

fn hand_in<M: Machine>(machine: &mut M, answer: Answer, failures: &mut LastFailure) {
    let Answer { uri, ticket, result } = answer;
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

/// Threads that send a request each. Dropping this ends what they do.
struct Workers<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    sender: Sender<Answer>,
    waker: Waker,
    shutdowns: Vec<Box<dyn Fn()>>,
}

impl Workers<'_, '_> {
    fn send(&mut self, request: Request, client: &Client, event: RequestEvent) {
        let mut client = client.another();
        let (sender, waker) = (self.sender.clone(), self.waker.clone());
        self.shutdowns.push(Box::new(client.shutdown()));
        let thread = thread::Builder::new().name("jellyfin-auth request".to_owned());
        let spawned = thread.spawn_scoped(self.scope, move || {
            // When nobody receives it, the run is over.
            let _ = sender.send(send(&mut client, request, event));
            waker.wake();
        });
        // Without a thread the ticket is lost, and the machine counts the request as interrupted.
        drop(spawned);
    }
}

impl Drop for Workers<'_, '_> {
    fn drop(&mut self) {
        for shutdown in &self.shutdowns {
            shutdown();
        }
    }
}
