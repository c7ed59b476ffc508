//! Finding servers on the local network: one UDP datagram, and what answers it.
//!
//! Send [`QUESTION`] to port [`PORT`] by broadcast or to a single host. Every Jellyfin server that
//! receives it answers with a datagram; [`Announcements`] collects these. Administrators can switch the
//! answers off (protocol facts, section 11a). Sockets are the driver's business.
//!
//! An announcement proves nothing: whoever is on the network can send one, with the id and the address of
//! another server. Show it to a person, and let [`Discovery::among`](crate::Discovery::among) ask its
//! [`candidates`](Announcement::candidates), before anyone types a password.
//!
//! ```
//! use jellyfin_auth::lan::Announcements;
//!
//! let datagram = br#"{"Address":"http://172.17.0.2:8096","Id":"713dc3fe952b438f","Name":"nas"}"#;
//! let mut announcements = Announcements::new();
//! announcements.handle(datagram, "192.0.2.7:7359".parse()?);
//!
//! let found = announcements.into_vec();
//! assert_eq!(found[0].to_string(), "http://172.17.0.2:8096 from 192.0.2.7 (nas)");
//! let candidates = found[0].candidates();
//! assert_eq!(candidates[0].as_str(), "http://172.17.0.2:8096");
//! assert_eq!(candidates[1].as_str(), "http://192.0.2.7:8096");
//! # Ok::<(), std::net::AddrParseError>(())
//! ```

mod announcements;

pub use announcements::Announcements;

use core::net::{IpAddr, SocketAddr};
use std::fmt;

use serde::Deserialize;

use crate::{
    ServerUrl,
    endpoint::{Object, lenient},
};

/// The UDP port that servers listen on.
pub const PORT: u16 = 7359;

/// The datagram that asks who is there.
pub const QUESTION: &[u8] = b"Who is JellyfinServer?";

/// The longest datagram that is worth receiving, in bytes: real answers have some 150.
pub const LONGEST_DATAGRAM: usize = 4096;

/// What a server announces about itself, and where that came from.
///
/// It is displayed with the address before the name, since anybody can take any name, and with the
/// sender where that is another host: `http://172.17.0.2:8096 from 192.0.2.7 (nas)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Announcement {
    /// The server's id: 1 to 128 characters that can be seen.
    pub id: String,
    /// The server's name, if present, [fit to be shown](crate::User::name).
    pub name: Option<String>,
    /// What is announced: several guesses where it has no scheme, never none.
    announced: Vec<ServerUrl>,
    sender: IpAddr,
}

impl Announcement {
    /// Reads a datagram that was received from `sender`. `None` for anything that no server sends.
    #[must_use]
    pub fn read(datagram: &[u8], sender: SocketAddr) -> Option<Self> {
        let Object(properties) = serde_json::from_slice(datagram).ok()?;
        let Properties { address, id, name } = properties;
        let announced = ServerUrl::candidates(&address).ok()?;
        Some(Self { id: id?, name, announced, sender: sender.ip().to_canonical() })
    }

    /// Where the server thinks that it can be reached, to be shown: `http://192.0.2.7:8096`, or
    /// `192.0.2.7:8096` when it announces no scheme.
    #[must_use]
    pub fn address(&self) -> &str {
        match &self.announced[..] {
            [complete] => complete.as_str(),
            guesses => {
                guesses.first().map_or("", |guess| guess.as_str().trim_start_matches("https://"))
            }
        }
    }

    /// The host that the announcement came from.
    #[must_use]
    pub fn sender(&self) -> IpAddr {
        self.sender
    }

    /// Where the server may be, for [`Discovery::among`](crate::Discovery::among), the better ones first:
    /// what it announces, then the same at the sender's address, since a server in a container announces
    /// an address that nobody else can reach. Both are [guesses](ServerUrl::candidates) where no scheme is
    /// announced.
    ///
    /// A sender with a link-local IPv6 address (`fe80::…`) adds nothing: that address is none without the
    /// network interface, which a URL can't have.
    #[must_use]
    pub fn candidates(&self) -> Vec<ServerUrl> {
        let mut candidates = self.announced.clone();
        if matches!(self.sender, IpAddr::V6(sender) if sender.is_unicast_link_local()) {
            return candidates;
        }
        for announced in &self.announced {
            let scheme = if announced.is_encrypted() { "https" } else { "http" };
            let sender = SocketAddr::new(self.sender, announced.port());
            let there = format!("{scheme}://{sender}{}", announced.base_path());
            candidates.extend(
                ServerUrl::from_exact(&there).ok().filter(|there| !self.announced.contains(there)),
            );
        }
        candidates
    }

    /// Whether both are of the same server: an id alone is easily copied.
    fn is_same_server(&self, other: &Self) -> bool {
        self.id == other.id && self.announced == other.announced && self.sender == other.sender
    }
}

impl fmt::Display for Announcement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.address())?;
        let host = self.announced.first().map_or("", ServerUrl::host);
        if host.trim_matches(['[', ']']).parse() != Ok(self.sender) {
            write!(f, " from {}", self.sender)?;
        }
        self.name.iter().try_for_each(|name| write!(f, " ({name})"))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Properties {
    #[serde(alias = "address")]
    address: String,
    #[serde(alias = "id", deserialize_with = "lenient::id")]
    id: Option<String>,
    #[serde(alias = "name", default, deserialize_with = "lenient::text")]
    name: Option<String>,
}
