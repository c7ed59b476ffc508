use rustls::{CertificateError, Error};

/// Why a server's certificate isn't trusted. `Display` says what to do where there is a remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Distrust {
    /// Nobody whom this system trusts vouches for it.
    #[error(
        "the server's certificate is of an authority that this system doesn't trust, or self-signed: \
         if it is the right one, give it as a root certificate"
    )]
    UnknownIssuer,
    /// It is for other hosts.
    #[error("the server's certificate is for other names than this one")]
    OtherName,
    /// Its time is over by this device's clock.
    #[error("the server's certificate has expired, or this device's clock is wrong")]
    Expired,
    /// Its time has not come by this device's clock.
    #[error("the server's certificate isn't valid yet, or this device's clock is wrong")]
    NotYetValid,
    /// Its authority took it back.
    #[error("the server's certificate was revoked")]
    Revoked,
    /// Anything else, in rustls's words.
    #[error("{0}")]
    Other(String),
}

impl Distrust {
    /// What the error means that rustls reports for a certificate.
    pub(crate) fn of(error: &Error) -> Self {
        use CertificateError as Certificate;
        let Error::InvalidCertificate(certificate) = error else {
            return Self::Other(error.to_string());
        };
        match certificate {
            Certificate::UnknownIssuer => Self::UnknownIssuer,
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => {
                Self::OtherName
            }
            Certificate::Expired | Certificate::ExpiredContext { .. } => Self::Expired,
            Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => Self::NotYetValid,
            Certificate::Revoked => Self::Revoked,
            _ => Self::Other(error.to_string()),
        }
    }
}
