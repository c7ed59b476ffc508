use std::{cmp::Reverse, fmt, time::Duration};

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
    /// Puts the most telling ones first. Stable: among equals the better guess stays first.
    pub(crate) fn sort(tried: &mut [Self]) {
        tried.sort_by_key(|attempt| Reverse(how_telling(&attempt.error)));
    }

    /// Names that end so aren't looked up by a name server, but by asking the local network (RFC 6762).
    fn needs_mdns(&self) -> bool {
        let name = self.url.host().trim_end_matches('.');
        matches!(self.error, Error::NoAnswer { failure: Failure::HostNotFound })
            && name.rsplit_once('.').is_some_and(|(_, last)| last == "local")
    }
}

impl Error {
    pub(crate) fn no_server(mut tried: Vec<Attempt>) -> Self {
        Attempt::sort(&mut tried);
        Self::NoServer { tried }
    }

    /// Whether a Jellyfin server spoke.
    pub(crate) fn is_of_jellyfin(&self) -> bool {
        matches!(
            self,
            Self::ServerNotSetUp
                | Self::AddressBlocked
                | Self::ServerStarting
                | Self::ServerFault { .. }
                | Self::WrongBasePath
                | Self::DifferentServer { .. }
        )
    }
}

/// How much an error tells about where the server is.
fn how_telling(error: &Error) -> u8 {
    match error {
        error if error.is_of_jellyfin() => 6,
        // Something that may stand in front of one.
        Error::LoginGateway { .. }
        | Error::ProxyAuthentication { .. }
        | Error::ServerBusy { .. }
        | Error::Redirected { .. }
        | Error::TooManyRedirects
        | Error::Intercepted { .. }
        | Error::NoAnswer {
            failure:
                Failure::Proxy
                | Failure::Redirected
                | Failure::UntrustedCertificate
                | Failure::CertificateChanged
                | Failure::ClientCertificateRequired,
        } => 5,
        Error::NoAnswer { failure: Failure::Tls } => 4,
        Error::NoAnswer { failure: Failure::HostNotFound | Failure::NoTls } => 2,
        Error::NoAnswer { failure: Failure::Unreachable } => 1,
        Error::NoAnswer { .. } => 3,
        _ => 0,
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
