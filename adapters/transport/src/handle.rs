use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use event_listener::{Event, Listener as _};

/// The user's hand on a driver, from any thread: gives up, or asks for a look right now.
///
/// Clones share one driver. A handle that outlives its driver does nothing.
#[derive(Clone)]
pub struct Handle {
    shared: Arc<Shared>,
}

/// The driver's side of its [`Handle`]s.
pub struct Signals {
    shared: Arc<Shared>,
}

/// What ended a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a driver that handles these three is complete")]
pub enum Woken {
    /// The time is over.
    TimeUp,
    /// [`Handle::check_now`]: tell the machine.
    CheckNow,
    /// [`Handle::cancel`]: tell the machine.
    Cancelled,
}

/// While it lives, [`Handle::cancel`] calls a function of the driver's; see [`Signals::on_cancel`].
#[must_use = "dropping the guard takes the function away"]
pub struct CancelGuard<'signals> {
    shared: &'signals Shared,
}

type Hook = Arc<dyn Fn() + Send + Sync>;

#[derive(Default)]
struct Shared {
    cancelled: AtomicBool,
    check_now: AtomicBool,
    changed: Event,
    /// Never locked while anyone else's code runs.
    hook: Mutex<Option<Hook>>,
}

impl Handle {
    /// Gives up, for good: what runs now and everything that is run later ends with
    /// [`jellyfin_auth::Error::Cancelled`]. Calling it again does nothing.
    pub fn cancel(&self) {
        self.shared.cancelled.store(true, Ordering::SeqCst);
        // Taken before the driver wakes up, which takes it away when its run ends.
        let hook = self.shared.hook().take();
        self.shared.changed.notify(usize::MAX);
        if let Some(hook) = hook {
            hook();
        }
    }

    /// The user pressed "next": looks at once whether the code was approved, or whether the server
    /// is back. Never sooner than a second after the last request, and not while a server's
    /// `Retry-After` holds. Without a wait under way it does nothing.
    pub fn check_now(&self) {
        self.shared.check_now.store(true, Ordering::SeqCst);
        self.shared.changed.notify(usize::MAX);
    }
}

impl Signals {
    /// Signals that nobody gave yet.
    #[must_use]
    pub fn new() -> Self {
        Self { shared: Arc::default() }
    }

    /// A handle for the user.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle { shared: Arc::clone(&self.shared) }
    }

    /// Whether the user gave up.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.shared.cancelled.load(Ordering::SeqCst)
    }

    /// Forgets a "next" that was pressed while nothing was waited for. Call it when a wait begins,
    /// before the user's code hears of the wait.
    pub fn begin_wait(&self) {
        self.shared.check_now.store(false, Ordering::SeqCst);
    }

    /// Blocks for `delay`, or until a signal comes.
    #[must_use]
    pub fn wait(&self, delay: Duration) -> Woken {
        // A delay beyond the clock's end has no end.
        let deadline = Instant::now().checked_add(delay);
        loop {
            let listener = self.shared.changed.listen();
            if let Some(woken) = self.shared.take() {
                return woken;
            }
            match deadline {
                Some(deadline) => {
                    if listener.wait_deadline(deadline).is_none() {
                        return self.shared.take().unwrap_or(Woken::TimeUp);
                    }
                }
                None => listener.wait(),
            }
        }
    }

    /// Resolves when a signal comes; race it with a timer. Never resolves to [`Woken::TimeUp`].
    /// Dropping it loses no signal.
    pub async fn signalled(&self) -> Woken {
        loop {
            let listener = self.shared.changed.listen();
            if let Some(woken) = self.shared.take() {
                return woken;
            }
            listener.await;
        }
    }

    /// Resolves when the user gives up; race it with a request. It leaves a "next" for the next
    /// wait.
    pub async fn cancelled(&self) {
        loop {
            let listener = self.shared.changed.listen();
            if self.is_cancelled() {
                return;
            }
            listener.await;
        }
    }

    /// Has `hook` called once when the user gives up while the guard lives; at once if the user
    /// already has. It is called on the thread that cancels, without any lock held.
    pub fn on_cancel(&self, hook: impl Fn() + Send + Sync + 'static) -> CancelGuard<'_> {
        *self.shared.hook() = Some(Arc::new(hook));
        let guard = CancelGuard { shared: &self.shared };
        if self.is_cancelled() {
            let hook = self.shared.hook().take();
            if let Some(hook) = hook {
                hook();
            }
        }
        guard
    }
}

impl Shared {
    fn take(&self) -> Option<Woken> {
        if self.cancelled.load(Ordering::SeqCst) {
            return Some(Woken::Cancelled);
        }
        self.check_now.swap(false, Ordering::SeqCst).then_some(Woken::CheckNow)
    }

    fn hook(&self) -> std::sync::MutexGuard<'_, Option<Hook>> {
        // The lock guards one assignment, which can't be left half done.
        self.hook.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for CancelGuard<'_> {
    fn drop(&mut self) {
        let hook = self.shared.hook().take();
        drop(hook);
    }
}

impl Default for Signals {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared.debug("Handle", f)
    }
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared.debug("Signals", f)
    }
}

impl fmt::Debug for CancelGuard<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared.debug("CancelGuard", f)
    }
}

impl Shared {
    fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("cancelled", &self.cancelled.load(Ordering::SeqCst))
            .finish_non_exhaustive()
    }
}
