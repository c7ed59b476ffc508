use std::{error, fmt, io};

use jellyfin_auth::Failure;
use rustls::InvalidMessage;

use crate::{ConfigError, Distrust};

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
}

impl TransportError {
    /// A failure and a text about it, which must hold nothing secret.
    pub fn new(failure: Failure, text: impl Into<String>) -> Self {
        Self { failure, reason: Reason::Text(text.into()) }
    }

    /// What an I/O error means for a connection that was already made: TLS errors and timeouts are
    /// recognised, and all else counts as interrupted.
    #[must_use]
    pub fn from_io(error: &io::Error) -> Self {
        let failure = match tls_error(error) {
            Some(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType)) => {
                Failure::NoTls
            }
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
        if tls_error(error).is_some() {
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
            Reason::Text(_) => None,
        }
    }
}

/// What is wrong with the configuration is noticed when the first request needs it; others, over
/// plain http or to another host, still work.
impl From<ConfigError> for TransportError {
    fn from(error: ConfigError) -> Self {
        let failure = match error {
            ConfigError::BadProxy | ConfigError::ProxyKind { .. } => Failure::Proxy,
            ConfigError::NoAuthorities
            | ConfigError::NoCertificate
            | ConfigError::BadCertificate => Failure::Tls,
        };
        Self { failure, reason: Reason::Config(error) }
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
    match error {
        rustls::Error::InvalidCertificate(_) => Distrust::of(error).to_string(),
        rustls::Error::InvalidMessage(_) => {
            "what answers there speaks no TLS: it may be plain http".to_owned()
        }
        _ => error.to_string(),
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Reason::Text(text) => f.write_str(text),
            Reason::Config(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl error::Error for TransportError {}
