use std::{
    fmt,
    time::{Duration, Instant},
};

use futures_lite::future;
use http::{Request, Response};
use jellyfin_auth::{
    Device, Endpoint, Login, Machine, Password, ServerUrl, Session, Step, Timestamp, Wait,
};
use jellyfin_auth_transport::{
    Error, Handle, Journal, Limits, Options, Signals, TransportError, Verdict, Woken,
};

use crate::{
    exchange::{Client, Kept},
    runtime,
};

/// Runs sign-ins and single requests, one at a time, as futures.
///
/// The futures are `Send` when the machine and the closure are, run on any executor and spawn no
/// task. Dropping one closes its connection at once, wherever it was; the driver can be used again.
///
/// The connection to the server is kept between requests, for as long as the server does. A
/// [`Handle`] cancels the driver or presses "next" from any thread.
///
/// ```no_run
/// use jellyfin_auth::{Device, DeviceId, ServerUrl};
/// use jellyfin_auth_async_std::Driver;
///
/// # async fn sign_in() -> Result<(), Box<dyn std::error::Error>> {
/// let server = ServerUrl::parse("https://media.example.com")?;
/// let device = Device::new("My Player", "1.0", "Living room", DeviceId::new("f2f1c8a4")?)?;
///
/// let mut driver = Driver::new();
/// let session = driver.sign_in_with_quick_connect(server, device, |wait| {
///     if let Some(code) = wait.code() {
///         println!("Type {code} into Quick Connect in an app that is signed in");
///     }
/// }).await?;
/// println!("Signed in as {}", session.user().id);
/// # Ok(())
/// # }
/// ```
pub struct Driver {
    client: Client,
    signals: Signals,
    kept: Option<Kept>,
}

impl Driver {
    /// A driver with the default options.
    #[must_use]
    pub fn new() -> Self {
        Self::with_options(Options::new())
    }

    /// A driver that connects as `options` say.
    #[must_use]
    pub fn with_options(options: Options) -> Self {
        Self { client: Client::new(options), signals: Signals::new(), kept: None }
    }

