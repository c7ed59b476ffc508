use std::{fmt, io, sync::Arc};

use jellyfin_auth::Failure;
use rustls::{AlertDescription, ClientConfig, Error, pki_types::ServerName};

use super::identity::Identity;
use crate::TransportError;

/// For drivers: how TLS is spoken with one origin, from [`Tls::peer`](super::Tls::peer).
#[derive(Clone)]
pub struct TlsPeer {
    pub(super) config: Arc<ClientConfig>,
    pub(super) name: ServerName<'static>,
    pub(super) identity: Arc<Identity>,
}

impl TlsPeer {
    /// What a handshake with that origin is made by, and no other one's.
    #[must_use]
    pub fn config(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.config)
    }

    /// The name that the handshake asks for.
    #[must_use]
    pub fn name(&self) -> ServerName<'static> {
        self.name.clone()
    }

    /// Whether the server has asked for a client certificate; it may not insist on one.
    #[must_use]
    pub fn asks_for_client_certificate(&self) -> bool {
        self.identity.was_asked()
    }

    /// What an error means that ended the handshake: no byte of a request was sent.
    #[must_use]
    pub fn handshake_error(&self, error: io::Error) -> TransportError {
        TransportError::from_connecting(&self.explain_handshake(error))
    }

    pub(super) fn explain_handshake(&self, error: io::Error) -> io::Error {
        // Whoever cuts the connection after it has asked didn't like what it got; the alert may be lost.
        let is_refusal = self.is_refusal(&error) || (self.identity.was_asked() && is_cut(&error));
        self.explained(error, is_refusal)
    }

    /// Pass every error of reads and writes after the handshake through this. What is about a client
    /// certificate comes back as an error that [`TransportError::from_io`] and
    /// [`TransportError::from_connecting`] recognise; `received` is whether a byte of a response has arrived
    /// on this connection.
    ///
    /// In TLS 1.3 the server's refusal (RFC 8446, section 6.2: `certificate_required` and others) comes when
    /// the client has long begun to speak. When a write fails,
    /// read what is left: the server's reason may be there. Where a server that asked for a certificate and
    /// got none cuts the connection before any response, that counts as a refusal, too: a second attempt
    /// would end in the same way.
    #[must_use]
    pub fn explain(&self, error: io::Error, received: bool) -> io::Error {
        let got_none = self.identity.was_asked() && !self.identity.has_certificate();
        let is_refusal = self.is_refusal(&error) || (got_none && !received && is_cut(&error));
        self.explained(error, is_refusal)
    }

    fn is_refusal(&self, error: &io::Error) -> bool {
        match error.get_ref().and_then(|error| error.downcast_ref()) {
            Some(Error::AlertReceived(AlertDescription::CertificateRequired)) => true,
            Some(Error::AlertReceived(alert)) => self.identity.was_asked() && may_refuse(*alert),
            _ => false,
        }
    }

    fn explained(&self, error: io::Error, is_refusal: bool) -> io::Error {
        if !is_refusal {
            return error;
        }
        let text = if self.identity.has_certificate() {
            "the server doesn't accept the client certificate"
        } else {
            "the server wants a client certificate"
        };
        let text = format!("{text} ({error})");
        io::Error::other(TransportError::new(Failure::ClientCertificateRequired, text))
    }
}

/// What servers send for a client certificate that is missing (40, 42) or that they don't accept.
fn may_refuse(alert: AlertDescription) -> bool {
    use AlertDescription as Alert;
    matches!(
        alert,
        Alert::HandshakeFailure
            | Alert::NoCertificate
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied
            | Alert::DecryptError
    )
}

fn is_cut(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::UnexpectedEof
    )
}

impl fmt::Debug for TlsPeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsPeer")
            .field("name", &self.name)
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}
