//! TLS as every driver speaks it.

mod certificate;
mod inspection;
mod verifier;

pub use certificate::CertificateDetails;
pub use inspection::Inspection;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use rustls::{
    ClientConfig, RootCertStore,
    client::danger::ServerCertVerifier,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use crate::{ConfigError, Options};
use verifier::Verifier;

/// The TLS configuration of one driver, built when the first request needs it: plain http works on
/// machines without any certificate authority.
pub struct Tls {
    roots: Vec<CertificateDer<'static>>,
    config: Mutex<Option<Arc<ClientConfig>>>,
}

impl Tls {
    /// TLS with the extra roots of `options`.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        Self { roots: options.roots().to_vec(), config: Mutex::default() }
    }

    /// The configuration: the system's authorities and the extra roots, TLS 1.2 and 1.3, `ring`.
    /// There is no ALPN: drivers speak HTTP/1.1.
    ///
    /// # Errors
    ///
    /// [`ConfigError::NoAuthorities`] when the system has no authorities and no extra root was given.
    /// It is tried again next time.
    pub fn config(&self) -> Result<Arc<ClientConfig>, ConfigError> {
        // Nothing under the lock leaves the value half made.
        let mut config = self.config.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = &*config {
            return Ok(Arc::clone(config));
        }
        let (provider, verifier) = verifier(&self.roots)?;
        let built = Arc::new(self::config(provider, Arc::new(verifier)));
        *config = Some(Arc::clone(&built));
        Ok(built)
    }
}

fn verifier(
    roots: &[CertificateDer<'static>],
) -> Result<(Arc<CryptoProvider>, Verifier), ConfigError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Verifier::new(roots, &provider)?;
    Ok((provider, verifier))
}

fn config(provider: Arc<CryptoProvider>, verifier: Arc<dyn ServerCertVerifier>) -> ClientConfig {
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring speaks the default versions of TLS")
        .dangerous() // rustls calls every verifier of one's own that; this one leaves no check out
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth()
}

/// Reads root certificates from PEM text.
pub(crate) fn read_roots(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, ConfigError> {
    let roots = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| ConfigError::BadCertificate)?;
    if roots.is_empty() {
        return Err(ConfigError::NoCertificate);
    }
    let mut store = RootCertStore::empty();
    for root in &roots {
        store.add(root.clone()).map_err(|_| ConfigError::BadCertificate)?;
        verifier::Validity::of(root).ok_or(ConfigError::BadCertificate)?;
    }
    Ok(roots)
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("extra_roots", &self.roots.len()).finish_non_exhaustive()
    }
}
