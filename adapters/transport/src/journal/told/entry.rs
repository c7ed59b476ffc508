use std::time::Instant;

use http::{Method, Request, Response, Uri};
use tracing::{Level, Span};

use super::{TARGET, names::milliseconds};
use crate::TransportError;

/// The part of a [`Journal`](super::Journal) that is about one request.
#[derive(Debug)]
pub struct Entry<'journal> {
    span: &'journal Span,
    /// `None` when nobody listens, or when all has been told.
    to_tell: Option<ToTell>,
}

/// What can be shown of a request.
#[derive(Debug)]
struct ToTell {
    method: Method,
    server: String,
    path: String,
    attempt: u32,
    reused: bool,
    begun: Instant,
}

impl<'journal> Entry<'journal> {
    pub(super) fn new(span: &'journal Span, request: &Request<Vec<u8>>, attempt: u32) -> Self {
        let listened_to = span.in_scope(|| tracing::enabled!(target: TARGET, Level::DEBUG));
        let to_tell = listened_to.then(|| ToTell {
            method: request.method().clone(),
            server: origin(request.uri()),
            path: request.uri().path().to_owned(),
            attempt,
            reused: false,
            begun: Instant::now(),
        });
        Self { span, to_tell }
    }

    /// The request goes on a connection that an earlier one had left.
    pub fn reuses(&mut self) {
        if let Some(entry) = &mut self.to_tell {
            entry.reused = true;
        }
    }

    /// That connection was dead: the request is sent once more, on a fresh one.
    pub fn sent_again(&mut self) {
        let Some(entry) = &mut self.to_tell else { return };
        entry.reused = false;
        let ToTell { method, path, .. } = entry;
        self.span.in_scope(|| {
            tracing::debug!(target: TARGET, %method, path, "sent once more: the kept connection was dead");
        });
    }

    /// The request is over. An entry that is dropped before was given up.
    pub fn ended(mut self, answer: &Result<Response<Vec<u8>>, TransportError>) {
        self.tell(Some(answer));
    }

    fn tell(&mut self, answer: Option<&Result<Response<Vec<u8>>, TransportError>>) {
        let Some(ToTell { method, server, path, attempt, reused, begun }) = self.to_tell.take()
        else {
            return;
        };
        let duration_ms = milliseconds(begun.elapsed());
        // One event would leave fields out, which some subscribers show as empty.
        macro_rules! tell {
            ($($field:tt)*) => {
                tracing::debug!(
                    target: TARGET, %method, server, path, attempt, reused, duration_ms, $($field)*
                )
            };
        }
        self.span.in_scope(|| match answer {
            Some(Ok(answer)) => tell!(status = answer.status().as_u16(), "request answered"),
            Some(Err(error)) => {
                tell!(failure = ?error.failure(), %error, "request failed");
            }
            None => tell!("request given up"),
        });
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        self.tell(None);
    }
}

/// Scheme, host and port. An authority may also hold a user's name and password, which isn't shown.
fn origin(uri: &Uri) -> String {
    let (scheme, host) = (uri.scheme_str().unwrap_or_default(), uri.host().unwrap_or_default());
    match uri.port_u16() {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_user_no_path_and_no_query() {
        for (address, shown) in [
            ("https://al:s3cret@nas.example:8920/path?secret=1", "https://nas.example:8920"),
            ("http://[::1]/", "http://[::1]"),
        ] {
            assert_eq!(origin(&address.parse().expect("an address")), shown);
        }
    }
}
