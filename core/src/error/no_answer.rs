use crate::Failure;

/// What to do about a request that got no response.
pub(super) fn remedy(failure: Failure) -> &'static str {
    match failure {
        Failure::UntrustedCertificate => {
            "compare its fingerprint with what the server's own screen shows before you trust it"
        }
        Failure::CertificateChanged => {
            "nothing was sent; ask who runs the server whether it was replaced, and trust the new one only \
             when its fingerprint is the one that they name"
        }
        Failure::ClientCertificateRequired => {
            "give the certificate and key that the server's administrator made for you"
        }
        _ => "check the address and the network",
    }
}
