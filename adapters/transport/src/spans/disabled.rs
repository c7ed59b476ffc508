use http::{Request, Response};
use jellyfin_auth::{Endpoint, Machine, Wait, WakeReason};

use crate::{Error, TransportError};

/// For drivers: the span of a run or of a single request. Without the feature `tracing` it holds
/// nothing and does nothing.
#[derive(Debug)]
pub struct RunSpan(());

/// The event of one request in a [`RunSpan`].
#[derive(Debug)]
pub struct RequestEvent(());

impl RunSpan {
    /// The run of a machine begins.
    #[must_use]
    pub fn of_run<M: Machine>() -> Self {
        Self(())
    }

    /// A single request begins.
    #[must_use]
    pub fn of_call<E: Endpoint>() -> Self {
        Self(())
    }

    /// A request begins.
    #[must_use]
    pub fn request(&mut self, _request: &Request<Vec<u8>>) -> RequestEvent {
        RequestEvent(())
    }

    /// A wait begins.
    pub fn wait(&mut self, _wait: &Wait) {}

    /// A wait is over.
    pub fn wait_over(&self, _reason: WakeReason) {}

    /// The end, which is returned as it is.
    #[expect(clippy::missing_errors_doc, reason = "the error is the caller's own")]
    pub fn end<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result
    }
}

impl RequestEvent {
    /// The request goes on a connection that an earlier one had left.
    pub fn on_idle_connection(&mut self) {}

    /// That connection was dead: the request is sent once more, on a fresh one.
    pub fn resent(&mut self) {}

    /// The request is over. One that is dropped before was given up.
    pub fn end<B>(self, _result: &Result<Response<B>, TransportError>) {}
}
