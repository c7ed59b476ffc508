//! What is said about a certificate, by a sign-in and by the doctor alike.

use jellyfin_auth_transport::{CertificateDetails, Distrust, UntrustedCertificate};
use serde_json::{Value, json};

/// More names than this aren't shown.
const MOST_NAMES: usize = 6;

/// For people to compare.
pub(crate) fn shown(untrusted: &UntrustedCertificate) -> String {
    let UntrustedCertificate { origin, certificate, distrust, .. } = untrusted;
    let (reason, _) = reason(distrust, certificate);
    format!(
        "The certificate of {origin} isn't trusted: {reason}.\n  \
         For      {}\n  Issued   {}\n  Valid    {} to {}\n  SHA-256  {}",
        names(certificate),
        issuer(certificate),
        certificate.first_day(),
        certificate.last_day(),
        certificate.fingerprint,
    )
}

/// The same for programs.
pub(crate) fn facts(untrusted: &UntrustedCertificate) -> Value {
    let UntrustedCertificate { origin, certificate, distrust, .. } = untrusted;
    let trusted = match distrust {
        Distrust::CertificateChanged { expected, .. } => Some(expected),
        _ => None,
    };
    json!({
        "origin": origin.as_str(),
        "fingerprint": certificate.fingerprint,
        "trusted_fingerprint": trusted,
        "names": certificate.names,
        "not_before": certificate.first_day(),
        "not_after": certificate.last_day(),
        "issuer": certificate.issuer,
        "subject": certificate.subject,
        "why_not": distrust.to_string(),
    })
}

pub(crate) fn names(certificate: &CertificateDetails) -> String {
    let names = &certificate.names;
    let shown = names[..names.len().min(MOST_NAMES)].join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 if names.is_empty() => "no name".to_owned(),
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

pub(crate) fn issuer(certificate: &CertificateDetails) -> String {
    if certificate.is_self_signed() {
        format!("self-signed by {}", certificate.issuer)
    } else {
        format!("by {}", certificate.issuer)
    }
}

/// Why it isn't trusted, and what to do.
pub(crate) fn reason(
    distrust: &Distrust,
    certificate: &CertificateDetails,
) -> (String, &'static str) {
    const COMPARE: &str = "if its fingerprint is the one that the server's own screen shows, trust it: --trust \
                           SHA256; or give its file: --ca FILE";
    let (text, advice) = match distrust {
        Distrust::UnknownIssuer if certificate.is_self_signed() => ("self-signed", COMPARE),
        Distrust::UnknownIssuer => (
            "its issuer is unknown here, or an intermediate certificate is missing",
            "let the server send its whole chain; or give its authority's certificate: --ca FILE; or compare \
             its fingerprint and trust it: --trust SHA256",
        ),
        Distrust::OtherName => (
            "it is for other names",
            "type an address with one of its names, or have it made for this one; or compare its \
             fingerprint and trust it: --trust SHA256",
        ),
        Distrust::Expired => (
            "expired",
            "renew it on the server, or set this device's clock; or compare its fingerprint and trust it: \
             --trust SHA256",
        ),
        Distrust::NotYetValid => {
            ("not valid yet", "set this device's clock, or have it made again")
        }
        Distrust::DeviceClock => ("this device's clock is wrong", "set this device's clock"),
        Distrust::Revoked => ("revoked", "have it made again"),
        Distrust::CertificateChanged { expected, .. } => {
            return (
                format!("another one was trusted there, {expected}"),
                "ask who runs the server whether it was replaced; only if they name this fingerprint, trust \
                 it: --trust SHA256",
            );
        }
        other => return (other.to_string(), "have the certificate made again"),
    };
    (text.to_owned(), advice)
}
