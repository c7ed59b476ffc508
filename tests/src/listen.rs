//! The fake server on a socket of the loopback interface, for drivers and for other programs' tests.

mod connection;

use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use http::Request;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use crate::{
    fake_server::{ApproveError, FakeServer},
    raw_server::{Identity, KeptPort},
};

/// A [`FakeServer`] that listens on 127.0.0.1 until it is dropped.
///
/// Its time is the real one, and what was [`advance`](Self::advance)d besides.
///
/// ```
/// use jellyfin_auth_testkit::fake_server::{FakeServer, Version};
///
/// let mut server = FakeServer::new(Version::V12);
/// server.add_user("alice", "correct horse");
/// let listening = server.listen()?;
///
/// println!("sign in to {}", listening.url());
/// assert_eq!(listening.requests().len(), 0);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Listening {
    address: SocketAddr,
    shared: Arc<Shared>,
    running: Option<Running>,
    /// Its port while it is paused.
    kept: Option<KeptPort>,
}

/// What connections work on.
struct Shared {
    server: Mutex<FakeServer>,
    requests: Mutex<Vec<Request<Vec<u8>>>>,
    begun: Instant,
    advanced: Mutex<Duration>,
    tls: Option<TlsAcceptor>,
}

struct Running {
    stop: oneshot::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl FakeServer {
    /// Listens on a port of the system's choosing. The server's address and its caller's become those
    /// of the socket.
    ///
    /// # Errors
    ///
    /// When the system has no port to give.
    pub fn listen(self) -> io::Result<Listening> {
        self.listen_on(0)
    }

    /// Listens on this port: the one of a server that was [stopped](Listening::stop), for instance.
    ///
    /// # Errors
    ///
    /// When the port is taken.
    pub fn listen_on(self, port: u16) -> io::Result<Listening> {
        Listening::begin(self, port, None)
    }

    /// Listens with TLS, on a port of the system's choosing. Certificates come from
    /// [`Identity`] and [`Authority`](crate::raw_server::Authority).
    ///
    /// # Errors
    ///
    /// When the system has no port to give.
    pub fn listen_tls(self, identity: &Identity) -> io::Result<Listening> {
        let acceptor = TlsAcceptor::from(Arc::new(identity.server_config()));
        Listening::begin(self, 0, Some(acceptor))
    }
}

impl Listening {
    fn begin(mut server: FakeServer, port: u16, tls: Option<TlsAcceptor>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let settings = server.settings_mut();
        settings.local_address = url(address, tls.is_some());
        settings.caller_address = Ipv4Addr::LOCALHOST.to_string();
        let shared = Arc::new(Shared {
            server: Mutex::new(server),
            requests: Mutex::default(),
            begun: Instant::now(),
            advanced: Mutex::default(),
            tls,
        });
        let running = Running::start(listener, &shared)?;
        Ok(Self { address, shared, running: Some(running), kept: None })
    }

    /// The same server at another address, as one that is reached at home and from outside. Each can be
    /// [paused](Self::pause) without the other; [`requests`](Self::requests) shows what came by both.
    ///
    /// # Errors
    ///
    /// When the system has no port to give.
    pub fn at_another_address(&self) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let (address, shared) = (listener.local_addr()?, Arc::clone(&self.shared));
        let running = Running::start(listener, &shared)?;
        Ok(Self { address, shared, running: Some(running), kept: None })
    }

    /// Where it listens, such as `http://127.0.0.1:40123`; without the server's base URL.
    #[must_use]
    pub fn url(&self) -> String {
        url(self.address, self.shared.tls.is_some())
    }

    /// The port that it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The socket's address.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The server, to look at it or to change it. It answers nothing while the guard lives.
    pub fn server(&self) -> MutexGuard<'_, FakeServer> {
        lock(&self.shared.server)
    }

    /// What has arrived so far, in order. Headers that hold tokens are marked as sensitive.
    #[must_use]
    pub fn requests(&self) -> Vec<Request<Vec<u8>>> {
        lock(&self.shared.requests).clone()
    }

    /// Lets time pass for the server.
    pub fn advance(&self, time: Duration) {
        let mut advanced = lock(&self.shared.advanced);
        *advanced = advanced.saturating_add(time);
    }

    /// The server's time.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.shared.now()
    }

    /// Approves a Quick Connect code as `user`, from a second device.
    ///
    /// # Errors
    ///
    /// As [`FakeServer::approve`].
    pub fn approve(&self, code: &str, user: &str) -> Result<(), ApproveError> {
        let now = self.now();
        self.server().approve(now, code, user)
    }

    /// Closes the port and every connection: connecting is refused until [`resume`](Self::resume). Time
    /// goes on, and the server's state stays; a restart is [`FakeServer::restart`].
    pub fn pause(&mut self) {
        if self.running.is_some() {
            self.close();
            // Nobody else gets the port, such as a test that runs beside this one.
            self.kept = KeptPort::at(self.address).ok();
        }
    }

    /// Listens again, on the same port; does nothing when it does already.
    ///
    /// # Errors
    ///
    /// When the port was taken meanwhile.
    pub fn resume(&mut self) -> io::Result<()> {
        if self.running.is_none() {
            self.kept = None;
            let listener = TcpListener::bind(self.address)?;
            self.running = Some(Running::start(listener, &self.shared)?);
        }
        Ok(())
    }

    fn close(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop();
        }
    }

    /// Stops listening, closes every connection, and gives the server back as it is.
    #[must_use]
    pub fn stop(mut self) -> FakeServer {
        self.close();
        self.server().clone()
    }
}

impl Running {
    fn start(listener: TcpListener, shared: &Arc<Shared>) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(shared);
        let thread = thread::Builder::new().name("fake Jellyfin".to_owned()).spawn(move || {
            runtime.spawn(connection::accept(listener, shared));
            // Dropping the runtime behind this closes every socket.
            let _ = runtime.block_on(stopped);
        })?;
        Ok(Self { stop, thread })
    }

    fn stop(self) {
        drop(self.stop);
        // A panic over there has printed its message already.
        let _ = self.thread.join();
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.close();
    }
}

impl fmt::Debug for Listening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listening").field("url", &self.url()).finish_non_exhaustive()
    }
}

impl Shared {
    fn now(&self) -> Duration {
        self.begun.elapsed() + *lock(&self.advanced)
    }
}

fn url(address: SocketAddr, is_secure: bool) -> String {
    let scheme = if is_secure { "https" } else { "http" };
    format!("{scheme}://{address}")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
