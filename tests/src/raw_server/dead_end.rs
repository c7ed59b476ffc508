//! Addresses where no connection is made.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpStream},
    sync::{Mutex, PoisonError},
};

use socket2::{Domain, Socket, Type};

/// An address that refuses every connection, as long as this process runs: nobody listens there.
///
/// # Panics
///
/// When loopback has no free port.
#[must_use]
pub fn refused_port() -> SocketAddr {
    static KEPT: Mutex<Vec<KeptPort>> = Mutex::new(Vec::new());
    let kept = KeptPort::new();
    let address = kept.address();
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
    address
}

/// A port of 127.0.0.1 that refuses connections until the server's turn, and that the system gives to
/// nobody else meanwhile.
#[derive(Debug)]
pub struct KeptPort {
    socket: Socket,
}

impl KeptPort {
    /// Any free one.
    ///
    /// # Panics
    ///
    /// When loopback has no free port.
    #[must_use]
    pub fn new() -> Self {
        Self::at((Ipv4Addr::LOCALHOST, 0).into()).expect("loopback has a free port")
    }

    /// One that a server has just left.
    pub(crate) fn at(address: SocketAddr) -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        // Its connections may still be on their way out.
        socket.set_reuse_address(true)?;
        // It never listens.
        socket.bind(&address.into())?;
        Ok(Self { socket })
    }

    /// Where nobody listens.
    ///
    /// # Panics
    ///
    /// Never: a bound socket has an address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        let address = self.socket.local_addr().ok().and_then(|address| address.as_socket());
        address.expect("a bound socket has an internet address")
    }

    /// Makes room for a server that is to listen there now.
    #[must_use = "somebody was to listen there"]
    pub fn release(self) -> u16 {
        self.address().port()
    }
}

impl Default for KeptPort {
    fn default() -> Self {
        Self::new()
    }
}

/// A listener that accepts nobody and whose queue is full: a connection to it is neither made nor
/// refused, as behind a firewall that drops packets.
#[derive(Debug)]
pub struct FullBacklog {
    address: SocketAddr,
    /// Kept open, so that the queue stays full.
    _listener: Socket,
    _queued: Vec<TcpStream>,
}

impl FullBacklog {
    /// Starts it. `None` where the system doesn't keep connections waiting when a queue is full.
    ///
    /// # Panics
    ///
    /// When loopback has no free port.
    #[must_use]
    pub fn start() -> Option<Self> {
        const LONGEST_QUEUE: usize = 16;
        let patience = std::time::Duration::from_millis(100);
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).expect("sockets can be made");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        listener.bind(&address.into()).expect("loopback has a free port");
        listener.listen(0).expect("a bound socket can listen");
        let address = listener.local_addr().expect("a listener has an address");
        let address = address.as_socket().expect("it is an internet address");
        let mut queued = Vec::new();
        while queued.len() < LONGEST_QUEUE {
            match TcpStream::connect_timeout(&address, patience) {
                Ok(stream) => queued.push(stream),
                Err(error) if error.kind() == std::io::ErrorKind::TimedOut => {
                    return Some(Self { address, _listener: listener, _queued: queued });
                }
                Err(_) => return None,
            }
        }
        None
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}
