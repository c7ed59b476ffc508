use std::{
    fmt,
    time::{Duration, Instant},
};

use jellyfin_auth::{
    Device, Endpoint, Login, Machine, Password, ServerUrl, Session, Step, Timestamp, Wait,
};
use jellyfin_auth_transport::{Error, Handle, Journal, Limits, Options, Signals, Verdict, Woken};

use crate::exchange::Client;

/// Runs sign-ins and single requests, one at a time, on the calling thread.
///
/// The connection to the server is kept between requests, for as long as the server does. A
/// [`Handle`] cancels the driver or presses "next" from any other thread.
///
/// ```no_run
/// use jellyfin_auth::{Device, DeviceId, ServerUrl};
/// use jellyfin_auth_ureq::Driver;
///
/// let server = ServerUrl::parse("https://media.example.com")?;
/// let device = Device::new("My Player", "1.0", "Living room", DeviceId::new("f2f1c8a4")?)?;
///
/// let mut driver = Driver::new();
/// let session = driver.sign_in_with_quick_connect(server, device, |wait| {
///     if let Some(code) = wait.code() {
///         println!("Type {code} into Quick Connect in an app that is signed in");
///     }
/// })?;
/// println!("Signed in as {}", session.user().id);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Driver {
    client: Client,
    signals: Signals,
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
        Self { client: Client::new(options), signals: Signals::new() }
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
    pub fn run<M: Machine>(&mut self, machine: M) -> Result<M::Output, Error> {
        self.run_with(machine, |_| {})
    }

    /// Runs a machine to its end and calls `on_wait` at the beginning of each wait: with the Quick
    /// Connect code to show, and with why it waits.
    ///
    /// `on_wait` is called on this thread, and the wait is counted from before the call.
    ///
    /// # Errors
    ///
    /// [`Error`]: what the machine ended with, or what must be set up first.
    pub fn run_with<M: Machine>(
        &mut self,
        mut machine: M,
        mut on_wait: impl FnMut(&Wait),
    ) -> Result<M::Output, Error> {
        let Self { client, signals } = self;
        let _guard = signals.on_cancel(client.shutdown());
        let start = Instant::now();
        let mut journal = Journal::of_run::<M>();
        let mut verdict = Verdict::new();
        loop {
            if signals.is_cancelled() {
                machine.cancel();
            }
            match machine.poll(Timestamp::new(start.elapsed())) {
                Err(error) => return journal.end(Err(verdict.end(error))),
                Ok(Step::Done(output)) => return journal.end(Ok(output)),
                Ok(Step::Wait(wait)) => {
                    let begun = Instant::now();
                    signals.begin_wait();
                    journal.waiting(&wait);
                    on_wait(&wait);
                    journal.woken(sit_out(signals, &mut machine, begun, wait.delay()));
                }
                Ok(Step::Send(request)) => {
                    let limits = Limits::of_request(&request);
                    let (request, ticket) = request.into_parts();
                    let answer = client.send(request, limits, &mut journal);
                    // A request that was cut by cancelling may look complete.
                    if signals.is_cancelled() {
                        continue;
                    }
                    let told = match answer {
                        Ok(answer) => {
                            verdict.answered();
                            machine.handle_response(ticket, answer)
                        }
                        Err(error) => machine.handle_failure(ticket, verdict.failed(error)),
                    };
                    told.expect("the machine waits for the ticket that it has just handed out");
                }
                Ok(Step::Pending) => {
                    // Only for a machine that came with a request of somebody else's under way.
                    let _ = signals.wait(PENDING);
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
    pub fn call<E: Endpoint>(&mut self, endpoint: &E) -> Result<E::Output, Error> {
        let Self { client, signals } = self;
        let _guard = signals.on_cancel(client.shutdown());
        let mut journal = Journal::of_call::<E>();
        if signals.is_cancelled() {
            return journal.end(Err(Verdict::cancelled()));
        }
        let limits = Limits::of_endpoint(endpoint);
        let answer = client.send(endpoint.request(), limits, &mut journal);
        if signals.is_cancelled() {
            return journal.end(Err(Verdict::cancelled()));
        }
        journal.end(match answer {
            Ok(answer) => endpoint.read(&answer).map_err(Error::from),
            Err(error) => Err(Verdict::no_answer(error)),
        })
    }

    /// Signs in by user name and password.
    ///
    /// # Errors
    ///
    /// [`Error`], such as [`BadCredentials`](jellyfin_auth::Error::BadCredentials).
    pub fn sign_in_with_password(
        &mut self,
        server: ServerUrl,
        device: Device,
        user_name: impl Into<String>,
        password: impl Into<Password>,
    ) -> Result<Session, Error> {
        self.run(Login::password(server, device, user_name, password)?)
    }

    /// Signs in by Quick Connect: `on_wait` shows the code.
    ///
    /// # Errors
    ///
    /// [`Error`], such as [`CodeExpired`](jellyfin_auth::Error::CodeExpired).
    pub fn sign_in_with_quick_connect(
        &mut self,
        server: ServerUrl,
        device: Device,
        on_wait: impl FnMut(&Wait),
    ) -> Result<Session, Error> {
        self.run_with(Login::quick_connect(server, device), on_wait)
    }
}

/// How often a machine is asked whose request somebody else is to answer.
const PENDING: Duration = Duration::from_secs(1);

/// Waits for `delay` from `begun`, or until the user wants something that ends the wait.
fn sit_out<M: Machine>(
    signals: &Signals,
    machine: &mut M,
    begun: Instant,
    delay: Duration,
) -> Woken {
    loop {
        match signals.wait(delay.saturating_sub(begun.elapsed())) {
            // Refused while a server's `Retry-After` holds.
            Woken::CheckNow if !machine.check_now() => {}
            woken => return woken,
        }
    }
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
