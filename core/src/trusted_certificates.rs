use serde::{Deserialize, Serialize};

use crate::{CertificateFingerprint, ServerUrl, session::RecordError};

/// A certificate that the user trusts at one origin: scheme https, host, port.
///
/// A driver takes it there whatever its name, issuer or dates, and no other one. Pass those of a
/// [`Session`](crate::Session) or of a [`Login`](crate::Login) to the driver's options.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TrustedCertificate {
    origin: ServerUrl,
    fingerprint: CertificateFingerprint,
}

impl TrustedCertificate {
    /// Where it is trusted: an https address without a path.
    #[must_use]
    pub fn origin(&self) -> &ServerUrl {
        &self.origin
    }

    /// Which certificate it is.
    #[must_use]
    pub fn fingerprint(&self) -> CertificateFingerprint {
        self.fingerprint
    }
}

/// At most one for each origin. Most logins have none, and a hundred thousand of them may wait at once: it
/// takes a pointer's room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct TrustedCertificates(Option<Box<List>>);

/// Never empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct List(Vec<TrustedCertificate>);

impl TrustedCertificates {
    pub(crate) fn as_slice(&self) -> &[TrustedCertificate] {
        self.0.as_ref().map_or(&[], |list| &list.0)
    }

    /// In place of an earlier one. An address without encryption has no certificate.
    pub(crate) fn trust(&mut self, server: &ServerUrl, fingerprint: CertificateFingerprint) {
        self.distrust(server);
        if server.is_encrypted() {
            let list = self.0.get_or_insert_default();
            list.0.push(TrustedCertificate { origin: server.origin(), fingerprint });
        }
    }

    /// `false` when none was trusted there.
    pub(crate) fn distrust(&mut self, server: &ServerUrl) -> bool {
        let Some(list) = &mut self.0 else { return false };
        let before = list.0.len();
        list.0.retain(|known| !known.origin.has_same_origin(server));
        let after = list.0.len();
        if after == 0 {
            self.0 = None;
        }
        after < before
    }

    pub(crate) fn to_record(&self) -> Vec<KeptCertificate> {
        let kept = self.as_slice().iter().map(|TrustedCertificate { origin, fingerprint }| {
            KeptCertificate { origin: origin.to_string(), sha256: fingerprint.to_string() }
        });
        kept.collect()
    }

    pub(crate) fn from_record(kept: &[KeptCertificate]) -> Result<Self, RecordError> {
        let mut certificates = Self::default();
        for KeptCertificate { origin, sha256 } in kept {
            let fingerprint = sha256
                .parse()
                .map_err(|_| RecordError::Missing { part: "trusted_certificates" })?;
            certificates.trust(&ServerUrl::from_exact(origin)?, fingerprint);
        }
        Ok(certificates)
    }
}

/// A trusted certificate in a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct KeptCertificate {
    origin: String,
    sha256: String,
}
