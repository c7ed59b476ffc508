use std::{sync::Arc, time::Duration};

use rustls::{
    CertificateError, Error,
    client::{danger::ServerCertVerifier as _, verify_server_name},
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
};

use crate::{ConfigError, certificate::Fields};

/// The system's verification with extra roots, and one certificate more: an extra root that is the
/// server's own.
///
/// `openssl req -x509` marks what it makes as an authority, and rustls refuses an authority as a
/// server's certificate. Being given as a root, byte for byte, is what an issuer's signature would
/// prove; name, dates and the handshake's signature are checked as for any other.
#[derive(Debug)]
pub(super) struct Verifier {
    system: rustls_platform_verifier::Verifier,
    roots: Vec<CertificateDer<'static>>,
}

impl Verifier {
    pub(super) fn new(
        roots: &[CertificateDer<'static>],
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, ConfigError> {
        let system = rustls_platform_verifier::Verifier::new_with_extra_roots(
            roots.iter().chain(bundled_roots()).cloned(),
            Arc::clone(provider),
        )
        // The extra roots were read before: what fails here is the system's store.
        .map_err(|_| ConfigError::NoAuthorities)?;
        Ok(Self { system, roots: roots.to_vec() })
    }

    /// Checks everything but the handshake's signature.
    pub(super) fn verify(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<(), Error> {
        if !self.roots.iter().any(|root| root == end_entity) {
            return self
                .system
                .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
                .map(drop)
                .map_err(|error| with_plain_reason(error, end_entity));
        }
        let validity = Validity::of(end_entity).ok_or(CertificateError::BadEncoding)?;
        validity.check(now)?;
        verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)
    }
}

#[cfg(feature = "bundled-roots")]
fn bundled_roots() -> &'static [CertificateDer<'static>] {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS
}

#[cfg(not(feature = "bundled-roots"))]
fn bundled_roots() -> &'static [CertificateDer<'static>] {
    &[]
}

/// A self-signed certificate that wasn't given is refused for being an authority at first; what is
/// wrong with it is that nobody vouches for it.
fn with_plain_reason(error: Error, end_entity: &CertificateDer<'_>) -> Error {
    match error {
        Error::InvalidCertificate(CertificateError::Other(_)) if is_self_issued(end_entity) => {
            CertificateError::UnknownIssuer.into()
        }
        other => other,
    }
}

fn is_self_issued(certificate: &CertificateDer<'_>) -> bool {
    Fields::read(certificate).is_some_and(|fields| fields.issuer == fields.subject)
}

/// From when to when a certificate is valid.
pub(super) struct Validity {
    from: Duration,
    until: Duration,
}

impl Validity {
    /// `None` when the certificate can't be read.
    pub(super) fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        let Fields { not_before, not_after, .. } = Fields::read(certificate)?;
        Some(Self { from: not_before, until: not_after })
    }

    fn check(&self, now: UnixTime) -> Result<(), CertificateError> {
        let time = now;
        let now = Duration::from_secs(time.as_secs());
        let at = |moment: Duration| UnixTime::since_unix_epoch(moment);
        if now < self.from {
            return Err(CertificateError::NotValidYetContext { time, not_before: at(self.from) });
        }
        if now > self.until {
            return Err(CertificateError::ExpiredContext { time, not_after: at(self.until) });
        }
        Ok(())
    }
}
