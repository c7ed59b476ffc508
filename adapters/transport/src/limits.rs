use std::time::Duration;

use jellyfin_auth::{Endpoint, Request};

/// For drivers: what a request may cost, whether a machine or an endpoint asked for it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long the whole exchange may take.
    pub timeout: Duration,
    /// How many bytes the answer's body may have.
    pub max_body: usize,
    /// Whether it may be sent again when a kept connection turns out to be dead.
    pub replayable: bool,
}

impl Limits {
    /// Those of a machine's request.
    #[must_use]
    pub fn of_request(request: &Request) -> Self {
        Self {
            timeout: request.timeout(),
            max_body: request.max_body(),
            replayable: request.is_replayable(),
        }
    }

    /// Those of a single request.
    #[must_use]
    pub fn of_endpoint(endpoint: &impl Endpoint) -> Self {
        Self {
            timeout: endpoint.timeout(),
            max_body: endpoint.max_body(),
            replayable: endpoint.is_replayable(),
        }
    }
}
