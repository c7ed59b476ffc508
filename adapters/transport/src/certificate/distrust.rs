use std::time::Duration;

use jellyfin_auth::CertificateFingerprint;
use rustls::{CertificateError, Error, pki_types::UnixTime};

/// A clock that shows less was never set: this is older than the program. 2025-01-01.
const OLDEST: UnixTime = UnixTime::since_unix_epoch(Duration::from_secs(1_735_689_600));

/// Why a server's certificate isn't trusted. `Display` says what to do where there is a remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Distrust {
    /// Nobody whom this system trusts vouches for it.
    #[error(
        "the server's certificate is of an authority that this system doesn't trust, or self-signed: \
         if its fingerprint is the one that the server's own screen shows, trust it, or give it as a root \
         certificate"
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
    /// Its time has not come by this device's clock, which shows a time that is long past.
    #[error(
        "this device's clock is wrong, so that the server's certificate isn't valid yet: set the clock"
    )]
    DeviceClock,
    /// Its authority took it back.
    #[error("the server's certificate was revoked")]
    Revoked,
    /// Another certificate is trusted there ([`Options::trust`](crate::Options::trust)), and no other one.
    #[error(
        "the server shows another certificate than the trusted one: {expected} was trusted, {found} is there"
    )]
    CertificateChanged {
        /// The one that is trusted there.
        expected: CertificateFingerprint,
        /// The one that was shown.
        found: CertificateFingerprint,
    },
    /// Anything else, in rustls's words.
    #[error("{0}")]
    Other(String),
}

impl Distrust {
    /// What rustls's verdict on a certificate means.
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
            Certificate::NotValidYetContext { time, .. } if *time < OLDEST => Self::DeviceClock,
            Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => Self::NotYetValid,
            Certificate::Revoked => Self::Revoked,
            _ => Self::Other(error.to_string()),
        }
    }
}
