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
    /// No secure connection could be made, and it isn't about a certificate: no version or cipher in
    /// common, a broken handshake. Also for a driver that can't distinguish the next three: the machine
    /// treats them all alike.
    Tls,
    /// The server's certificate isn't trusted: an unknown authority, another host's name, an expired
    /// certificate. Nothing was sent. The driver shows its user the certificate's fingerprint.
    UntrustedCertificate,
    /// The server showed another certificate than the one that the user trusts there
    /// ([`Session::trust_certificate`](crate::Session::trust_certificate)). Nothing was sent.
    CertificateChanged,
    /// The server, or what stands in front of it, wants a client certificate: none was given, or it
    /// isn't accepted. nginx reports that in a response, which is recognised.
    ClientCertificateRequired,
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
            Self::UntrustedCertificate => "the server's certificate isn't trusted",
            Self::CertificateChanged => {
                "the server shows another certificate than the one that was trusted"
            }
            Self::ClientCertificateRequired => {
                "the server wants a client certificate, and none that it accepts was given"
            }
            Self::NoTls => "what answers there speaks no https",
            Self::TooLarge => "the answer was too large",
            Self::Proxy => "the proxy refused to connect",
            Self::Redirected => "the server redirected elsewhere",
            Self::Other => "the request failed",
        })
    }
}
