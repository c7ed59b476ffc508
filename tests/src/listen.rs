//! The fake server on a socket of the loopback interface, for drivers and for other programs' tests.

use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};
use tokio_rustls::TlsAcceptor;

use crate::{fake_server::FakeServer, raw_server::Identity};

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
    scheme: &'static str,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

struct Shared {
    server: Mutex<FakeServer>,
    requests: Mutex<Vec<Request<Vec<u8>>>>,
    begun: Instant,
    advanced: Mutex<Duration>,
}

impl FakeServer {
    /// Listens on a port of the system's choosing.
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

    /// Listens with TLS, on a port of the system's choosing.
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
    fn begin(server: FakeServer, port: u16, tls: Option<TlsAcceptor>) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            server: Mutex::new(server),
            requests: Mutex::default(),
            begun: Instant::now(),
            advanced: Mutex::default(),
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let world = Arc::clone(&shared);
        let thread = thread::Builder::new().name("fake Jellyfin".to_owned()).spawn(move || {
            // Dropping the runtime at the end closes every connection.
            runtime.block_on(accept_until(stopped, listener, tls, world));
        })?;
        Ok(Self { address, scheme, shared, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// The port that it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The server, to look at it or to change it. It answers nothing while the guard lives.
    pub fn server(&self) -> MutexGuard<'_, FakeServer> {
        lock(&self.shared.server)
    }

    /// What has arrived so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Request<Vec<u8>>> {
        lock(&self.shared.requests).clone()
    }

    /// Lets time pass for the server.
    pub fn advance(&self, time: Duration) {
        *lock(&self.shared.advanced) += time;
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
    pub fn approve(&self, code: &str, user: &str) -> Result<(), crate::fake_server::ApproveError> {
        let now = self.now();
        self.server().approve(now, code, user)
    }

    /// Stops listening, closes every connection, and gives the server back as it is.
    #[must_use]
    pub fn stop(mut self) -> FakeServer {
        self.end();
        self.server().clone()
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic over there has told its story already.
            let _ = thread.join();
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.end();
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

    fn answer(&self, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
        let now = self.now();
        let response = lock(&self.server).handle(now, &request);
        lock(&self.requests).push(request);
        response
    }
}

async fn accept_until(
    stopped: oneshot::Receiver<()>,
    listener: std::net::TcpListener,
    tls: Option<TlsAcceptor>,
    shared: Arc<Shared>,
) {
    let listener = TcpListener::from_std(listener).expect("the socket was made non-blocking");
    let accepting = async {
        loop {
            // A client that is gone before it was accepted is none of the others' business.
            let Ok((stream, _)) = listener.accept().await else { continue };
            let (tls, shared) = (tls.clone(), Arc::clone(&shared));
            tokio::spawn(async move { serve(stream, tls, shared).await });
        }
    };
    tokio::select! {
        _ = stopped => {}
        () = accepting => {}
    }
}

async fn serve(stream: TcpStream, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    // Answers are written in one piece: waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    match tls {
        None => talk(stream, shared).await,
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                talk(stream, shared).await;
            }
        }
    }
}

async fn talk(stream: impl AsyncRead + AsyncWrite + Unpin, shared: Arc<Shared>) {
    let service = service_fn(move |request| answer(request, Arc::clone(&shared)));
    // The other side may break the connection off at any time.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(
    request: Request<Incoming>,
    shared: Arc<Shared>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await?.to_bytes().to_vec();
    let response = shared.answer(Request::from_parts(parts, body));
    Ok(response.map(|body| Full::new(Bytes::from(body))))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
