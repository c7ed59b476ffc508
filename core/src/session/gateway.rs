//! What lets the session's requests past a gateway.

use super::Session;
use crate::GatewayHeaders;

impl Session {
    /// The same session with other headers for the gateways in front of its addresses, in place of those
    /// that it had: after a gateway's own session has run out, or for an address that was added.
    ///
    /// ```
    /// # use jellyfin_auth::{GatewayHeaderError, Session};
    /// fn renew_cookie(session: Session, cookie: &str) -> Result<Session, GatewayHeaderError> {
    ///     let mut headers = session.gateway_headers().clone();
    ///     headers.remove(session.server());
    ///     headers.add(session.server(), "Cookie", cookie)?;
    ///     Ok(session.with_gateway_headers(headers))
    /// }
    /// ```
    #[must_use]
    pub fn with_gateway_headers(mut self, headers: GatewayHeaders) -> Self {
        self.gateway_headers = headers;
        self
    }

    /// The headers for the gateways in front of the session's addresses. Every request to such an address
    /// needs them: images, media and web sockets too.
    #[must_use]
    pub fn gateway_headers(&self) -> &GatewayHeaders {
        &self.gateway_headers
    }
}
