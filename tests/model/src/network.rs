use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

use http::{Request, Response};

/// A request on its way to the server.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) exchange: u16,
    pub(crate) request: Arc<Request<Vec<u8>>>,
    /// Whether anything on the way may repeat it.
    pub(crate) replayable: bool,
}

/// An answer on its way to the client.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) exchange: u16,
    pub(crate) response: Arc<Response<Vec<u8>>>,
}

impl Hash for Letter {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { exchange, request, replayable } = self;
        (exchange, request.uri(), request.body(), replayable).hash(state);
    }
}

impl PartialEq for Letter {
    fn eq(&self, other: &Self) -> bool {
        self.exchange == other.exchange
            && self.request.uri() == other.request.uri()
            && self.request.body() == other.request.body()
    }
}

impl Hash for Reply {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { exchange, response } = self;
        (exchange, response.status(), response.body()).hash(state);
    }
}

impl PartialEq for Reply {
    fn eq(&self, other: &Self) -> bool {
        self.exchange == other.exchange
            && self.response.status() == other.response.status()
            && self.response.body() == other.response.body()
    }
}
