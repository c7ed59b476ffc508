use std::fmt;

use http::{HeaderName, HeaderValue, Uri, header};
use jellyfin_auth::ServerUrl;

use crate::ConfigError;

/// Headers that the sign-in or the connection sets itself, or that would change what an answer means.
const RESERVED: [HeaderName; 16] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::AUTHORIZATION,
    header::CONNECTION,
    header::CONTENT_ENCODING,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::EXPECT,
    header::HOST,
    header::PROXY_AUTHORIZATION,
    header::RANGE,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::USER_AGENT,
];
const RESERVED_NAMES: [&str; 2] = ["keep-alive", "proxy-connection"];
/// Older carriers of the token and the device: a server would take them for the sign-in's own.
const RESERVED_PREFIXES: [&str; 2] = ["x-emby-", "x-mediabrowser-"];

/// A header for what stands in front of one server.
#[derive(Clone)]
pub(crate) struct ExtraHeader {
    server: ServerUrl,
    name: HeaderName,
    value: HeaderValue,
}

impl ExtraHeader {
    pub(crate) fn new(server: &ServerUrl, name: &str, value: &str) -> Result<Self, ConfigError> {
        let name: HeaderName = name.parse().map_err(|_| ConfigError::BadHeaderName)?;
        if is_reserved(&name) {
            return Err(ConfigError::ReservedHeader { name: name.to_string() });
        }
        let mut value = HeaderValue::from_str(value)
            .map_err(|_| ConfigError::BadHeaderValue { name: name.to_string() })?;
        value.set_sensitive(true);
        Ok(Self { server: server.clone(), name, value })
    }

    /// Adds the header if `request` goes to its server: the same origin, or https on the same host
    /// after http.
    pub(crate) fn add_to<B>(&self, request: &mut http::Request<B>) {
        if self.is_meant_for(request.uri()) {
            request.headers_mut().append(&self.name, self.value.clone());
        }
    }

    fn is_meant_for(&self, uri: &Uri) -> bool {
        let encrypted = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return false,
        };
        let port = uri.port_u16().unwrap_or(if encrypted { 443 } else { 80 });
        let same_host =
            uri.host().is_some_and(|host| host.eq_ignore_ascii_case(self.server.host()));
        let same_origin = encrypted == self.server.is_encrypted() && port == self.server.port();
        let upgrade = encrypted && !self.server.is_encrypted();
        same_host && (same_origin || upgrade)
    }
}

fn is_reserved(name: &HeaderName) -> bool {
    RESERVED.contains(name)
        || RESERVED_NAMES.contains(&name.as_str())
        || RESERVED_PREFIXES.iter().any(|prefix| name.as_str().starts_with(prefix))
}

impl fmt::Debug for ExtraHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { server, name, value: _ } = self;
        f.debug_struct("ExtraHeader")
            .field("server", server)
            .field("name", name)
            .finish_non_exhaustive()
    }
}
