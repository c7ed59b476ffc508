use std::fmt;

/// Why a request got no response, as a driver reports it.
///
/// The driver keeps the details for its own user. This decides whether the machine goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// No connection was made: **only when it is certain that no byte of the request was sent**. In
    /// doubt report [`Interrupted`](Self::Interrupted): a password is sent again after `Unreachable`,
    /// and never after `Interrupted`.
    Unreachable,
    /// The host's name couldn't be looked up. To the machine it is the same as
    /// [`Unreachable`](Self::Unreachable), which a driver may report in its place; the user learns more.
    HostNotFound,
    /// The connection ended or broke before the whole response was there.
    Interrupted,
    /// The response wasn't there in time ([`Limits::timeout`](super::Limits::timeout)).
    Timeout,
    /// TLS failed: an unknown authority, another host's name, an expired certificate.
    Tls,
    /// What answers there speaks no TLS: it may be plain http. To the machine it is the same as
    /// [`Tls`](Self::Tls), which a driver may report in its place; the user learns more.
    NoTls,
    /// The response's head or body went over the limit
    /// ([`Limits::max_body`](super::Limits::max_body)).
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
            Self::HostNotFound => "the host's name can't be looked up",
            Self::Interrupted => "the connection broke before the answer was complete",
            Self::Timeout => "no answer came in time",
            Self::Tls => "no secure connection could be made",
            Self::NoTls => "what answers there speaks no https",
            Self::TooLarge => "the answer was too large",
            Self::Proxy => "the proxy refused to connect",
            Self::Redirected => "the server redirected elsewhere",
            Self::Other => "the request failed",
        })
    }
}
