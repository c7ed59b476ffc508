use std::{fmt, time::Duration};

use super::Error;
use crate::{Failure, ServerUrl};

/// One address that was tried, and what came of it. Its `Display` is a line for people.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Attempt {
    /// The address.
    pub url: ServerUrl,
    /// Why no server was found there.
    pub error: Error,
    /// From the first request to this outcome.
    pub response_time: Duration,
}

impl Attempt {
    /// Names that end so aren't looked up by a name server, but by asking the local network (RFC 6762).
    fn needs_mdns(&self) -> bool {
        let name = self.url.host().trim_end_matches('.');
        matches!(self.error, Error::NoAnswer { failure: Failure::HostNotFound })
            && name.to_ascii_lowercase().ends_with(".local")
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, error, .. } = self;
        if self.needs_mdns() {
            return write!(
                f,
                "{url}: names that end in .local need mDNS, and this system can't look them up: use the \
                 server's IP address"
            );
        }
        write!(f, "{url}: {error}")
    }
}
