//! Finding the server that a user means.

mod flow;

use std::sync::Arc;

use crate::{
    Device, Policy, ServerInfo, ServerUrl, ServerUrlError, errand::Errand,
    machine::machine_by_errand,
};
use flow::DiscoveryFlow;

/// Finds the server that a user means: a [`Machine`](crate::Machine) that ends with a [`Server`].
///
/// Asks the [`candidates`](ServerUrl::candidates) in turn, each once; a server that is starting is
/// waited for. A redirect to https or to the server's base path is followed. When no candidate is a
/// Jellyfin server, the error is [`Error::NoServer`](crate::Error::NoServer) with what each said, the
/// one that tells most first.
///
/// To ask several addresses at once, run one `Discovery` of a single address
/// ([`at`](Self::at)) for each.
#[derive(Debug)]
pub struct Discovery {
    errand: Errand<DiscoveryFlow>,
}

/// A server that was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Server {
    /// Where it is.
    pub url: ServerUrl,
    /// Who it is.
    pub info: ServerInfo,
}

impl Discovery {
    /// Looks for what the user typed. `device` names the program in the `User-Agent`.
    ///
    /// # Errors
    ///
    /// [`ServerUrlError`] when that can't be an address.
    pub fn new(typed: &str, device: Device) -> Result<Self, ServerUrlError> {
        Ok(Self::of(ServerUrl::candidates(typed)?, device))
    }

    /// Looks at a single address.
    #[must_use]
    pub fn at(url: ServerUrl, device: Device) -> Self {
        Self::of(vec![url], device)
    }

    fn of(candidates: Vec<ServerUrl>, device: Device) -> Self {
        Self { errand: Errand::new(DiscoveryFlow::new(candidates, device), Arc::default()) }
    }

    /// Sets how patient the search is; `retries` don't count here. Call it before the first
    /// [`poll`](Self::poll).
    #[must_use]
    pub fn with_policy(mut self, policy: impl Into<Arc<Policy>>) -> Self {
        self.errand.set_policy(policy.into());
        self
    }

    /// The address that is being asked.
    #[must_use]
    pub fn server_url(&self) -> &ServerUrl {
        self.errand.flow().server()
    }
}

machine_by_errand!(Discovery, Server);
