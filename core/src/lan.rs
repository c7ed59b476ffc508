//! Finding servers on the local network: one UDP datagram, and what answers it.
//!
//! Send [`QUESTION`] to port [`PORT`] by broadcast or to a single host. Every Jellyfin server that
//! hears it answers with a datagram that [`Announcement::read`] reads; administrators can switch that
//! off (protocol facts, section 11a). Sockets are the driver's business.
//!
//! An announcement isn't proof of anything: whoever is on the network can send one. Let
//! [`Discovery::at`](crate::Discovery::at) look at the address before a person is asked for a
//! password.
//!
//! ```
//! use jellyfin_auth::lan::Announcement;
//!
//! let datagram = br#"{"Address":"http://192.0.2.7:8096","Id":"713dc3fe952b438f","Name":"nas","EndpointAddress":null}"#;
//! let found = Announcement::read(datagram).expect("a server's answer");
//! assert_eq!(found.address.as_str(), "http://192.0.2.7:8096");
//! ```

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

/// What a server says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Announcement {
    /// Where the server thinks that it can be reached from here.
    pub address: ServerUrl,
    /// The server's id: 1 to 128 characters.
    pub id: String,
    /// The server's name, if present. Control characters are replaced.
    pub name: Option<String>,
}

impl Announcement {
    /// Reads a datagram. `None` for anything that no server sends.
    #[must_use]
    pub fn read(datagram: &[u8]) -> Option<Self> {
        let Object(properties) = serde_json::from_slice(datagram).ok()?;
        let Properties { address, id, name } = properties;
        Some(Self { address: ServerUrl::parse(&address).ok()?, id: id?, name })
    }

    /// Reads a datagram into `found`, where each server stands once. `false` for garbage and for a
    /// server that was there already.
    pub fn collect(found: &mut Vec<Self>, datagram: &[u8]) -> bool {
        match Self::read(datagram) {
            Some(new) if found.iter().all(|known| known.id != new.id) => {
                found.push(new);
                true
            }
            _ => false,
        }
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
