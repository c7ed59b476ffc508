use std::{error, fmt};

use jellyfin_auth::ServerUrl;
use rustls::{CertificateError, Error, OtherError};

use super::{CertificateDetails, Distrust};

/// A certificate that ended a handshake: what a person needs to decide whether to trust it.
///
/// Show all of it, and ask. Who agrees to it passes [`origin`](Self::origin) and the certificate's
/// fingerprint to [`Options::trust`](crate::Options::trust) and tries again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UntrustedCertificate {
    /// Where it was shown: scheme, host and port.
    pub origin: ServerUrl,
    /// The certificate.
    pub certificate: CertificateDetails,
    /// Why it isn't trusted. Several reasons can hold at once; this is the first that was found.
    pub distrust: Distrust,
}

impl UntrustedCertificate {
    /// The one that ended a handshake, if that was it.
    pub(crate) fn of(error: &Error) -> Option<&Self> {
        match error {
            Error::InvalidCertificate(CertificateError::Other(OtherError(error))) => {
                error.downcast_ref()
            }
            _ => None,
        }
    }
}

impl fmt::Display for UntrustedCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin: _, certificate, distrust } = self;
        match distrust {
            Distrust::CertificateChanged { .. } => fmt::Display::fmt(distrust, f),
            _ => write!(f, "{distrust} (SHA-256 {})", certificate.fingerprint),
        }
    }
}

impl error::Error for UntrustedCertificate {}
