use core::net::{IpAddr, SocketAddr};

use super::Announcement;

/// What answers a question to the local network: each server once, in the order of the answers.
///
/// Servers are told apart by id *and* address, announced and real: two servers can have one id, and whoever
/// copies an id doesn't hide the server that it belongs to. However much arrives, no more than
/// [`MAX`](Self::MAX) are kept, and a host that sends more leaves room for the others.
#[derive(Clone, Debug, Default)]
pub struct Announcements {
    /// Everybody, when empty.
    hosts: Vec<SocketAddr>,
    found: Vec<Announcement>,
}

impl Announcements {
    /// The most that are kept.
    pub const MAX: usize = 64;

    /// Of whoever answers: for a question that was sent by broadcast.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Only of these hosts, from whatever port: for a question that was sent to them alone. Without any
    /// it is as [`new`](Self::new).
    #[must_use]
    pub fn of(hosts: &[SocketAddr]) -> Self {
        Self { hosts: hosts.to_vec(), found: Vec::new() }
    }

    /// Takes a datagram that was received from `sender`. `false` when it changes nothing: garbage, a
    /// server that is there already, a host that wasn't asked, one too many.
    pub fn handle(&mut self, datagram: &[u8], sender: SocketAddr) -> bool {
        if !self.hosts.is_empty() && !self.hosts.iter().any(|asked| is_same_host(asked, &sender)) {
            return false;
        }
        match Announcement::read(datagram, sender) {
            Some(new) if self.found.iter().all(|known| !known.is_same_server(&new)) => {
                self.keep(new)
            }
            _ => false,
        }
    }

    /// The announcements, in the order in which they arrived.
    #[must_use]
    pub fn into_vec(self) -> Vec<Announcement> {
        self.found
    }

    fn keep(&mut self, new: Announcement) -> bool {
        if self.found.len() >= Self::MAX {
            let own = self.count(new.sender());
            // In a flood nearly all ends here: whoever sends most needs no count of the others.
            if Self::MAX - own <= own + 1 {
                return false;
            }
            let most = self.found.iter().map(|known| self.count(known.sender())).max();
            if most <= Some(own + 1) {
                return false;
            }
            let last =
                self.found.iter().rposition(|known| Some(self.count(known.sender())) == most);
            last.map(|last| self.found.remove(last));
        }
        self.found.push(new);
        true
    }

    fn count(&self, sender: IpAddr) -> usize {
        self.found.iter().filter(|known| known.sender() == sender).count()
    }
}

/// A link-local IPv6 address is another host's on another network interface.
fn is_same_host(asked: &SocketAddr, sender: &SocketAddr) -> bool {
    let scope = |address: &SocketAddr| match address {
        SocketAddr::V6(address) => address.scope_id(),
        SocketAddr::V4(_) => 0,
    };
    asked.ip().to_canonical() == sender.ip().to_canonical()
        && (scope(asked) == 0 || scope(asked) == scope(sender))
}
