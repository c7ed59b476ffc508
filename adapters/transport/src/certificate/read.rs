//! Reading a certificate.

use std::time::UNIX_EPOCH;

use rustls::{crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256, pki_types::CertificateDer};

use jellyfin_auth::CertificateFingerprint;

use super::{CertificateDetails, x509::Fields};

impl CertificateDetails {
    /// `None` when the certificate can't be read.
    pub(crate) fn read(certificate: &CertificateDer<'_>) -> Option<Self> {
        let Fields { issuer, subject, not_before, not_after, names, .. } =
            Fields::read(certificate)?;
        Some(Self {
            fingerprint: fingerprint(certificate),
            names: names.iter().map(|name| visible(name)).collect(),
            not_before: UNIX_EPOCH + not_before,
            not_after: UNIX_EPOCH + not_after,
            issuer: visible(&issuer),
            subject: visible(&subject),
        })
    }
}

/// By the hash of a cipher suite, so that no second implementation is needed.
pub(crate) fn fingerprint(certificate: &CertificateDer<'_>) -> CertificateFingerprint {
    let suite = TLS13_AES_128_GCM_SHA256.tls13().expect("a suite of TLS 1.3 is one");
    let hash = suite.common.hash_provider.hash(certificate);
    let hash = hash.as_ref().try_into().expect("SHA-256 has 32 bytes");
    CertificateFingerprint::from_sha256(hash)
}

/// Rust's own `Debug` knows which characters can't be seen.
fn visible(text: &str) -> String {
    let is_visible = |next: char| "'\"\\".contains(next) || next.escape_debug().len() == 1;
    text.chars().map(|next| if is_visible(next) { next } else { '\u{fffd}' }).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustls::pki_types::pem::PemObject as _;

    use super::*;

    #[test]
    fn the_details_are_those_that_openssl_shows() {
        let pem = include_bytes!("../../tests/tls/nas.pem");
        let certificate = CertificateDer::from_pem_slice(pem).expect("a certificate");

        let details = CertificateDetails::read(&certificate).expect("it can be read");

        assert_eq!(
            details.fingerprint.to_string(),
            "5E:4A:C9:2F:00:1F:78:48:1D:B4:6E:84:34:30:3D:DD:\
             76:A1:31:D1:02:49:21:65:A6:A5:65:7F:F4:42:8E:B9"
        );
        assert_eq!(details.names, ["nas.example", "*.nas.example", "192.0.2.7", "2001:db8::7"]);
        assert_eq!(details.issuer, "CN=nas.example,O=Böhm & Sons");
        assert_eq!(details.subject, details.issuer);
        assert_eq!(details.not_before, UNIX_EPOCH + Duration::from_secs(1_709_164_800));
        assert_eq!(details.not_after, UNIX_EPOCH + Duration::from_secs(2_556_144_000));
        assert_eq!(
            (details.first_day(), details.last_day()),
            ("2024-02-29".into(), "2051-01-01".into())
        );
    }

    #[test]
    fn what_is_no_certificate_has_no_details() {
        assert_eq!(CertificateDetails::read(&CertificateDer::from(vec![0x30, 0])), None);
    }

    #[test]
    fn what_cannot_be_seen_is_replaced() {
        assert_eq!(
            visible("CN=\u{202e}moc.\u{1b}[31m, ü\u{2028}"),
            "CN=\u{fffd}moc.\u{fffd}[31m, ü\u{fffd}"
        );
        assert_eq!(visible("O=Let's \"Encrypt\"\\"), "O=Let's \"Encrypt\"\\");
    }
}
