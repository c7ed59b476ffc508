//! What a driver is to the suite.

use std::{
    fmt,
    future::{Future, poll_fn},
    iter,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    task::{Poll, Waker},
};

use jellyfin_auth::{Failure, Login, Session, Wait};

use super::kept::Kept;

/// A driver under test.
///
/// A blocking driver runs the login on the calling thread and hands its handle to
/// [`Controls::obey`]:
///
/// ```
/// # use jellyfin_auth::{Login, Session};
/// # use jellyfin_auth_testkit::conformance::{Command, Controls, Driver, Ended, Environment};
/// # #[derive(Clone)] struct Handle;
/// # impl Handle { fn cancel(&self) {} fn check_now(&self) {} }
/// # struct Blocking;
/// # impl Blocking {
/// #     fn new(_: &Environment) -> Self { Self }
/// #     fn handle(&self) -> Handle { Handle }
/// #     fn run(&self, login: Login, show: impl FnMut(&jellyfin_auth::Wait))
/// #         -> Result<Session, jellyfin_auth::Error> { unreachable!() }
/// # }
/// struct MyDriver;
///
/// impl Driver for MyDriver {
///     fn name(&self) -> String {
///         "mine".to_owned()
///     }
///
///     fn run(&self, login: Login, environment: &Environment, controls: &Controls)
///         -> Result<Session, Ended>
///     {
///         let driver = Blocking::new(environment);
///         let handle = driver.handle();
///         controls.obey(move |command| match command {
///             Command::Cancel => handle.cancel(),
///             Command::CheckNow => handle.check_now(),
///         });
///         driver.run(login, |wait| controls.show(wait)).map_err(Ended::from)
///     }
/// }
/// ```
///
/// An async driver blocks on its future, wrapped in [`Controls::until_cancelled`], which drops the
/// future when the suite cancels.
pub trait Driver: Send + Sync + 'static {
    /// What to call it.
    fn name(&self) -> String;

    /// Runs `login` to its end on the calling thread, in this environment and no other: a proxy that
    /// the process's environment names is not used.
    ///
    /// # Errors
    ///
    /// How it ended without a session.
    fn run(
        &self,
        login: Login,
        environment: &Environment,
        controls: &Controls,
    ) -> Result<Session, Ended>;

    /// Makes a driver as an app keeps it, from one run to the next. Without it, the rules about those and
    /// about single requests are left out.
    ///
    /// # Errors
    ///
    /// When it can't run in this environment.
    fn keep(&self, _: &Environment) -> Option<Result<Kept, Ended>> {
        None
    }

    /// Whether this driver reports this failure wherever that is what happened. Otherwise what is also true
    /// will do, such as [`Failure::Tls`] for a certificate that isn't trusted.
    fn is_exact(&self, _: Failure) -> bool {
        false
    }
}

/// What a driver is given beside the login.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Environment {
    /// The certificates to trust, as PEM, one or more: an authority's, or a server's own.
    pub root_certificate: Option<String>,
    /// The proxy to use for everything: `http://127.0.0.1:40123`.
    pub proxy: Option<String>,
}

/// How a login ended without a session.
#[derive(Clone, Debug)]
pub enum Ended {
    /// The login ended so.
    Login {
        /// The error that the login ended with.
        error: jellyfin_auth::Error,
        /// The cause that the driver's error names as its source.
        source: Option<String>,
        /// All that the driver's error can show: its text and its `Debug`, and those of its causes.
        shown: String,
    },
    /// The future was dropped.
    Dropped,
    /// The driver can't run in this environment.
    SetUp(String),
}

impl From<jellyfin_auth::Error> for Ended {
    fn from(error: jellyfin_auth::Error) -> Self {
        Self::of(Some(&error), &error)
    }
}

impl Ended {
    /// What a driver's error is to the suite: `login` is the core's error in it, if there is one.
    #[must_use]
    pub fn of(
        login: Option<&jellyfin_auth::Error>,
        error: &(dyn std::error::Error + 'static),
    ) -> Self {
        let Some(login) = login else { return Self::SetUp(error.to_string()) };
        let causes = iter::successors(Some(error), |error| error.source());
        let shown: Vec<_> = causes.map(|error| format!("{error} {error:?}")).collect();
        let source = error.source().map(ToString::to_string);
        Self::Login { error: login.clone(), source, shown: shown.join("\n") }
    }
}

/// What the suite wants of a driver while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a driver that obeys these two is complete")]
pub enum Command {
    /// Give up.
    Cancel,
    /// The user pressed "next".
    CheckNow,
}

/// How the suite reaches a driver that runs, and how the driver shows its waits to the suite.
#[derive(Clone)]
pub struct Controls {
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    cancelled: bool,
    obedient: Option<Arc<dyn Fn(Command) + Send + Sync>>,
    on_wait: Option<OnWait>,
    waker: Option<Waker>,
    waits: mpsc::Sender<Wait>,
}

/// What a scenario does while the driver shows a wait.
pub(super) type OnWait = Arc<dyn Fn(&Controls) + Send + Sync>;

impl Controls {
    pub(super) fn new(waits: mpsc::Sender<Wait>, on_wait: Option<OnWait>) -> Self {
        let shared = Shared { cancelled: false, obedient: None, on_wait, waker: None, waits };
        Self { shared: Arc::new(Mutex::new(shared)) }
    }

    /// Shows what the driver waits for. Call it once at the beginning of each wait.
    pub fn show(&self, wait: &Wait) {
        let on_wait = {
            let shared = self.lock();
            // A scenario that is over listens no more.
            let _ = shared.waits.send(wait.clone());
            shared.on_wait.clone()
        };
        if let Some(on_wait) = on_wait {
            on_wait(self);
        }
    }

    /// Has `handler` called, from another thread, for each command.
    pub fn obey(&self, handler: impl Fn(Command) + Send + Sync + 'static) {
        let handler: Arc<dyn Fn(Command) + Send + Sync> = Arc::new(handler);
        let mut shared = self.lock();
        shared.obedient = Some(Arc::clone(&handler));
        let cancelled = shared.cancelled;
        drop(shared);
        if cancelled {
            handler(Command::Cancel);
        }
    }

    /// Runs `future` until it is ready or the suite cancels: then it is dropped.
    ///
    /// # Errors
    ///
    /// [`Ended::Dropped`] when the suite cancelled.
    pub async fn until_cancelled<F: Future>(&self, future: F) -> Result<F::Output, Ended> {
        let mut future = pin!(future);
        poll_fn(move |context| {
            {
                let mut shared = self.lock();
                if shared.cancelled {
                    return Poll::Ready(Err(Ended::Dropped));
                }
                shared.waker = Some(context.waker().clone());
            }
            future.as_mut().poll(context).map(Ok)
        })
        .await
    }

    pub(super) fn give(&self, command: Command) {
        let mut shared = self.lock();
        let obedient = shared.obedient.clone();
        let waker = if command == Command::Cancel {
            shared.cancelled = true;
            shared.waker.take()
        } else {
            None
        };
        drop(shared);
        if let Some(handler) = obedient {
            handler(command);
        }
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Controls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Controls")
            .field("cancelled", &self.lock().cancelled)
            .finish_non_exhaustive()
    }
}
