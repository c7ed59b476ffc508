//! A handshake for looking at a certificate, whether it is trusted or not.

use std::{
    io::{Read, Write},
    sync::{Arc, Mutex, PoisonError},
};

use jellyfin_auth::Failure;
use rustls::{
    ClientConnection, DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    pki_types::{CertificateDer, ServerName, UnixTime},
};

use super::{CertificateDetails, Tls, Verifier, config, verifier};
use crate::{Distrust, TransportError};

/// What a server presented in a TLS handshake, and whether a request would be sent to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspection {
    /// The server's certificate.
    pub certificate: CertificateDetails,
    /// Whether it is trusted, by the same rules as for requests, or why it isn't.
    pub trust: Result<(), Distrust>,
}

impl Tls {
    /// Shakes hands with `host` over `stream`, which is connected to it, for the certificate alone. A
    /// certificate that isn't trusted ends the handshake as it ends a request's; it is returned all the
    /// same. Nothing is sent but the handshake and its end; `stream` is of no use afterwards.
    ///
    /// It takes as long as `stream` allows: give it timeouts. One that is over is
    /// [`Failure::Timeout`].
    ///
    /// # Errors
    ///
    /// [`TransportError`] when no certificate arrived (what answers speaks no TLS, or nothing that this
    /// crate speaks), when it can't be read, when the handshake failed for another reason, and when the
    /// system has no authorities ([`TransportError::config`]).
    pub fn inspect(
        &self,
        stream: &mut (impl Read + Write),
        host: &str,
    ) -> Result<Inspection, TransportError> {
        let failed = |text: &str| TransportError::new(Failure::Tls, text);
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
            .map_err(|_| failed("no certificate can have that name"))?;
        let (provider, verifier) = verifier(&self.roots)?;
        let recorder = Arc::new(Recorder { verifier, seen: Mutex::default() });
        let config = config(provider, Arc::clone(&recorder) as _);
        let mut connection = ClientConnection::new(Arc::new(config), name)
            .map_err(|error| failed(&error.to_string()))?;
        let outcome = loop {
            if !connection.is_handshaking() {
                connection.send_close_notify();
                // The server may have gone first.
                let _ = connection.write_tls(stream);
                break Ok(());
            }
            if let Err(error) = connection.complete_io(stream) {
                break Err(TransportError::from_io(&error));
            }
        };
        let seen = recorder.seen.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Seen { end_entity, trust }) = seen else {
            return Err(outcome.err().unwrap_or_else(|| failed("no certificate was presented")));
        };
        if trust.is_ok() {
            outcome?;
        }
        let certificate = CertificateDetails::read(&end_entity)
            .ok_or_else(|| failed("the server's certificate can't be read"))?;
        Ok(Inspection { certificate, trust })
    }
}

/// Verifies as for a request, and keeps what was verified.
#[derive(Debug)]
struct Recorder {
    verifier: Verifier,
    seen: Mutex<Option<Seen>>,
}

#[derive(Debug)]
struct Seen {
    end_entity: CertificateDer<'static>,
    trust: Result<(), Distrust>,
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
        let verified = self.verifier.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        let trust = verified.as_ref().map(drop).map_err(Distrust::of);
        let seen = Seen { end_entity: end_entity.clone().into_owned(), trust };
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        verified
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
