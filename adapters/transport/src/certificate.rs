//! A server's certificate, as far as people need to know it.

mod details;
mod distrust;
#[cfg(feature = "connect")]
mod read;
mod untrusted;
#[cfg(feature = "connect")]
mod x509;

pub use details::CertificateDetails;
pub use distrust::Distrust;
#[cfg(feature = "connect")]
pub(crate) use read::fingerprint;
pub use untrusted::UntrustedCertificate;
#[cfg(feature = "connect")]
pub(crate) use x509::Fields;
