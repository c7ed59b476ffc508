//! What drivers do alike: the core's loop around their requests and their timer.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::{Duration, Instant},
};

use http::{Request, Response};
use jellyfin_auth::{
    Endpoint, Failure, HttpResponse, Limits, Machine, Step, Ticket, Timestamp, Wait, WakeReason,
    drive_async,
};

use crate::{Error, LastFailure, RequestEvent, Run, RunSpan, TransportError, WipedBytes};

/// A request to send, whose event ends with it.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "a driver that sends all of it is complete")]
pub struct Outgoing {
    /// The request.
    pub request: Request<Vec<u8>>,
    /// What to hold it to.
    pub limits: Limits,
    /// Its event.
    pub event: RequestEvent,
    /// Whether others may be under way at the same time.
    pub is_concurrent: bool,
}

/// What came of a request.
type Outcome = Result<Response<WipedBytes>, TransportError>;

/// For drivers: runs `machine` to its end. `send` sends a request, `sleep` waits.
///
/// `on_wait` is called at the beginning of each wait, which is counted from before the call; a "next" that
/// comes too early begins none. Cancelling drops what `send` and `sleep` returned.
///
/// # Errors
///
/// [`Error`]: what the machine ended with, or what must be put right in the configuration.
pub async fn run_machine<M: Machine, Sent, Slept>(
    run: &Run,
    mut machine: M,
    mut on_wait: impl FnMut(&Wait),
    mut send: impl FnMut(Outgoing) -> Sent,
    sleep: impl Fn(Duration) -> Slept,
) -> Result<M::Output, Error>
where
    Sent: Future<Output = Outcome>,
    Slept: Future<Output = ()>,
{
    let start = Instant::now();
    let span = &Mutex::new(RunSpan::of_run::<M>());
    let failures = &Mutex::new(LastFailure::new());
    let (was_refused, is_concurrent) = (&AtomicBool::new(false), &AtomicBool::new(false));
    let sleep = &sleep;
    let driven = drive_async(
        Watched { machine: &mut machine, span, was_refused, is_concurrent },
        |request, limits| {
            let (event, uri) = (lock(span).request(&request), request.uri().clone());
            let is_concurrent = is_concurrent.load(Ordering::Relaxed);
            let response = send(Outgoing { request, limits, event, is_concurrent });
            async move {
                match response.await {
                    Ok(response) => {
                        lock(failures).clear(&uri);
                        Ok(response)
                    }
                    Err(error) => Err(lock(failures).record(&uri, error)),
                }
            }
        },
        |wait| {
            let begun = Instant::now();
            if !was_refused.swap(false, Ordering::Relaxed) {
                run.begin_wait();
                lock(span).wait(&wait);
                on_wait(&wait);
            }
            async move {
                let left = wait.delay().saturating_sub(begun.elapsed());
                let slept = async {
                    sleep(left).await;
                    WakeReason::TimeOver
                };
                let reason = first(run.wake_reason(), slept).await;
                // Whether a "next" ends the wait is for the machine to say.
                if reason != WakeReason::CheckNow {
                    lock(span).wait_over(reason);
                }
                reason
            }
        },
        || Timestamp::new(start.elapsed()),
    );
    let result = unless_cancelled(run, driven).await.unwrap_or_else(|| {
        machine.cancel();
        Err(jellyfin_auth::Error::Cancelled)
    });
    let result = result.map_err(|error| std::mem::take(&mut *lock(failures)).into_error(error));
    lock(span).end(result)
}

/// For drivers: sends the request of an endpoint by `send` and reads its response. Cancelling drops
/// what `send` returned.
///
/// # Errors
///
/// [`Error`]: what the response means, [`NoAnswer`](jellyfin_auth::Error::NoAnswer) when there is none, or
/// what must be put right in the configuration.
pub async fn call_endpoint<E: Endpoint, Sent: Future<Output = Outcome>>(
    run: &Run,
    endpoint: &E,
    send: impl FnOnce(Outgoing) -> Sent,
) -> Result<E::Output, Error> {
    let mut span = RunSpan::of_call::<E>();
    let request = endpoint.request();
    let event = span.request(&request);
    let outgoing = Outgoing { request, limits: endpoint.limits(), event, is_concurrent: false };
    // Boxed, so that the futures of a driver stay small enough to be handed around.
    let read = async { Ok(endpoint.read(&Box::pin(send(outgoing)).await?)?) };
    let cancelled = || Err(jellyfin_auth::Error::Cancelled.into());
    span.end(unless_cancelled(run, read).await.unwrap_or_else(cancelled))
}

/// `None`, and `work` is dropped, when the user cancels before it is done.
async fn unless_cancelled<T>(run: &Run, work: impl Future<Output = T>) -> Option<T> {
    let cancelled = async {
        run.cancelled().await;
        None
    };
    first(cancelled, async { Some(work.await) }).await
}

/// The output of whichever is ready first, `one` if both are.
async fn first<T>(one: impl Future<Output = T>, other: impl Future<Output = T>) -> T {
    let (mut one, mut other) = (pin!(one), pin!(other));
    poll_fn(|context| match one.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(output),
        Poll::Pending => other.as_mut().poll(context),
    })
    .await
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nobody panics under it but a subscriber of the program's.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A machine that notes what its driver must know while the loop has it.
struct Watched<'m, M> {
    machine: &'m mut M,
    span: &'m Mutex<RunSpan>,
    /// Whether the last "next" came before the end of a server's `Retry-After`: the wait that goes on is
    /// none that begins.
    was_refused: &'m AtomicBool,
    is_concurrent: &'m AtomicBool,
}

impl<M: Machine> Machine for Watched<'_, M> {
    type Output = M::Output;

    fn is_concurrent(&self) -> bool {
        self.machine.is_concurrent()
    }

    fn handle(&mut self, ticket: Ticket, result: Result<&dyn HttpResponse, Failure>) -> bool {
        self.machine.handle(ticket, result)
    }

    fn check_now(&mut self) -> bool {
        let was_shortened = self.machine.check_now();
        if was_shortened {
            lock(self.span).wait_over(WakeReason::CheckNow);
        }
        self.was_refused.store(!was_shortened, Ordering::Relaxed);
        was_shortened
    }

    fn cancel(&mut self) {
        self.machine.cancel();
    }

    fn poll(&mut self, now: Timestamp) -> Result<Step<M::Output>, jellyfin_auth::Error> {
        let step = self.machine.poll(now);
        self.is_concurrent.store(self.machine.is_concurrent(), Ordering::Relaxed);
        step
    }
}
