use std::{fmt, time::Duration};

use super::Ticket;

/// A request to send, with the right to answer it and the limits to keep.
///
/// `Debug` shows method and path; never the query, the headers or the body.
#[must_use = "a request that isn't sent counts as interrupted"]
pub struct Request {
    pub(crate) http: http::Request<Vec<u8>>,
    pub(crate) ticket: Ticket,
    pub(crate) timeout: Duration,
    pub(crate) max_body: usize,
    pub(crate) replayable: bool,
}

impl Request {
    /// The request, complete but for `Host`: an absolute URI, every header, the body.
    ///
    /// A POST without a body carries `Content-Length: 0`; other bodies' length is the HTTP stack's
    /// to tell.
    #[must_use]
    pub fn http(&self) -> &http::Request<Vec<u8>> {
        &self.http
    }

    /// The request to send and the [`Ticket`] to answer it with.
    ///
    /// The body may hold a password and the query a Quick Connect secret. From here on they are
    /// the driver's: they can't be wiped by this crate any more.
    #[must_use = "dropping the ticket counts as an interrupted request"]
    pub fn into_parts(self) -> (http::Request<Vec<u8>>, Ticket) {
        (self.http, self.ticket)
    }

    /// How long the whole exchange may take, from the name look-up to the body's last byte.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// How many bytes the answer's body may have. A longer one is [`Failure::TooLarge`](super::Failure::TooLarge).
    #[must_use]
    pub fn max_body(&self) -> usize {
        self.max_body
    }

    /// Whether the driver may send it once more on its own when a kept-alive connection turns out
    /// to be dead. A password login is not replayable: send it on a fresh connection.
    #[must_use]
    pub fn is_replayable(&self) -> bool {
        self.replayable
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { http, ticket: _, timeout, max_body, replayable } = self;
        f.debug_struct("Request")
            .field("method", http.method())
            .field("path", &http.uri().path())
            .field("timeout", timeout)
            .field("max_body", max_body)
            .field("is_replayable", replayable)
            .finish_non_exhaustive()
    }
}
