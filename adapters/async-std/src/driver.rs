use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use http::Response;
use jellyfin_auth::{Device, Endpoint, Login, Machine, Password, ServerUrl, Session, Wait};
use jellyfin_auth_transport::{
    Control, Error, Handle, Options, Outgoing, TransportError, WipedBytes, call_endpoint,
    run_machine,
};

use crate::{
    exchange::{Client, IdleConnection},
    runtime,
};

/// Runs sign-ins and single requests, one at a time, as futures. A search asks several addresses at
/// once, in the same future.
///
/// The futures are `Send` when the machine and the closure are, run on any executor and spawn no
/// task. Dropping one closes its connection at once, wherever it was; the driver can be used again.
///
/// The connection to the server is kept between requests, for as long as the server does. A
/// [`Handle`] cancels one run or presses "next" in it, from any thread.
///
/// ```no_run
/// use jellyfin_auth::{Device, DeviceFields, DeviceId, ServerUrl};
/// use jellyfin_auth_async_std::Driver;
///
/// # async fn sign_in() -> Result<(), Box<dyn std::error::Error>> {
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
/// }).await?;
/// println!("Signed in as {}", session.user().id);
/// # Ok(())
/// # }
/// ```
pub struct Driver {
    client: Client,
    control: Control,
    idle: Option<IdleConnection>,
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
        Self { client: Client::new(options), control: Control::new(), idle: None }
    }

    /// Connects as `options` say from now on: with a certificate that the user trusts by now, for one. The
    /// connection that was kept is closed; its handles stay.
    pub fn set_options(&mut self, options: Options) {
        self.client = Client::new(options);
        self.idle = None;
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
    /// [`Error`]: what the machine ended with, or what must be put right in the configuration.
    pub async fn run_with<M: Machine>(
        &mut self,
        machine: M,
        on_wait: impl FnMut(&Wait),
    ) -> Result<M::Output, Error> {
        let run = self.control.begin();
        // When the future is dropped, so is the connection.
        let idle = Mutex::new(self.idle.take());
        let send = |outgoing| send(&self.client, &idle, outgoing);
        let result = run_machine(&run, machine, on_wait, send, runtime::sleep).await;
        self.idle = take(&idle).filter(|_| !run.end());
        result
    }

    /// Sends a single request and reads its response. A request that may not be sent twice goes on a
    /// fresh connection.
    ///
    /// # Errors
    ///
    /// [`Error`]: what the response means, [`NoAnswer`](jellyfin_auth::Error::NoAnswer) when there is
    /// none, or what must be put right in the configuration.
    pub async fn call<E: Endpoint>(&mut self, endpoint: &E) -> Result<E::Output, Error> {
        let run = self.control.begin();
        let idle = Mutex::new(self.idle.take());
        let send = |outgoing| send(&self.client, &idle, outgoing);
        let result = call_endpoint(&run, endpoint, send).await;
        self.idle = take(&idle).filter(|_| !run.end());
        result
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

/// Sends a request on the idle connection, if it is good, and leaves its own there.
async fn send(
    client: &Client,
    idle: &Mutex<Option<IdleConnection>>,
    Outgoing { request, limits, event, is_concurrent }: Outgoing,
) -> Result<Response<WipedBytes>, TransportError> {
    let (client, mut connection) =
        if is_concurrent { (client.another(), None) } else { (client.clone(), take(idle)) };
    let result = client.send(request, limits, event, &mut connection).await;
    if connection.is_some() {
        *idle.lock().unwrap_or_else(PoisonError::into_inner) = connection;
    }
    result
}

fn take(idle: &Mutex<Option<IdleConnection>>) -> Option<IdleConnection> {
    idle.lock().unwrap_or_else(PoisonError::into_inner).take()
}
