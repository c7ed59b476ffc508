use super::{Content, Visitor};
use crate::{
    Device, GatewayHeaders, HttpResponse, ServerInfo, ServerUrl, Session,
    endpoint::{Authentication, GetServerInfo},
    reply::is_marked,
    trusted_certificates::TrustedCertificates,
};

/// Where a flow goes to, as whom, and what it knows of the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    pub(crate) server: ServerUrl,
    pub(crate) device: Device,
    pub(crate) gateway_headers: GatewayHeaders,
    /// Known once the server was probed.
    pub(crate) info: Option<Box<ServerInfo>>,
    /// A response from this origin had the server's marker, so that all of the server's own have it.
    pub(crate) sets_marker: bool,
    /// What the session will trust.
    pub(crate) trusted: TrustedCertificates,
}

impl Target {
    pub(crate) fn new(server: ServerUrl, device: Device) -> Self {
        Self {
            server,
            device,
            gateway_headers: GatewayHeaders::default(),
            trusted: TrustedCertificates::default(),
            info: None,
            sets_marker: false,
        }
    }

    /// Records whether a response has the server's marker.
    pub(crate) fn record_marker(&mut self, response: &dyn HttpResponse) {
        self.sets_marker = self.sets_marker || is_marked(response);
    }

    /// Goes to another address from here on. What stands in front of another origin may hide the
    /// marker.
    pub(super) fn adopt(&mut self, server: ServerUrl) {
        if !self.server.has_same_origin(&server) {
            self.sets_marker = false;
        }
        self.server = server;
    }

    /// Shows the probe's request to `visitor`.
    pub(super) fn visit_get_server_info<V: Visitor>(&self, visitor: V) -> V::Result {
        let endpoint = GetServerInfo { server: &self.server, device: &self.device };
        visitor.visit(&endpoint, |info| Content::ServerInfo(info.into()))
    }

    /// The session that an authentication leads to.
    pub(super) fn session(&self, authentication: Authentication) -> Session {
        let session = authentication
            .into_session(self.server.clone(), self.device.clone())
            .with_gateway_headers(self.gateway_headers.clone())
            .with_trusted(self.trusted.clone());
        match &self.info {
            Some(info) => session.with_server_info(info),
            None => session,
        }
    }
}
