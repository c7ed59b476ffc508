use std::fmt;

use jellyfin_auth::{Device, Endpoint, Login, Machine, Password, ServerUrl, Session, Wait};
use jellyfin_auth_transport::{Control, Error, Handle, Options, Run};

use crate::{exchange::Client, run};

/// Runs sign-ins and single requests, one at a time, on the calling thread. A search asks several
/// addresses at once, each on a thread of its own, which ends with the search.
///
/// The connection to the server is kept between requests, for as long as the server does. A
/// [`Handle`] cancels one run or presses "next" in it, from any other thread.
///
/// ```no_run
/// use jellyfin_auth::{Device, DeviceFields, DeviceId, ServerUrl};
/// use jellyfin_auth_ureq::Driver;
///
/// let server = ServerUrl::parse("https://media.example.com")?;
/// let device = Device::new(DeviceFields {
///     client: "My Player",
///     version: "1.0",
///     name: "Living room",
///     id: DeviceId::new("f2f1c8a4")?, // chosen once per account, and kept with its session
/// })?;
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
    control: Control,
}

impl Driver {
    /// A driver with the default options.
    #[must_use]
    pub fn new() -> Self {
        Self::with_options(Options::new())
    }

    /// A driver that connects with these options.
    #[must_use]
    pub fn with_options(options: Options) -> Self {
        Self { client: Client::new(options), control: Control::new() }
    }

    /// Connects as `options` say from now on: with a certificate that the user trusts by now, for one. The
    /// connection that was kept is closed; its handles stay.
    pub fn set_options(&mut self, options: Options) {
        self.client = Client::new(options);
    }

    /// A handle of the next run: it cancels that one or presses "next" in it, from any thread.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.control.handle()
    }

    /// Runs a machine to its end: a [`Login`], a [`Discovery`](jellyfin_auth::Discovery), a
    /// [`SessionCheck`](jellyfin_auth::SessionCheck), a [`SignOut`](jellyfin_auth::SignOut).
    ///
    /// # Errors
    ///
    /// [`Error`]: what the machine ended with, or what must be put right in the configuration.
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
    /// [`Error`]: what the machine ended with, or what must be put right in the configuration.
    pub fn run_with<M: Machine>(
        &mut self,
        machine: M,
        on_wait: impl FnMut(&Wait),
    ) -> Result<M::Output, Error> {
        self.cancellable(|client, run| run::run(client, run, machine, on_wait))
    }

    /// Sends a single request and reads its response. A request that may not be sent twice goes on a
    /// fresh connection.
    ///
    /// # Errors
    ///
    /// [`Error`]: what the response means, [`NoAnswer`](jellyfin_auth::Error::NoAnswer) when there is
    /// none, or what must be put right in the configuration.
    pub fn call<E: Endpoint>(&mut self, endpoint: &E) -> Result<E::Output, Error> {
        self.cancellable(|client, run| run::call(client, run, endpoint))
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

    /// Does `work`, during which the handles can cancel it.
    fn cancellable<T>(
        &mut self,
        work: impl FnOnce(&mut Client, &Run) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Self { client, control } = self;
        let run = control.begin_with(client.shutdown());
        let result = work(client, &run);
        if run.end() {
            client.reset();
        }
        result
    }
}

impl Default for Driver {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").field("control", &self.control).finish_non_exhaustive()
    }
}
