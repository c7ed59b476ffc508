use http::{Request, Uri, header, uri::Scheme};
use jellyfin_auth::Failure;

use crate::{Options, Route, Tls, TlsPeer, TransportError};

/// For drivers: where a request goes in the end, and by which way. A connection serves requests with the
/// same one, and no others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    encrypted: bool,
    /// An IPv6 address comes in brackets.
    host: String,
    port: u16,
    via: Option<(String, u16)>,
}

impl Target {
    /// Where a request for `uri` goes by this way.
    ///
    /// # Errors
    ///
    /// When `uri` has no host.
    pub fn new(uri: &Uri, route: &Route) -> Result<Self, TransportError> {
        let encrypted = uri.scheme() == Some(&Scheme::HTTPS);
        let host = uri.host().unwrap_or_default();
        if host.is_empty() {
            return Err(TransportError::new(Failure::Other, "the request's address has no host"));
        }
        let port = uri.port_u16().unwrap_or(default_port(encrypted));
        let via = match route {
            Route::Direct => None,
            Route::Proxy(proxy) => Some((proxy.host().to_owned(), proxy.port())),
        };
        Ok(Self { encrypted, host: host.to_ascii_lowercase(), port, via })
    }

    /// Finds out where `request` goes, and adds the header for a proxy that isn't asked for a tunnel.
    ///
    /// # Errors
    ///
    /// When its URI has no host, or the environment names a proxy that can't be used.
    pub fn prepare<B>(
        request: &mut Request<B>,
        options: &Options,
    ) -> Result<(Self, Route), TransportError> {
        let route = options.route(request.uri())?;
        let target = Self::new(request.uri(), &route)?;
        if let Route::Proxy(proxy) = &route {
            if let (false, Some(authorization)) = (target.encrypted, proxy.authorization()) {
                request.headers_mut().insert(header::PROXY_AUTHORIZATION, authorization.clone());
            }
        }
        Ok((target, route))
    }

    /// Whether TLS is spoken with the server.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// Whom to connect to, the server or a proxy: a name, or an address without brackets, and a port.
    #[must_use]
    pub fn connects_to(&self) -> (&str, u16) {
        let (host, port) =
            self.via.as_ref().map_or((&self.host, self.port), |(host, port)| (host, *port));
        (bare(host), port)
    }

    /// How TLS is spoken with the server; `None` without encryption.
    ///
    /// # Errors
    ///
    /// As [`Tls::peer`].
    pub fn tls(&self, tls: &Tls) -> Result<Option<TlsPeer>, TransportError> {
        self.encrypted.then(|| tls.peer(&self.host, self.port)).transpose()
    }

    /// The server's host and port: what a proxy is asked for a tunnel to.
    #[must_use]
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The value of a `Host` header: without the scheme's own port.
    #[must_use]
    pub fn host_header(&self) -> String {
        if self.port == default_port(self.encrypted) { self.host.clone() } else { self.authority() }
    }

    /// Scheme, host and port: what precedes the path in a request line for a proxy.
    #[must_use]
    pub fn origin(&self) -> String {
        let scheme = if self.encrypted { "https" } else { "http" };
        format!("{scheme}://{}", self.host_header())
    }
}

fn default_port(encrypted: bool) -> u16 {
    if encrypted { 443 } else { 80 }
}

/// A host without the brackets of an IPv6 address.
fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}
