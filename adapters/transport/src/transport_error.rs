use std::{error, fmt, io};

use jellyfin_auth::Failure;

use crate::SetUpError;

/// What went wrong below the protocol: what the core is told ([`failure`](Self::failure)) and what
/// the user can be shown.
///
/// It holds what the system or TLS said, never an address with a query, a header or a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportError {
    failure: Failure,
    reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Reason {
    Said(String),
    SetUp(SetUpError),
}

impl TransportError {
    /// A failure and what was said about it. `said` must hold nothing secret.
    pub fn new(failure: Failure, said: impl Into<String>) -> Self {
        Self { failure, reason: Reason::Said(said.into()) }
    }

    /// What an I/O error means for a connection that was already made: errors of TLS are told apart,
    /// and all else counts as interrupted.
    #[must_use]
    pub fn from_io(error: &io::Error) -> Self {
        let failure = if tls_error(error).is_some() {
            Failure::Tls
        } else {
            match error.kind() {
                io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Failure::Timeout,
                _ => Failure::Interrupted,
            }
        };
        Self::new(failure, describe(error))
    }

    /// Like [`from_io`](Self::from_io) while connecting, when no byte of the request was sent.
    #[must_use]
    pub fn from_connecting(error: &io::Error) -> Self {
        if tls_error(error).is_some() {
            return Self::from_io(error);
        }
        Self::new(Failure::Unreachable, describe(error))
    }

    /// What the core is told.
    #[must_use]
    pub fn failure(&self) -> Failure {
        self.failure
    }

    /// The part of the set-up that was in the way, if it was.
    #[must_use]
    pub fn set_up(&self) -> Option<&SetUpError> {
        match &self.reason {
            Reason::SetUp(error) => Some(error),
            Reason::Said(_) => None,
        }
    }
}

/// What is wrong with the set-up is noticed when the request that needs it is made; others, over
/// plain http or to another host, still work.
impl From<SetUpError> for TransportError {
    fn from(error: SetUpError) -> Self {
        let failure = match error {
            SetUpError::BadProxy | SetUpError::ProxyKind { .. } => Failure::Proxy,
            SetUpError::NoAuthorities | SetUpError::NoCertificate | SetUpError::BadCertificate => {
                Failure::Tls
            }
            _ => Failure::Other,
        };
        Self { failure, reason: Reason::SetUp(error) }
    }
}

fn tls_error(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

fn describe(error: &io::Error) -> String {
    tls_error(error).map_or_else(|| error.to_string(), describe_tls)
}

/// What is wrong, and where there is a remedy, what to do.
fn describe_tls(error: &rustls::Error) -> String {
    use rustls::CertificateError as Certificate;
    let said = match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            Certificate::UnknownIssuer => {
                "the server's certificate is of an authority that this system doesn't trust, or \
                 self-signed: if it is the right one, give it as a root certificate"
            }
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => {
                "the server's certificate is for other names than this one"
            }
            Certificate::Expired | Certificate::ExpiredContext { .. } => {
                "the server's certificate has expired, or this device's clock is wrong"
            }
            Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => {
                "the server's certificate isn't valid yet, or this device's clock is wrong"
            }
            Certificate::Revoked => "the server's certificate was revoked",
            _ => return error.to_string(),
        },
        rustls::Error::InvalidMessage(_) => {
            "what answers there speaks no TLS: it may be plain http"
        }
        _ => return error.to_string(),
    };
    said.to_owned()
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Reason::Said(said) => f.write_str(said),
            Reason::SetUp(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl error::Error for TransportError {}
