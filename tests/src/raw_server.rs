//! A server for what no HTTP library would send: it does what a script says, byte by byte, on a real
//! socket of the loopback interface, and keeps what arrived and when sockets closed.
//!
//! ```
//! use std::{io::{Read, Write}, net::TcpStream};
//! use jellyfin_auth_testkit::raw_server::{Conduct, Move};
//!
//! let server = Conduct::new(|_| vec![Move::send("HTTP/1.1 599 Odd\r\n\r\ncut"), Move::Reset]).start();
//!
//! let mut client = TcpStream::connect(server.address())?;
//! client.write_all(b"GET /odd HTTP/1.1\r\nHost: nas\r\n\r\n")?;
//! assert!(client.read_to_end(&mut Vec::new()).is_err());
//! assert_eq!(server.traffic().requests()[0].target(), "/odd");
//! # Ok::<(), std::io::Error>(())
//! ```

mod connection;
mod dead_end;
mod moves;
#[cfg(not(feature = "listen"))]
mod no_tls;
mod request;
mod stream;
#[cfg(feature = "listen")]
mod tls;
mod traffic;
pub mod wire;

pub(crate) use connection::CLOSE_NOTIFY_LENGTH;
pub use dead_end::{FullBacklog, KeptPort, refused_port};
pub use moves::Move;
#[cfg(not(feature = "listen"))]
pub(crate) use no_tls::Authority;
pub use request::RawRequest;
#[cfg(feature = "listen")]
pub use tls::{Authority, Identity};
pub use traffic::{Closed, ConnectionRecord, Traffic};

use connection::Over;
use stream::Stream;

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

type Greeting = Box<dyn Fn(usize) -> Vec<Move> + Send + Sync>;
type Answering = Box<dyn Fn(&RawRequest) -> Vec<Move> + Send + Sync>;
/// Asks the second argument, at times, whether to go on.
type Handshake = Box<
    dyn Fn(TcpStream, &dyn Fn() -> Result<(), Over>) -> Result<Box<dyn Stream>, Over> + Send + Sync,
>;

/// How a [`RawServer`] behaves.
pub struct Conduct {
    greeting: Greeting,
    answering: Answering,
    tls: Option<Handshake>,
    longest_body: usize,
    host: IpAddr,
    receive_buffer: Option<usize>,
}

impl Conduct {
    /// Makes the moves that `answering` gives for each request, in order.
    ///
    /// After the last of them the next request is read from the same connection, unless the moves
    /// ended it.
    #[must_use]
    pub fn new(answering: impl Fn(&RawRequest) -> Vec<Move> + Send + Sync + 'static) -> Self {
        Self {
            greeting: Box::new(|_| Vec::new()),
            answering: Box::new(answering),
            tls: None,
            longest_body: usize::MAX,
            host: Ipv4Addr::LOCALHOST.into(),
            receive_buffer: None,
        }
    }

    /// Makes the moves that `greeting` gives for the number of a connection (from 0) before anything
    /// is read, and before the TLS handshake.
    #[must_use]
    pub fn greeting(
        mut self,
        greeting: impl Fn(usize) -> Vec<Move> + Send + Sync + 'static,
    ) -> Self {
        self.greeting = Box::new(greeting);
        self
    }

    /// Listens on this address in place of 127.0.0.1.
    #[must_use]
    pub fn on(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// Resets a connection in the middle of a request, once this many bytes of its body have come.
    #[must_use]
    pub(crate) fn resetting_bodies_at(mut self, bytes: usize) -> Self {
        self.longest_body = bytes;
        self
    }

    /// Takes in few bytes unless they are read: a client that sends much gets stuck.
    #[must_use]
    pub(crate) fn receive_buffer(mut self, bytes: usize) -> Self {
        self.receive_buffer = Some(bytes);
        self
    }

    /// Starts to listen, on a port of the system's choosing.
    ///
    /// # Panics
    ///
    /// When the address can't be listened on; see [`try_start`](Self::try_start).
    #[must_use]
    pub fn start(self) -> RawServer {
        self.try_start().expect("a loopback address can be listened on")
    }

    /// Starts to listen, on a port of the system's choosing.
    ///
    /// # Errors
    ///
    /// When the address can't be listened on: a machine without IPv6.
    pub fn try_start(self) -> std::io::Result<RawServer> {
        let listener = TcpListener::bind((self.host, 0))?;
        if let Some(bytes) = self.receive_buffer {
            socket2::SockRef::from(&listener).set_recv_buffer_size(bytes)?;
        }
        let server = RawServer {
            address: listener.local_addr()?,
            scheme: if self.tls.is_some() { "https" } else { "http" },
            traffic: Arc::default(),
            stopped: Arc::default(),
        };
        let (traffic, stopped) = (Arc::clone(&server.traffic), Arc::clone(&server.stopped));
        let conduct = Arc::new(self);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let number = traffic.accepted();
                let (conduct, traffic) = (Arc::clone(&conduct), Arc::clone(&traffic));
                let stopped = Arc::clone(&stopped);
                thread::spawn(move || {
                    connection::serve(stream, number, &conduct, &traffic, &stopped);
                });
            }
        });
        Ok(server)
    }
}

impl fmt::Debug for Conduct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conduct").field("host", &self.host).finish_non_exhaustive()
    }
}

/// A server that does what its [`Conduct`] says, until it is dropped.
#[derive(Debug)]
pub struct RawServer {
    address: SocketAddr,
    scheme: &'static str,
    traffic: Arc<Traffic>,
    stopped: Arc<AtomicBool>,
}

impl RawServer {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address as one types it: `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_as(&match self.address.ip() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        })
    }

    /// Its address with another name for the host.
    #[must_use]
    pub fn url_as(&self, host: &str) -> String {
        format!("{}://{host}:{}", self.scheme, self.address.port())
    }

    /// What arrived until now.
    #[must_use]
    pub fn traffic(&self) -> &Arc<Traffic> {
        &self.traffic
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts; when nobody listens any more, all the better.
        drop(TcpStream::connect(self.address));
    }
}
