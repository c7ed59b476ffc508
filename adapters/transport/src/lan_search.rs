use std::{
    io,
    net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket},
    time::Duration,
};

use if_addrs::IfAddr;
use jellyfin_auth::lan;

/// How to look for servers on the local network.
///
/// ```
/// use std::time::Duration;
/// use jellyfin_auth_transport::LanSearch;
///
/// let thorough = LanSearch::new().time(Duration::from_secs(10));
/// let one_host = LanSearch::new().ask("192.0.2.7:7359".parse()?);
/// # drop((thorough, one_host));
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct LanSearch {
    time: Duration,
    ask: Vec<SocketAddr>,
}

impl LanSearch {
    /// Asks every network that this machine is on, by broadcast, and collects for three seconds.
    #[must_use]
    pub fn new() -> Self {
        Self { time: Duration::from_secs(3), ask: Vec::new() }
    }

    /// Collects answers for this long.
    #[must_use]
    pub fn time(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// Asks this address instead of the networks; it can be given several times.
    #[must_use]
    pub fn ask(mut self, address: SocketAddr) -> Self {
        self.ask.push(address);
        self
    }

    /// For drivers: how long to collect. The question is asked at the beginning and once more in the
    /// middle, since datagrams get lost.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.time
    }

    /// For drivers: the sockets to ask from, each with whom to ask.
    ///
    /// There is one for each IPv4 network of this machine, since a broadcast leaves by one interface
    /// alone, and one for all else.
    ///
    /// # Errors
    ///
    /// When not a single socket can be made.
    pub fn sockets(&self) -> io::Result<Vec<(UdpSocket, Vec<SocketAddr>)>> {
        let plans = if self.ask.is_empty() { networks() } else { addresses(&self.ask) };
        let mut last = None;
        let mut sockets = Vec::new();
        for (from, to) in plans {
            match open(from) {
                Ok(socket) => sockets.push((socket, to)),
                Err(error) => last = Some(error),
            }
        }
        match last {
            Some(error) if sockets.is_empty() => Err(error),
            _ => Ok(sockets),
        }
    }
}

impl Default for LanSearch {
    fn default() -> Self {
        Self::new()
    }
}

type Plan = (SocketAddr, Vec<SocketAddr>);

/// All broadcast addresses, each asked from its own interface.
fn networks() -> Vec<Plan> {
    let everyone = SocketAddr::from((Ipv4Addr::BROADCAST, lan::PORT));
    let mut plans = vec![(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)), vec![everyone])];
    // Without a list of interfaces the system's default one is left.
    for interface in if_addrs::get_if_addrs().unwrap_or_default() {
        let IfAddr::V4(address) = interface.addr else { continue };
        if address.ip.is_loopback() {
            continue;
        }
        let own = address.broadcast.map(|to| SocketAddrV4::new(to, lan::PORT).into());
        let to = own.into_iter().chain([everyone]).collect();
        plans.push((SocketAddr::from((address.ip, 0)), to));
    }
    plans
}

/// Given addresses, asked from one socket for each family.
fn addresses(ask: &[SocketAddr]) -> Vec<Plan> {
    let (v4, v6): (Vec<_>, Vec<_>) = ask.iter().copied().partition(SocketAddr::is_ipv4);
    [(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)), v4), ("[::]:0".parse().expect("any port"), v6)]
        .into_iter()
        .filter(|(_, to)| !to.is_empty())
        .collect()
}

fn open(from: SocketAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(from)?;
    if from.is_ipv4() {
        socket.set_broadcast(true)?;
    }
    Ok(socket)
}
