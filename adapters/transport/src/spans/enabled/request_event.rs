use std::time::Instant;

use http::{Method, Request, Response, Uri};
use tracing::{Level, Span};

use super::{TARGET, names::milliseconds};
use crate::TransportError;

/// The event of one request in a [`RunSpan`](super::RunSpan), recorded when the request is over.
#[derive(Debug)]
pub struct RequestEvent {
    span: Span,
    /// `None` when nobody wants the event, or when it was recorded.
    fields: Option<Fields>,
}

/// What can be shown of a request.
#[derive(Debug)]
struct Fields {
    method: Method,
    server: String,
    path: String,
    attempt: u32,
    reused: bool,
    begun: Instant,
}

impl RequestEvent {
    pub(super) fn new(span: &Span, request: &Request<Vec<u8>>, attempt: u32) -> Self {
        let is_enabled = span.in_scope(|| tracing::enabled!(target: TARGET, Level::DEBUG));
        let fields = is_enabled.then(|| Fields {
            method: request.method().clone(),
            server: origin(request.uri()),
            path: request.uri().path().to_owned(),
            attempt,
            reused: false,
            begun: Instant::now(),
        });
        Self { span: span.clone(), fields }
    }

    /// The request goes on a connection that an earlier one had left.
    pub fn on_idle_connection(&mut self) {
        if let Some(fields) = &mut self.fields {
            fields.reused = true;
        }
    }

    /// That connection was dead: the request is sent once more, on a fresh one.
    pub fn resent(&mut self) {
        let Some(fields) = &mut self.fields else { return };
        fields.reused = false;
        let Fields { method, path, .. } = fields;
        self.span.in_scope(|| {
            tracing::debug!(target: TARGET, %method, path, "sent once more: the kept connection was dead");
        });
    }

    /// The request is over. One that is dropped before was given up.
    pub fn end<B>(mut self, result: &Result<Response<B>, TransportError>) {
        self.record(Some(result));
    }

    fn record<B>(&mut self, result: Option<&Result<Response<B>, TransportError>>) {
        let Some(Fields { method, server, path, attempt, reused, begun }) = self.fields.take()
        else {
            return;
        };
        let duration_ms = milliseconds(begun.elapsed());
        // One event would leave fields out, which some subscribers show as empty.
        macro_rules! record {
            ($($field:tt)*) => {
                tracing::debug!(
                    target: TARGET, %method, server, path, attempt, reused, duration_ms, $($field)*
                )
            };
        }
        self.span.in_scope(|| match result {
            Some(Ok(response)) => record!(status = response.status().as_u16(), "request answered"),
            Some(Err(error)) => {
                record!(failure = ?error.failure(), %error, "request failed");
            }
            None => record!("request given up"),
        });
    }
}

impl Drop for RequestEvent {
    fn drop(&mut self) {
        self.record::<()>(None);
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
