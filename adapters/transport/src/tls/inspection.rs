//! A handshake for looking at a certificate, whether it is trusted or not.

use std::io::{self, Read, Write};

use jellyfin_auth::{Failure, ServerUrl};
use rustls::ClientConnection;

use super::{Tls, no_such_name, origin::Origin};
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
        let peer = self.peer_with(&origin, true)?;
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
        let (certificate, trust) = match outcome {
            Ok(()) => {
                let end_entity = connection.peer_certificates().and_then(<[_]>::first);
                let end_entity =
                    end_entity.ok_or_else(|| failed("no certificate was presented"))?;
                let certificate = CertificateDetails::read(end_entity)
                    .ok_or_else(|| failed("the server's certificate can't be read"))?;
                (certificate, Ok(()))
            }
            Err(error) => match untrusted(&error) {
                Some(UntrustedCertificate { certificate, distrust, .. }) => {
                    (certificate.clone(), Err(distrust.clone()))
                }
                None => return Err(TransportError::from_io(&peer.explain_handshake(error))),
            },
        };
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
