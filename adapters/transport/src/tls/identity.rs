use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use rustls::{SignatureScheme, client::ResolvesClientCert, sign::CertifiedKey};

use super::ClientCertificate;

/// What this side shows at one origin when it is asked who it is; and whether it was asked.
pub(super) struct Identity {
    certificate: Option<ClientCertificate>,
    /// In the last handshake.
    was_asked: AtomicBool,
}

impl Identity {
    pub(super) fn new(certificate: Option<ClientCertificate>) -> Self {
        Self { certificate, was_asked: AtomicBool::new(false) }
    }

    pub(super) fn has_certificate(&self) -> bool {
        self.certificate.is_some()
    }

    pub(super) fn begin_handshake(&self) {
        self.was_asked.store(false, Ordering::Relaxed);
    }

    pub(super) fn was_asked(&self) -> bool {
        self.was_asked.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for Identity {
    fn resolve(&self, _: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.was_asked.store(true, Ordering::Relaxed);
        // Whoever wants another one names its issuers; the server's refusal is clearer than silence.
        let ClientCertificate(pair) = self.certificate.as_ref()?;
        pair.key.choose_scheme(schemes).map(|_| Arc::clone(pair))
    }

    fn has_certs(&self) -> bool {
        self.has_certificate()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("has_certificate", &self.has_certificate())
            .field("was_asked", &self.was_asked())
            .finish()
    }
}
