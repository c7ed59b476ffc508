use std::fmt;

use jellyfin_auth::{Device, Endpoint, Login, Machine, Password, ServerUrl, Session, Wait};
use jellyfin_auth_transport::{Control, Error, Handle, call_endpoint, run_machine};
use reqwest::{Client, ClientBuilder, redirect, retry};
use tokio::time;

use crate::exchange::exchange;

/// Runs sign-ins and single requests, one at a time, as futures. A search asks several addresses at
/// once, in the same future.
///
/// The futures are `Send` when the machine and the closure are, and run on tokio, as reqwest does.
/// Dropping one closes its connections. A [`Handle`] cancels one run or presses "next" in it, from any
/// thread.
///
/// ```no_run
/// use jellyfin_auth::{Device, DeviceFields, DeviceId, ServerUrl};
/// use jellyfin_auth_reqwest::Driver;
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
/// let mut driver = Driver::new(reqwest::Client::builder())?;
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
}

impl Driver {
    /// A driver with a client of its own, made from `client`: its certificates, proxies, resolver and
    /// default headers hold.
    ///
    /// What would break a sign-in is switched off on it: redirects, retries, the `Referer` header,
    /// decompression, HTTP/2 and the pool of connections.
    ///
    /// # Errors
    ///
    /// What [`ClientBuilder::build`] says: no TLS can be set up, or no resolver.
    ///
    /// # Panics
    ///
    /// As [`ClientBuilder::build`] does: when reqwest has its feature `rustls-no-provider` and the
    /// program has installed no provider.
    pub fn new(client: ClientBuilder) -> reqwest::Result<Self> {
        #[cfg(feature = "cookies")]
        let client = client.cookie_store(false);
        let client = client
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .http1_only()
            // A connection for each request: see "What reqwest can't do".
            .pool_max_idle_per_host(0);
        Ok(Self { client: client.build()?, control: Control::new() })
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
    /// [`Error`]: what the machine ended with.
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
    /// [`Error`]: what the machine ended with.
    pub async fn run_with<M: Machine>(
        &mut self,
        machine: M,
        on_wait: impl FnMut(&Wait),
    ) -> Result<M::Output, Error> {
        let (run, client) = (self.control.begin(), &self.client);
        run_machine(&run, machine, on_wait, |outgoing| exchange(client, outgoing), time::sleep)
            .await
    }

    /// Sends a single request and reads its response.
    ///
    /// # Errors
    ///
    /// [`Error`]: what the response means, [`NoAnswer`](jellyfin_auth::Error::NoAnswer) when there is
    /// none.
    pub async fn call<E: Endpoint>(&mut self, endpoint: &E) -> Result<E::Output, Error> {
        let (run, client) = (self.control.begin(), &self.client);
        call_endpoint(&run, endpoint, |outgoing| exchange(client, outgoing)).await
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

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").field("control", &self.control).finish_non_exhaustive()
    }
}
