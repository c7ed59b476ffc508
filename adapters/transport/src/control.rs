use std::{
    fmt,
    future::poll_fn,
    mem,
    sync::{Arc, PoisonError},
    task::{self, Poll},
};

use jellyfin_auth::WakeReason;

use crate::sync::{Mutex, MutexGuard};

/// Cancels one run of a driver or presses "next", from any thread.
///
/// It belongs to the run that came next when it was taken from its driver. After that run it does
/// nothing: what follows on the same driver, such as a sign-in by password after "cancel", goes its own
/// way and has handles of its own. Clones belong to the same run.
#[derive(Clone)]
pub struct Handle {
    shared: Arc<Shared>,
}

/// The driver's side of its [`Handle`]s.
#[derive(Default)]
pub struct Control {
    /// Of the run that comes next.
    next: Arc<Shared>,
}

/// A run that is under way, from [`Control::begin`] until it is dropped.
#[must_use = "the run is over when this is dropped"]
pub struct Run {
    shared: Arc<Shared>,
}

type OnCancel = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Shared {
    /// Never locked while anyone else's code runs.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    cancelled: bool,
    check_now: bool,
    on_cancel: Option<OnCancel>,
    task: Option<task::Waker>,
}

impl Handle {
    /// Cancels the run: it ends with [`jellyfin_auth::Error::Cancelled`], at once when it begins later.
    /// Calling this again does nothing.
    ///
    /// A run is one call of a driver's method: from its beginning (of a future: its first poll) until
    /// it returns or is dropped.
    pub fn cancel(&self) {
        let on_cancel = self.shared.change(|state| {
            state.cancelled = true;
            state.on_cancel.take()
        });
        if let Some(on_cancel) = on_cancel {
            on_cancel();
        }
    }

    /// The user pressed "next": checks at once whether the code was approved, or whether the server
    /// is back. Never sooner than a second after the last request, and not before the end of a
    /// server's `Retry-After`. Without a wait under way it does nothing.
    pub fn check_now(&self) {
        self.shared.change(|state| state.check_now = true);
    }
}

impl Control {
    /// Without any handle yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A handle for the user: of the run that comes next.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle { shared: Arc::clone(&self.next) }
    }

    /// Begins the run of the handles until now. Later ones belong to the run after it.
    pub fn begin(&mut self) -> Run {
        Run { shared: mem::take(&mut self.next) }
    }

    /// Begins a run that can't watch its handles while it waits for the network. `on_cancel` is called
    /// once when the user cancels it, on the thread that cancels, without any lock held. A run that was
    /// cancelled before it began doesn't call it: look at [`Run::is_cancelled`] first.
    pub fn begin_with(&mut self, on_cancel: impl FnOnce() + Send + 'static) -> Run {
        let run = self.begin();
        run.shared.lock().on_cancel = Some(Box::new(on_cancel));
        run
    }
}

impl Run {
    /// Whether the user cancelled this run.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.shared.lock().cancelled
    }

    /// Forgets a "next" that was pressed while nothing was waited for. Call it when a wait begins,
    /// before the user's code learns of the wait.
    pub fn begin_wait(&self) {
        self.shared.lock().check_now = false;
    }

    /// Resolves when the user acts; race it with a timer. Never resolves to
    /// [`WakeReason::TimeOver`]. Dropping it loses nothing. The task that polled a future of this run
    /// last is the one that is woken.
    pub async fn wake_reason(&self) -> WakeReason {
        self.shared.until(State::take_wake_reason).await
    }

    /// Resolves when the user cancels; race it with a request. It leaves a "next" for the next wait.
    pub async fn cancelled(&self) {
        self.shared.until(|state| state.cancelled.then_some(())).await;
    }

    /// Ends the run, as dropping it does, and returns whether it was cancelled, be it at the last
    /// moment.
    #[must_use = "a run that is dropped has ended, too"]
    pub fn end(self) -> bool {
        self.shared.end()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.shared.end();
    }
}

impl State {
    fn take_wake_reason(&mut self) -> Option<WakeReason> {
        if self.cancelled {
            return Some(WakeReason::Cancel);
        }
        mem::take(&mut self.check_now).then_some(WakeReason::CheckNow)
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // The lock guards single assignments, which can't be left half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a change and wakes whoever waits for one.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let (changed, task) = {
            let mut state = self.lock();
            (change(&mut state), state.task.take())
        };
        if let Some(task) = task {
            task.wake();
        }
        changed
    }

    async fn until<T>(&self, mut wanted: impl FnMut(&mut State) -> Option<T>) -> T {
        poll_fn(|context| {
            let mut state = self.lock();
            if let Some(found) = wanted(&mut state) {
                return Poll::Ready(found);
            }
            state.task = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    fn end(&self) -> bool {
        let mut state = self.lock();
        let (cancelled, unused) = (state.cancelled, (state.on_cancel.take(), state.task.take()));
        drop(state);
        // Dropping these runs code of the driver and of the executor, which the lock mustn't wait for.
        drop(unused);
        cancelled
    }

    fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name).field("cancelled", &self.lock().cancelled).finish_non_exhaustive()
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared.debug("Handle", f)
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.next.debug("Control", f)
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared.debug("Run", f)
    }
}
