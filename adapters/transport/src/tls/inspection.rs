//! A handshake for looking at a certificate, whether it is trusted or not.

use std::{
    io::{self, Read, Write},
    sync::{Arc, Mutex},
};

use jellyfin_auth::{Failure, ServerUrl};
use rustls::{
    ClientConnection, DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    pki_types::{CertificateDer, ServerName, UnixTime},
};

use super::{Tls, lock, no_such_name, origin::Origin, origin_verifier::OriginVerifier};
use crate::{CertificateDetails, Distrust, TransportError, UntrustedCertificate};

/// What a server presented in a TLS handshake, and whether a request would be sent to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspection {
    /// The server's certificate.
    pub certificate: CertificateDetails,
    /// Whether it is trusted, by the same rules as for requests, or why it isn't.
    pub trust: Result<(), Distrust>,
    /// Whether the server asked for a client certificate. It may not insist on one.
    pub asks_for_client_certificate: bool,
}

impl Tls {
    /// Shakes hands with the server at `url`, an https address that `stream` is connected to, for the
    /// certificate alone. A certificate that isn't trusted ends the handshake as it ends a request's; it is
    /// returned all the same. Nothing is sent but the handshake and its end; `stream` is of no use
    /// afterwards.
    ///
    /// It takes as long as `stream` allows: give it timeouts. One that is over is
    /// [`Failure::Timeout`].
    ///
    /// # Errors
    ///
    /// [`TransportError`] when no certificate arrived (what answers speaks no TLS, or nothing that this
    /// crate speaks), when it can't be read, when the handshake failed for another reason
    /// ([`Failure::ClientCertificateRequired`] for one), and when the system has no authorities
    /// ([`TransportError::config`]).
    pub fn inspect(
        &self,
        stream: &mut (impl Read + Write),
        url: &ServerUrl,
    ) -> Result<Inspection, TransportError> {
        let origin = Origin::of_server(url).ok_or_else(no_such_name)?;
        let verifier = self.verifier(&origin)?;
        let recorder = Arc::new(Recorder { verifier, seen: Mutex::default() });
        let peer = self.peer_with(&origin, Arc::clone(&recorder) as _, true)?;
        let mut connection = ClientConnection::new(peer.config(), peer.name())
            .map_err(|error| failed(&error.to_string()))?;
        let outcome = loop {
            if !connection.is_handshaking() {
                connection.send_close_notify();
                // The server may have gone first.
                let _ = connection.write_tls(stream);
                break Ok(());
            }
            if let Err(error) = connection.complete_io(stream) {
                break Err(error);
            }
        };
        let trust = match &outcome {
            Ok(()) => Ok(()),
            Err(error) => match untrusted(error) {
                Some(UntrustedCertificate { distrust, .. }) => Err(distrust.clone()),
                None => Ok(()),
            },
        };
        if let (Ok(()), Err(error)) = (&trust, outcome) {
            return Err(TransportError::from_io(&peer.explain_handshake(error)));
        }
        let end_entity = lock(&recorder.seen).take();
        let end_entity = end_entity.ok_or_else(|| failed("no certificate was presented"))?;
        let certificate = CertificateDetails::read(&end_entity)
            .ok_or_else(|| failed("the server's certificate can't be read"))?;
        let asks_for_client_certificate = peer.asks_for_client_certificate();
        Ok(Inspection { certificate, trust, asks_for_client_certificate })
    }
}

fn untrusted(error: &io::Error) -> Option<&UntrustedCertificate> {
    UntrustedCertificate::of(error.get_ref()?.downcast_ref()?)
}

fn failed(text: &str) -> TransportError {
    TransportError::new(Failure::Tls, text)
}

/// Verifies as for a request, and keeps what was verified.
#[derive(Debug)]
struct Recorder {
    verifier: OriginVerifier,
    seen: Mutex<Option<CertificateDer<'static>>>,
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *lock(&self.seen) = Some(end_entity.clone().into_owned());
        self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}
