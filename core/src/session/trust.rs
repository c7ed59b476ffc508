//! The certificates that the session's user trusts.

use super::Session;
use crate::{
    CertificateFingerprint, ServerUrl, TrustedCertificate,
    trusted_certificates::TrustedCertificates,
};

impl Session {
    /// The certificates that its user trusts, one for each origin at most. They are kept in its record. Pass
    /// them to the driver's options before the session is used again.
    #[must_use]
    pub fn trusted_certificates(&self) -> &[TrustedCertificate] {
        self.trusted.as_slice()
    }

    /// Trusts this certificate at the origin (scheme, host, port) of `server`, in place of an earlier one: its
    /// user has compared the fingerprint with the server's own screen. An http address has no certificate:
    /// then an earlier one is forgotten, and none is trusted.
    pub fn trust_certificate(&mut self, server: &ServerUrl, fingerprint: CertificateFingerprint) {
        self.trusted.trust(server, fingerprint);
    }

    /// Trusts none at the origin of `server` from now on but those that authorities vouch for. `false` when
    /// none was.
    pub fn distrust_certificate(&mut self, server: &ServerUrl) -> bool {
        self.trusted.distrust(server)
    }

    /// The same session with the certificates that were trusted while it was made.
    pub(crate) fn with_trusted(mut self, trusted: TrustedCertificates) -> Self {
        self.trusted = trusted;
        self
    }
}
