//! How requests are sent while a machine is run: on this thread, or each on one of its own.

use std::{
    future::{pending, poll_fn},
    sync::mpsc::{self, Receiver, TryRecvError},
    task::{Poll, Waker},
    thread::{self, Scope},
};

use http::Response;
use jellyfin_auth::{Endpoint, Failure, Machine, Wait};
use jellyfin_auth_transport::{
    BlockingExecutor, Error, Outgoing, Run, TransportError, WipedBytes, call_endpoint, run_machine,
};

use crate::exchange::Client;

type Outcome = Result<Response<WipedBytes>, TransportError>;

pub(crate) fn run<M: Machine>(
    client: &mut Client,
    run: &Run,
    machine: M,
    on_wait: impl FnMut(&Wait),
) -> Result<M::Output, Error> {
    let executor = BlockingExecutor::new();
    thread::scope(|scope| {
        let mut workers = Workers { scope, waker: executor.waker(), shutdowns: Vec::new() };
        let send = |outgoing: Outgoing| {
            if outgoing.is_concurrent {
                Arrival::FromThread(workers.send(client, outgoing))
            } else {
                send_here(client, run, outgoing)
            }
            .outcome()
        };
        executor.block_on(run_machine(run, machine, on_wait, send, |time| executor.sleep(time)))
    })
}

pub(crate) fn call<E: Endpoint>(
    client: &mut Client,
    run: &Run,
    endpoint: &E,
) -> Result<E::Output, Error> {
    let send = |outgoing| send_here(client, run, outgoing).outcome();
    BlockingExecutor::new().block_on(call_endpoint(run, endpoint, send))
}

/// Where what comes of a request comes from.
enum Arrival {
    Here(Outcome),
    FromThread(Receiver<Outcome>),
    /// The run was cancelled. A response that was cut by that may look complete.
    Never,
}

fn send_here(client: &mut Client, run: &Run, outgoing: Outgoing) -> Arrival {
    if run.is_cancelled() {
        return Arrival::Never;
    }
    let outcome = client.send(outgoing);
    if run.is_cancelled() { Arrival::Never } else { Arrival::Here(outcome) }
}

impl Arrival {
    async fn outcome(self) -> Outcome {
        match self {
            Self::Here(outcome) => outcome,
            Self::FromThread(outcome) => {
                poll_fn(|_| match outcome.try_recv() {
                    Ok(outcome) => Poll::Ready(outcome),
                    Err(TryRecvError::Empty) => Poll::Pending,
                    Err(TryRecvError::Disconnected) => Poll::Ready(Err(no_thread())),
                })
                .await
            }
            Self::Never => pending().await,
        }
    }
}

fn no_thread() -> TransportError {
    let text = "the request could not be sent on a thread of its own";
    TransportError::new(Failure::Interrupted, text)
}

/// Threads that send a request each. Dropping this ends what they do.
struct Workers<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    waker: Waker,
    shutdowns: Vec<Box<dyn Fn()>>,
}

impl Workers<'_, '_> {
    fn send(&mut self, client: &Client, outgoing: Outgoing) -> Receiver<Outcome> {
        let (sender, outcome) = mpsc::channel();
        let mut client = client.another();
        let waker = self.waker.clone();
        self.shutdowns.push(Box::new(client.shutdown()));
        let thread = thread::Builder::new().name("jellyfin-auth request".to_owned());
        let spawned = thread.spawn_scoped(self.scope, move || {
            // When nobody receives it, the run is over.
            let _ = sender.send(client.send(outgoing));
            waker.wake();
        });
        // Without a thread the sender is gone.
        drop(spawned);
        outcome
    }
}

impl Drop for Workers<'_, '_> {
    fn drop(&mut self) {
        for shutdown in &self.shutdowns {
            shutdown();
        }
    }
}
