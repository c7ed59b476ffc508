use std::fmt;

use super::{Limits, Ticket};

/// A request to send, with the right to answer it and the limits to keep.
///
/// `Debug` shows method and path; never the query, the headers or the body.
#[must_use = "a request that isn't sent counts as interrupted"]
pub struct Request {
    pub(crate) http: http::Request<Vec<u8>>,
    pub(crate) ticket: Ticket,
    pub(crate) limits: Limits,
}

impl Request {
    /// The request, complete except for `Host`: an absolute URI, every header, the body.
    ///
    /// A POST without a body carries `Content-Length: 0`; for other bodies the HTTP stack sets it.
    #[must_use]
    pub fn http(&self) -> &http::Request<Vec<u8>> {
        &self.http
    }

    /// The limits to keep.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The request to send, the [`Ticket`] to answer it with and the [`Limits`] to keep.
    ///
    /// The body may hold a password and the query a Quick Connect secret. From here on they belong to
    /// the driver: this crate can't wipe them any more.
    #[must_use = "dropping the ticket counts as an interrupted request"]
    pub fn into_parts(self) -> (http::Request<Vec<u8>>, Ticket, Limits) {
        (self.http, self.ticket, self.limits)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { http, ticket: _, limits } = self;
        f.debug_struct("Request")
            .field("method", http.method())
            .field("path", &http.uri().path())
            .field("limits", limits)
            .finish_non_exhaustive()
    }
}
