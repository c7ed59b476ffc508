use std::{
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use event_listener::{Event, Listener as _};
use jellyfin_auth::WakeReason;

/// Cancels a driver's run or presses "next", from any thread.
///
/// Clones share one driver. A handle that outlives its driver does nothing.
#[derive(Clone)]
pub struct Handle {
    shared: Arc<Shared>,
}

/// The driver's side of its [`Handle`]s.
#[derive(Default)]
pub struct Control {
    shared: Arc<Shared>,
}

/// Wakes the thread that waits in [`Run::wait_for`], from any other.
#[derive(Clone)]
pub struct Waker {
    shared: Arc<Shared>,
}

impl Waker {
    /// What is waited for may be there.
    pub fn wake(&self) {
        self.shared.changed.notify(usize::MAX);
    }
}

/// A run that is under way, from [`Control::begin`] until it is dropped.
#[must_use = "the run is over when this is dropped"]
pub struct Run<'control> {
    shared: &'control Shared,
}

type OnCancel = Arc<dyn Fn() + Send + Sync>;

#[derive(Default)]
struct Shared {
    /// Never locked while anyone else's code runs.
    state: Mutex<State>,
    changed: Event,
}

#[derive(Default)]
struct State {
    cancelled: bool,
    check_now: bool,
    on_cancel: Option<OnCancel>,
}

impl Handle {
    /// Cancels the run that is under way or, if there is none, the next one: it ends with
    /// [`jellyfin_auth::Error::Cancelled`]. The runs after it are not affected. Calling this again
    /// during the same run does nothing.
    ///
    /// A run is one call of a driver's method: from its beginning (of a future: its first poll) until
    /// it returns or is dropped.
    pub fn cancel(&self) {
        let on_cancel = {
            let mut state = self.shared.lock();
            state.cancelled = true;
            state.on_cancel.take()
        };
        self.shared.changed.notify(usize::MAX);
        if let Some(on_cancel) = on_cancel {
            on_cancel();
        }
    }

    /// The user pressed "next": checks at once whether the code was approved, or whether the server
    /// is back. Never sooner than a second after the last request, and not before the end of a
    /// server's `Retry-After`. Without a wait under way it does nothing.
    pub fn check_now(&self) {
        self.shared.lock().check_now = true;
        self.shared.changed.notify(usize::MAX);
    }
}

impl Control {
    /// Without any handle yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A handle for the user.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle { shared: Arc::clone(&self.shared) }
    }

    /// What wakes the run that waits.
    #[must_use]
    pub fn waker(&self) -> Waker {
        Waker { shared: Arc::clone(&self.shared) }
    }

    /// Begins a run. One at a time: dropping it clears what its handles did.
    pub fn begin(&self) -> Run<'_> {
        Run { shared: &self.shared }
    }

    /// Begins a run that can't watch its handles while it waits for the network. `on_cancel` is called
    /// once when the user cancels it, on the thread that cancels, without any lock held. A run that was
    /// cancelled before it began doesn't call it: look at [`Run::is_cancelled`] first.
    pub fn begin_with(&self, on_cancel: impl Fn() + Send + Sync + 'static) -> Run<'_> {
        self.shared.lock().on_cancel = Some(Arc::new(on_cancel));
        self.begin()
    }
}

impl Run<'_> {
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

    /// Blocks for `delay`, until the user acts, or until `event` returns something: it is asked at the
    /// beginning and after each [`Waker::wake`].
    ///
    /// # Errors
    ///
    /// The [`WakeReason`] when it was not the event that ended the wait.
    pub fn wait_for<T>(
        &self,
        delay: Duration,
        mut event: impl FnMut() -> Option<T>,
    ) -> Result<T, WakeReason> {
        // A delay beyond the clock's end has no end.
        let deadline = Instant::now().checked_add(delay);
        loop {
            let listener = self.shared.changed.listen();
            if let Some(reason) = self.take_wake_reason() {
                return Err(reason);
            }
            if let Some(event) = event() {
                return Ok(event);
            }
            match deadline {
                Some(deadline) => {
                    if listener.wait_deadline(deadline).is_none() {
                        let reason = self.take_wake_reason();
                        return event().ok_or(reason.unwrap_or(WakeReason::TimeOver));
                    }
                }
                None => listener.wait(),
            }
        }
    }

    /// Resolves when the user acts; race it with a timer. Never resolves to
    /// [`WakeReason::TimeOver`]. Dropping it loses nothing.
    pub async fn wake_reason(&self) -> WakeReason {
        loop {
            let listener = self.shared.changed.listen();
            if let Some(reason) = self.take_wake_reason() {
                return reason;
            }
            listener.await;
        }
    }

    /// Resolves when the user cancels; race it with a request. It leaves a "next" for the next wait.
    pub async fn cancelled(&self) {
        loop {
            let listener = self.shared.changed.listen();
            if self.is_cancelled() {
                return;
            }
            listener.await;
        }
    }

    /// Ends the run, as dropping it does, and returns whether it was cancelled, be it at the last
    /// moment.
    #[must_use = "a run that is dropped has ended, too"]
    pub fn end(self) -> bool {
        let State { cancelled, .. } = self.shared.clear();
        // Clearing again would lose what is meant for the next run.
        mem::forget(self);
        cancelled
    }

    fn take_wake_reason(&self) -> Option<WakeReason> {
        let mut state = self.shared.lock();
        if state.cancelled {
            return Some(WakeReason::Cancel);
        }
        mem::take(&mut state.check_now).then_some(WakeReason::CheckNow)
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        drop(self.shared.clear());
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // The lock guards single assignments, which can't be left half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn clear(&self) -> State {
        mem::take(&mut *self.lock())
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

impl fmt::Debug for Waker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared.debug("Waker", f)
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared.debug("Control", f)
    }
}

impl fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared.debug("Run", f)
    }
}
