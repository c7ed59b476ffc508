//! The core's loop, with this driver's requests and waits.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
    task::Poll,
    time::Instant,
};

use jellyfin_auth::{Machine, Timestamp, Wait, WakeReason, drive_async};
use jellyfin_auth_transport::{Error, LastFailure, Run, RunSpan};
use reqwest::Client;
use tokio::time;

use crate::exchange::exchange;

pub(crate) async fn drive<M: Machine>(
    client: &Client,
    run: &Run,
    machine: &mut M,
    mut on_wait: impl FnMut(&Wait),
    span: &Mutex<RunSpan>,
) -> Result<M::Output, Error> {
    let start = Instant::now();
    let failures = &Mutex::new(LastFailure::new());
    let driven = drive_async(
        &mut *machine,
        |request, limits| {
            let (event, uri) = (lock(span).request(&request), request.uri().clone());
            async move {
                match exchange(client, request, limits, event).await {
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
            run.begin_wait();
            lock(span).wait(&wait);
            on_wait(&wait);
            async move {
                let left = wait.delay().saturating_sub(begun.elapsed());
                let woken = time::timeout(left, run.wake_reason()).await;
                let reason = woken.unwrap_or(WakeReason::TimeOver);
                lock(span).wait_over(reason);
                reason
            }
        },
        || Timestamp::new(start.elapsed()),
    );
    let result = unless_cancelled(run, driven).await.unwrap_or_else(|| {
        machine.cancel();
        Err(jellyfin_auth::Error::Cancelled)
    });
    result.map_err(|error| std::mem::take(&mut *lock(failures)).into_error(error))
}

/// `None`, and `work` is dropped, when the user cancels before it is done.
pub(crate) async fn unless_cancelled<T>(run: &Run, work: impl Future<Output = T>) -> Option<T> {
    let (mut cancelled, mut work) = (pin!(run.cancelled()), pin!(work));
    poll_fn(|context| match cancelled.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => work.as_mut().poll(context).map(Some),
    })
    .await
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nobody panics under it but a subscriber of the program's.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
