use jellyfin_auth::ServerUrl;

/// Scheme https, this host, this port: what a trusted certificate and a client certificate belong to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Origin {
    /// In lower case; an IPv6 address comes in brackets.
    host: String,
    port: u16,
}

impl Origin {
    /// `None` for an address without encryption.
    pub(crate) fn of_server(server: &ServerUrl) -> Option<Self> {
        server.is_encrypted().then(|| Self::new(server.host(), server.port()))
    }

    pub(super) fn new(host: &str, port: u16) -> Self {
        Self { host: host.to_ascii_lowercase(), port }
    }

    /// The host without brackets.
    pub(super) fn name(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    /// As an address for people and for [`Options::trust`](crate::Options::trust); `None` for a host that no
    /// server can have.
    pub(super) fn url(&self) -> Option<ServerUrl> {
        ServerUrl::from_exact(&format!("https://{}:{}", self.host, self.port)).ok()
    }
}
