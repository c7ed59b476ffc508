use http::{Uri, uri::Scheme};
use jellyfin_auth::Failure;
use jellyfin_auth_transport::{Route, TransportError};

/// Where a request goes in the end, and by which way: a connection is reused for the same one alone.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(super) encrypted: bool,
    /// An IPv6 address comes in brackets.
    pub(super) host: String,
    pub(super) port: u16,
    via: Option<(String, u16)>,
}

impl Target {
    pub(crate) fn new(uri: &Uri, route: &Route) -> Result<Self, TransportError> {
        let encrypted = uri.scheme() == Some(&Scheme::HTTPS);
        let host = uri.host().unwrap_or_default();
        if host.is_empty() {
            return Err(TransportError::new(Failure::Other, "the request's address has no host"));
        }
        let port = uri.port_u16().unwrap_or(if encrypted { 443 } else { 80 });
        let via = match route {
            Route::Direct => None,
            Route::Proxy(proxy) => Some((proxy.host().to_owned(), proxy.port())),
        };
        Ok(Self { encrypted, host: host.to_ascii_lowercase(), port, via })
    }

    /// The value of a `Host` header: without the scheme's own port.
    pub(crate) fn host_header(&self) -> String {
        let default_port = if self.encrypted { 443 } else { 80 };
        if self.port == default_port { self.host.clone() } else { self.authority() }
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    pub(super) fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// A host without the brackets of an IPv6 address.
pub(super) fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}