    /// A handle that cancels this driver or presses "next", from any thread.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.signals.handle()
    }

    /// Runs a machine to its end: a [`Login`], a [`Discovery`](jellyfin_auth::Discovery), a
    /// [`SessionCheck`](jellyfin_auth::SessionCheck).
    ///
    /// # Errors
    ///
    /// [`Error`]: what the machine ended with, or what must be set up first.
    pub async fn run<M: Machine>(&mut self, machine: M) -> Result<M::Output, Error> {
        self.run_with(machine, |_| {}).await
    }

    /// Runs a machine to its end and calls `on_wait` at the beginning of each wait: with the Quick
    /// Connect code to show, and with why it waits.
    ///
    /// `on_wait` is called by whoever polls the future, and the wait is counted from before the call.
    ///
    /// # Errors
    ///
    /// [`Error`]: what the machine ended with, or what must be set up first.
    pub async fn run_with<M: Machine>(
        &mut self,
        mut machine: M,
        mut on_wait: impl FnMut(&Wait),
    ) -> Result<M::Output, Error> {
        let Self { client, signals, kept: at_rest } = self;
        // With the future that runs the machine, the connection goes as well.
        let mut kept = at_rest.take();
        let start = Instant::now();
        let mut journal = Journal::of_run::<M>();
        let mut verdict = Verdict::new();
        loop {
            if signals.is_cancelled() {
                machine.cancel();
                kept = None;
            }
            match machine.poll(Timestamp::new(start.elapsed())) {
                Err(error) => {
                    *at_rest = kept;
                    return journal.end(Err(verdict.end(error)));
                }
                Ok(Step::Done(output)) => {
                    *at_rest = kept;
                    return journal.end(Ok(output));
                }
                Ok(Step::Wait(wait)) => {
                    let begun = Instant::now();
                    signals.begin_wait();
                    journal.waiting(&wait);
                    on_wait(&wait);
                    journal.woken(sit_out(signals, &mut machine, begun, wait.delay()).await);
                }
                Ok(Step::Send(request)) => {
                    let limits = Limits::of_request(&request);
                    let (request, ticket) = request.into_parts();
                    let answer =
                        ask(client, signals, &mut journal, request, limits, &mut kept).await;
                    let told = match answer {
                        Some(Ok(answer)) => {
                            verdict.answered();
                            machine.handle_response(ticket, answer)
                        }
                        Some(Err(error)) => machine.handle_failure(ticket, verdict.failed(error)),
                        None => continue,
                    };
                    told.expect("the machine waits for the ticket that it has just handed out");
                }
                Ok(Step::Pending) => {
                    // Only for a machine that came with a request of somebody else's under way.
                    let _ = wait(signals, PENDING).await;
                }
            }
        }
    }

    /// Sends a single request and reads its answer.
    ///
    /// # Errors
    ///
    /// [`Error`]: what the answer means, [`NoAnswer`](jellyfin_auth::Error::NoAnswer) when none came,
    /// or what must be set up first.
    pub async fn call<E: Endpoint>(&mut self, endpoint: &E) -> Result<E::Output, Error> {
        let Self { client, signals, kept: at_rest } = self;
        let mut kept = at_rest.take();
        let limits = Limits::of_endpoint(endpoint);
        let mut journal = Journal::of_call::<E>();
        let request = endpoint.request();
        let answer = ask(client, signals, &mut journal, request, limits, &mut kept).await;
        journal.end(match answer {
            Some(Ok(answer)) => {
                *at_rest = kept;
                endpoint.read(&answer).map_err(Error::from)
            }
            Some(Err(error)) => Err(Verdict::no_answer(error)),
            None => Err(Verdict::cancelled()),
        })
    }

    /// Signs in by user name and password.
    ///
    /// # Errors
    ///
    /// [`Error`], such as [`BadCredentials`](jellyfin_auth::Error::BadCredentials).
    pub async fn sign_in_with_password(
        &mut self,
        server: ServerUrl,
        device: Device,
        user_name: impl Into<String>,
        password: impl Into<Password>,
    ) -> Result<Session, Error> {
        let login = Login::password(server, device, user_name, password)?;
        self.run(login).await
    }

    /// Signs in by Quick Connect: `on_wait` shows the code.
    ///
    /// # Errors
    ///
    /// [`Error`], such as [`CodeExpired`](jellyfin_auth::Error::CodeExpired).
    pub async fn sign_in_with_quick_connect(
        &mut self,
        server: ServerUrl,
        device: Device,
        on_wait: impl FnMut(&Wait),
    ) -> Result<Session, Error> {
        self.run_with(Login::quick_connect(server, device), on_wait).await
    }
}

/// How often a machine is asked whose request somebody else is to answer.
const PENDING: Duration = Duration::from_secs(1);

/// Sends `request`; `None` when the driver was cancelled before the whole answer was there.
async fn ask(
    client: &Client,
    signals: &Signals,
    journal: &mut Journal,
    request: Request<Vec<u8>>,
    limits: Limits,
    kept: &mut Option<Kept>,
) -> Option<Result<Response<Vec<u8>>, TransportError>> {
    let given_up = async {
        signals.cancelled().await;
        None
    };
    // Boxed, so that the futures of a driver stay small enough to be handed around.
    let answer = Box::pin(client.send(request, limits, journal, kept));
    future::or(given_up, async { Some(answer.await) }).await
}

/// Waits for `delay` from `begun`, or until the user wants something that ends the wait.
async fn sit_out<M: Machine>(
    signals: &Signals,
    machine: &mut M,
    begun: Instant,
    delay: Duration,
) -> Woken {
    loop {
        match wait(signals, delay.saturating_sub(begun.elapsed())).await {
            // Refused while a server's `Retry-After` holds.
            Woken::CheckNow if !machine.check_now() => {}
            woken => return woken,
        }
    }
}

async fn wait(signals: &Signals, delay: Duration) -> Woken {
    let time_up = async {
        runtime::sleep(delay).await;
        Woken::TimeUp
    };
    future::or(signals.signalled(), time_up).await
}

impl Default for Driver {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").field("signals", &self.signals).finish_non_exhaustive()
    }
}
