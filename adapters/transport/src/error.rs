use std::{error, fmt};

use crate::{TransportError, UntrustedCertificate};

/// Why a sign-in, or a single request, came to nothing.
///
/// The [`kind`](Self::kind) decides: the protocol's error, or what was wrong before anything could be
/// sent. When the network was in the way, [`source`](error::Error::source) is its last error. Neither
/// shows a secret.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

/// What kind of [`Error`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What the sign-in or the request ended with; [`jellyfin_auth::Error::advice`] is who must act.
    Login(jellyfin_auth::Error),
    /// This program's options, or the machine that it runs on, must be put right first.
    Config(ConfigError),
}

/// What must be put right before anything can be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// There is no certificate in what was given as one.
    #[error(
        "there is no certificate in the PEM text: give a file with a BEGIN CERTIFICATE block, not a key"
    )]
    NoCertificate,
    /// A certificate that can't be read.
    #[error("a root certificate can't be read: export it again as PEM")]
    BadCertificate,
    /// The address of a proxy that can't be used.
    #[error("the proxy's address can't be used: give one such as http://proxy.example.com:3128")]
    BadProxy,
    /// A kind of proxy that isn't spoken.
    #[error("a proxy of the kind {scheme}:// can't be used: configure an http:// proxy, or none")]
    ProxyKind {
        /// The scheme of the proxy's address.
        scheme: String,
    },
    /// There is no certificate in what was given as a client's.
    #[error(
        "there is no certificate in the PEM text of the client's certificate: give a file with a BEGIN CERTIFICATE block"
    )]
    NoClientCertificate,
    /// A client's certificate that can't be read.
    #[error("the client's certificate can't be read: export it again as PEM")]
    BadClientCertificate,
    /// There is no private key in what was given as one.
    #[error(
        "there is no private key in the PEM text of the client's key: give a file with a BEGIN PRIVATE KEY block"
    )]
    NoClientKey,
    /// A private key that can't be read, or of a kind that can't be used.
    #[error(
        "the client's key can't be used: export it again as PEM (PKCS#8, PKCS#1 or SEC1), an RSA key of 2048 \
         bits or more, or one of P-256, P-384 or Ed25519"
    )]
    BadClientKey,
    /// A private key that a pass phrase protects.
    #[error(
        "the client's key is protected by a pass phrase: take that off with `openssl pkey -in KEY -out NEW`"
    )]
    EncryptedClientKey,
    /// The private key belongs to another certificate.
    #[error(
        "the client's key doesn't belong to its certificate, which must be the first in its file: check which files were given"
    )]
    ClientKeyMismatch,
    /// A client certificate for an address without encryption.
    #[error("a client certificate can only be shown over https: give the server's https address")]
    ClientCertificateWithoutTls,
    /// A file that can't be read.
    #[error("{file} can't be read: {reason}")]
    UnreadableFile {
        /// Its path.
        file: String,
        /// The system's reason.
        reason: String,
    },
    /// The system's certificate authorities can't be loaded.
    #[error(
        "no certificate authorities were found on this system: install its CA certificates \
         (package ca-certificates), or give the server's root certificate as an option"
    )]
    NoAuthorities,
}

impl Error {
    /// What a sign-in or request ended with, and the transport's last error.
    #[must_use]
    pub fn new(
        kind: impl Into<ErrorKind>,
        source: Option<Box<dyn error::Error + Send + Sync>>,
    ) -> Self {
        Self { kind: kind.into(), source }
    }

    /// What kind of error it is.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The kind by itself.
    #[must_use]
    pub fn into_kind(self) -> ErrorKind {
        self.kind
    }

    /// The protocol's error; `None` when it was the configuration.
    #[must_use]
    pub fn login(&self) -> Option<&jellyfin_auth::Error> {
        match &self.kind {
            ErrorKind::Login(error) => Some(error),
            ErrorKind::Config(_) => None,
        }
    }
}

impl Error {
    /// The certificate that isn't trusted, to be shown and compared, when that was in the way:
    /// [`jellyfin_auth::Failure::UntrustedCertificate`] and
    /// [`CertificateChanged`](jellyfin_auth::Failure::CertificateChanged).
    ///
    /// ```
    /// use jellyfin_auth_transport::{Error, Options};
    ///
    /// /// What to connect with once the user has compared.
    /// fn trusting(error: &Error, options: Options) -> Option<Options> {
    ///     let untrusted = error.certificate()?;
    ///     println!("{untrusted}\nIt is for {}.", untrusted.certificate.names.join(", "));
    ///     Some(options.trust(&untrusted.origin, untrusted.certificate.fingerprint))
    /// }
    /// ```
    #[must_use]
    pub fn certificate(&self) -> Option<&UntrustedCertificate> {
        self.source.as_deref()?.downcast_ref::<TransportError>()?.certificate()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.kind, f)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Login(error) => fmt::Display::fmt(error, f),
            Self::Config(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<jellyfin_auth::Error> for ErrorKind {
    fn from(error: jellyfin_auth::Error) -> Self {
        Self::Login(error)
    }
}

impl From<ConfigError> for ErrorKind {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<jellyfin_auth::Error> for Error {
    fn from(error: jellyfin_auth::Error) -> Self {
        Self::new(error, None)
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::new(error, None)
    }
}
