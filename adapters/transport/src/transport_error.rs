use std::{error, fmt, io};

use jellyfin_auth::Failure;
use rustls::InvalidMessage;

use crate::{ConfigError, Distrust, UntrustedCertificate};

/// What went wrong below the protocol: the [`failure`](Self::failure) for the core, and a text for
/// people.
///
/// The text comes from the system or from TLS. It never holds an address with a query, a header or a
/// body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportError {
    failure: Failure,
    reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Reason {
    Text(String),
    Config(ConfigError),
    Certificate(Box<UntrustedCertificate>),
}

impl TransportError {
    /// A failure and a text about it, which must hold nothing secret.
    pub fn new(failure: Failure, text: impl Into<String>) -> Self {
        Self { failure, reason: Reason::Text(text.into()) }
    }

    /// What an I/O error means for a connection that was already made: TLS errors, timeouts and the
    /// errors of [`Progress::arrived`](crate::Progress::arrived) are recognised, and all else counts as
    /// interrupted.
    #[must_use]
    pub fn from_io(error: &io::Error) -> Self {
        if let Some(known) = known(error) {
            return known;
        }
        let failure = match tls_error(error) {
            Some(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType)) => {
                Failure::NoTls
            }
            Some(error @ rustls::Error::InvalidCertificate(_)) => match Distrust::of(error) {
                // Trusting it would help as little as anything else.
                Distrust::Other(_) => Failure::Tls,
                _ => Failure::UntrustedCertificate,
            },
            Some(_) => Failure::Tls,
            None => match error.kind() {
                io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Failure::Timeout,
                _ => Failure::Interrupted,
            },
        };
        Self::new(failure, describe(error))
    }

    /// Like [`from_io`](Self::from_io) while connecting, when no byte of the request was sent.
    #[must_use]
    pub fn from_connecting(error: &io::Error) -> Self {
        if tls_error(error).is_some() || known(error).is_some() {
            return Self::from_io(error);
        }
        Self::new(Failure::Unreachable, describe(error))
    }

    /// What an I/O error means while a host's name is looked up.
    #[must_use]
    pub fn from_look_up(error: &io::Error) -> Self {
        let text = format!("the host's name can't be looked up: {error}");
        Self::new(Failure::HostNotFound, text)
    }

    /// The same when it was a proxy that was connected to: the server's name is not at fault.
    #[must_use]
    pub fn at_proxy(self) -> Self {
        match self.failure {
            Failure::HostNotFound => Self::new(Failure::Unreachable, format!("the proxy: {self}")),
            _ => self,
        }
    }

    /// What to pass to the core.
    #[must_use]
    pub fn failure(&self) -> Failure {
        self.failure
    }

    /// What is wrong with the configuration, if that was in the way.
    #[must_use]
    pub fn config(&self) -> Option<&ConfigError> {
        match &self.reason {
            Reason::Config(error) => Some(error),
            Reason::Text(_) | Reason::Certificate(_) => None,
        }
    }

    /// The server's certificate, and why it isn't trusted, if that was in the way
    /// ([`Failure::UntrustedCertificate`], [`Failure::CertificateChanged`]).
    #[must_use]
    pub fn certificate(&self) -> Option<&UntrustedCertificate> {
        match &self.reason {
            Reason::Certificate(certificate) => Some(certificate),
            Reason::Text(_) | Reason::Config(_) => None,
        }
    }
}

/// What is wrong with the configuration is noticed when the first request needs it; others, over
/// plain http or to another host, still work.
impl From<ConfigError> for TransportError {
    fn from(error: ConfigError) -> Self {
        let failure = match error {
            ConfigError::BadProxy | ConfigError::ProxyKind { .. } => Failure::Proxy,
            // All else is about certificates.
            _ => Failure::Tls,
        };
        Self { failure, reason: Reason::Config(error) }
    }
}

/// What the text is about is in the certificate.
impl From<UntrustedCertificate> for TransportError {
    fn from(certificate: UntrustedCertificate) -> Self {
        let failure = match certificate.distrust {
            Distrust::CertificateChanged { .. } => Failure::CertificateChanged,
            _ => Failure::UntrustedCertificate,
        };
        Self { failure, reason: Reason::Certificate(Box::new(certificate)) }
    }
}

/// What a handshake, [`TlsPeer::explain`](crate::TlsPeer::explain) or
/// [`Progress::arrived`](crate::Progress::arrived) has put into the error.
fn known(error: &io::Error) -> Option<TransportError> {
    if let Some(explained) = error.get_ref().and_then(|error| error.downcast_ref()) {
        return Some(TransportError::clone(explained));
    }
    UntrustedCertificate::of(tls_error(error)?).cloned().map(TransportError::from)
}

fn tls_error(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

fn describe(error: &io::Error) -> String {
    tls_error(error).map_or_else(|| error.to_string(), describe_tls)
}

/// What is wrong, and where there is a remedy, what to do.
fn describe_tls(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidMessage(_) => {
            "what answers there speaks no TLS: it may be plain http".to_owned()
        }
        rustls::Error::InvalidCertificate(_) => Distrust::of(error).to_string(),
        _ => error.to_string(),
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Reason::Text(text) => f.write_str(text),
            Reason::Config(error) => fmt::Display::fmt(error, f),
            Reason::Certificate(certificate) => fmt::Display::fmt(certificate, f),
        }
    }
}

impl error::Error for TransportError {}
