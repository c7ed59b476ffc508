use std::sync::Arc;

use jellyfin_auth::CertificateFingerprint;
use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{
        WebPkiSupportedAlgorithms, ring::default_provider, verify_tls12_signature,
        verify_tls13_signature, verify_tls13_signature_with_raw_key,
    },
    pki_types::{CertificateDer, ServerName, UnixTime},
};

use super::{Verifier, origin::Origin};
use crate::{
    CertificateDetails, Distrust, UntrustedCertificate,
    certificate::{Fields, fingerprint},
};

/// Decides about the certificate of one origin, and keeps all of it in the error that ends the handshake.
#[derive(Debug)]
pub(super) struct OriginVerifier {
    origin: Origin,
    rule: Rule,
}

/// What is trusted at an origin.
#[derive(Debug)]
pub(super) enum Rule {
    /// What the authorities vouch for.
    Authorities(Arc<Verifier>),
    /// The certificate with this fingerprint, whatever its name, issuer or date, and no other one.
    Certificate(CertificateFingerprint),
}

impl OriginVerifier {
    pub(super) fn new(origin: Origin, rule: Rule) -> Self {
        Self { origin, rule }
    }

    fn check(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<(), Distrust> {
        match &self.rule {
            Rule::Authorities(verifier) => verifier
                .verify(end_entity, intermediates, server_name, ocsp_response, now)
                .map_err(|error| of_a_chain(&error)),
            Rule::Certificate(expected) => match fingerprint(end_entity) {
                found if found == *expected => Ok(()),
                found => Err(Distrust::CertificateChanged { expected: *expected, found }),
            },
        }
    }
}

impl ServerCertVerifier for OriginVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check(end_entity, intermediates, server_name, ocsp_response, now)
            .map(|()| ServerCertVerified::assertion())
            .map_err(|distrust| {
                match (CertificateDetails::read(end_entity), self.origin.url()) {
                    (Some(certificate), Some(origin)) => {
                        let untrusted = UntrustedCertificate { origin, certificate, distrust };
                        CertificateError::Other(OtherError(Arc::new(untrusted))).into()
                    }
                    // Nobody can compare what can't be read.
                    _ => Error::General(distrust.to_string()),
                }
            })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &algorithms())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match &self.rule {
            Rule::Authorities(_) => verify_tls13_signature(message, cert, dss, &algorithms()),
            // By the key alone: a certificate of version 1, which nobody vouches for, has one as well.
            Rule::Certificate(_) => {
                let Fields { public_key, .. } =
                    Fields::read(cert).ok_or(CertificateError::BadEncoding)?;
                verify_tls13_signature_with_raw_key(message, &public_key, dss, &algorithms())
            }
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        algorithms().supported_schemes()
    }
}

fn of_a_chain(error: &Error) -> Distrust {
    match error {
        // Of an authority that bears the name of a trusted one: it was made anew, or it is forged.
        Error::InvalidCertificate(
            CertificateError::BadSignature
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. },
        ) => Distrust::UnknownIssuer,
        _ => Distrust::of(error),
    }
}

fn algorithms() -> WebPkiSupportedAlgorithms {
    default_provider().signature_verification_algorithms
}
