use std::{
    cell::Cell,
    fmt,
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, PoisonError},
    task::{Context, Poll, Wake, Waker},
    time::{Duration, Instant},
};

use crate::sync::{Condvar, Mutex};

/// For blocking drivers: runs the futures of [`run_machine`](crate::run_machine) and
/// [`call_endpoint`](crate::call_endpoint) on this thread, which sleeps while there is nothing to do.
#[derive(Default)]
pub struct BlockingExecutor {
    signal: Arc<Signal>,
    /// When the thread wakes up by itself.
    alarm: Cell<Option<Instant>>,
}

#[derive(Default)]
struct Signal {
    woken: Mutex<bool>,
    changed: Condvar,
}

impl BlockingExecutor {
    /// One that runs nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What wakes the thread, from any other.
    #[must_use]
    pub fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.signal))
    }

    /// Runs `future` to its end.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let waker = self.waker();
        let mut context = Context::from_waker(&waker);
        loop {
            self.alarm.set(None);
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            self.signal.wait(self.alarm.get());
        }
    }

    /// Resolves after `time`, in the future that is being run. A time beyond the clock's end has no end.
    pub async fn sleep(&self, time: Duration) {
        let end = Instant::now().checked_add(time);
        poll_fn(|_| match end {
            Some(end) if end <= Instant::now() => Poll::Ready(()),
            Some(end) => {
                let first = self.alarm.get().map_or(end, |other| other.min(end));
                self.alarm.set(Some(first));
                Poll::Pending
            }
            None => Poll::Pending,
        })
        .await;
    }
}

impl Signal {
    /// Until somebody wakes this thread, or has since the last time; until `alarm` at most.
    fn wait(&self, alarm: Option<Instant>) {
        let mut woken = self.woken.lock().unwrap_or_else(PoisonError::into_inner);
        while !*woken {
            woken = match alarm.map(|alarm| alarm.saturating_duration_since(Instant::now())) {
                None => self.changed.wait(woken).unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => break,
                Some(left) => {
                    let waited = self.changed.wait_timeout(woken, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        *woken = false;
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }
}

impl fmt::Debug for BlockingExecutor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingExecutor").finish_non_exhaustive()
    }
}
