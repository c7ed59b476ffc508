mod collecting;

pub use collecting::CollectingLanSearch;

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket},
    time::Duration,
};

use if_addrs::IfAddr;
use jellyfin_auth::lan::{self, Announcements};

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
    /// The longest time that answers are collected for: an hour.
    pub const MAX_TIME: Duration = Duration::from_secs(60 * 60);

    /// Asks every network that this machine is on, by broadcast, and collects for three seconds.
    #[must_use]
    pub fn new() -> Self {
        Self { time: Duration::from_secs(3), ask: Vec::new() }
    }

    /// Collects answers for this long, at most for [`MAX_TIME`](Self::MAX_TIME). The question is asked at
    /// the beginning and once more in the middle, since datagrams get lost.
    #[must_use]
    pub fn time(mut self, time: Duration) -> Self {
        self.time = time.min(Self::MAX_TIME);
        self
    }

    /// Asks this address instead of the networks; it can be given several times. Only hosts that were
    /// asked may answer, unless one of the addresses is a broadcast or a multicast.
    #[must_use]
    pub fn ask(mut self, address: SocketAddr) -> Self {
        self.ask.push(address);
        self
    }

    /// For drivers: opens the sockets, without asking yet.
    ///
    /// There is one for each IPv4 network of this machine, since a broadcast leaves by one interface
    /// alone, and one for all else.
    ///
    /// # Errors
    ///
    /// When not a single socket can be made.
    pub fn start(&self) -> io::Result<CollectingLanSearch> {
        let interfaces = interfaces();
        let (plans, announcements) = if self.ask.is_empty() {
            (networks(&interfaces), Announcements::new())
        } else if self.ask.iter().any(|asked| is_for_many(asked.ip(), &interfaces)) {
            (addresses(&self.ask), Announcements::new())
        } else {
            (addresses(&self.ask), Announcements::of(&self.ask))
        };
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
            _ => Ok(CollectingLanSearch::new(sockets, announcements, self.time)),
        }
    }
}

impl Default for LanSearch {
    fn default() -> Self {
        Self::new()
    }
}

type Plan = (SocketAddr, Vec<SocketAddr>);

/// An IPv4 address of this machine, and the broadcast address of its network.
type Interface = (Ipv4Addr, Option<Ipv4Addr>);

/// Without a list of interfaces the system's default one is left.
fn interfaces() -> Vec<Interface> {
    let all = if_addrs::get_if_addrs().unwrap_or_default().into_iter();
    let v4 = all.filter_map(|interface| match interface.addr {
        IfAddr::V4(address) => Some((address.ip, address.broadcast)),
        IfAddr::V6(_) => None,
    });
    v4.filter(|(ip, _)| !ip.is_loopback()).collect()
}

/// Whether what is sent there may be answered from another address.
fn is_for_many(asked: IpAddr, interfaces: &[Interface]) -> bool {
    asked.is_multicast()
        || asked.is_unspecified()
        || asked == Ipv4Addr::BROADCAST
        || interfaces.iter().filter_map(|(_, broadcast)| *broadcast).any(|many| asked == many)
}

/// All broadcast addresses, each asked from its own interface.
fn networks(interfaces: &[Interface]) -> Vec<Plan> {
    let everyone = SocketAddr::from((Ipv4Addr::BROADCAST, lan::PORT));
    let mut plans = vec![(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)), vec![everyone])];
    for (ip, broadcast) in interfaces {
        let own = broadcast.map(|to| SocketAddrV4::new(to, lan::PORT).into());
        let to = own.into_iter().chain([everyone]).collect();
        plans.push((SocketAddr::from((*ip, 0)), to));
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

/// Nothing here waits: when to read is the driver's business.
fn open(from: SocketAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(from)?;
    socket.set_nonblocking(true)?;
    if from.is_ipv4() {
        socket.set_broadcast(true)?;
    }
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_is_asked_from_its_own_interface_and_all_of_them_from_any() {
        let address = |text: &str| text.parse::<SocketAddr>().expect("an address");
        let everyone = address("255.255.255.255:7359");
        let ppp = [192, 0, 2, 77].into();

        let plans =
            networks(&[([192, 0, 2, 5].into(), Some([192, 0, 2, 255].into())), (ppp, None)]);

        let expected: [Plan; 3] = [
            (address("0.0.0.0:0"), vec![everyone]),
            (address("192.0.2.5:0"), vec![address("192.0.2.255:7359"), everyone]),
            (address("192.0.2.77:0"), vec![everyone]),
        ];
        assert_eq!(plans, expected);
    }

    #[test]
    fn given_addresses_are_asked_from_any_interface() {
        let [v4, v6] = ["192.0.2.7:7359", "[2001:db8::7]:7359"].map(str::parse);
        let (v4, v6): (SocketAddr, SocketAddr) = (v4.expect("one"), v6.expect("one"));

        let plans = addresses(&[v6, v4]);

        let from = plans.iter().map(|(from, to)| (from.ip().is_unspecified(), to.clone()));
        assert_eq!(from.collect::<Vec<_>>(), [(true, vec![v4]), (true, vec![v6])]);
    }

    #[test]
    fn this_machine_alone_is_no_network() {
        assert!(interfaces().iter().all(|(ip, _)| !ip.is_loopback()));
    }

    #[test]
    fn a_broadcast_may_be_answered_by_everybody() {
        let interfaces = [([192, 0, 2, 5].into(), Some([192, 0, 2, 255].into()))];
        for (asked, expected) in [
            ("255.255.255.255", true),
            ("192.0.2.255", true),
            ("224.0.0.1", true),
            ("ff02::1", true),
            ("0.0.0.0", true),
            ("::", true),
            ("192.0.2.5", false),
            ("198.51.100.255", false),
            ("127.0.0.1", false),
            ("fe80::1", false),
        ] {
            let asked: IpAddr = asked.parse().expect("an address");
            assert_eq!(is_for_many(asked, &interfaces), expected, "{asked}");
        }
    }
}
