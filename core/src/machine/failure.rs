use std::fmt;

/// Why a request got no answer, as a driver reports it.
///
/// The driver keeps the details for its own user; this is what decides whether the sign-in goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// The name couldn't be looked up or no connection was made: **only when it is certain that no
    /// byte of the request was sent**. In doubt say [`Interrupted`](Self::Interrupted): a password
    /// is sent again after `Unreachable`, and never after `Interrupted`.
    Unreachable,
    /// The connection ended or broke before the whole answer was there.
    Interrupted,
    /// The answer wasn't there in time ([`Request::timeout`](super::Request::timeout)).
    Timeout,
    /// TLS failed: an unknown authority, another host's name, an expired certificate, no TLS at all.
    Tls,
    /// The answer's head or body went over the limit
    /// ([`Request::max_body`](super::Request::max_body)).
    TooLarge,
    /// A proxy on this side refused to make the connection (`CONNECT`).
    Proxy,
    /// There was a redirect, and the HTTP stack hides where to (as a browser's `fetch` does).
    Redirected,
    /// Anything else.
    Other,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "no connection could be made",
            Self::Interrupted => "the connection broke before the answer was complete",
            Self::Timeout => "no answer came in time",
            Self::Tls => "no secure connection could be made",
            Self::TooLarge => "the answer was too large",
            Self::Proxy => "the proxy refused to connect",
            Self::Redirected => "the server redirected elsewhere",
            Self::Other => "the request failed",
        })
    }
}
