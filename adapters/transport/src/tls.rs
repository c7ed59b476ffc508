//! TLS as every driver speaks it.

mod verifier;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use rustls::{
    ClientConfig, RootCertStore,
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
        let built = Arc::new(build(&self.roots)?);
        *config = Some(Arc::clone(&built));
        Ok(built)
    }
}

fn build(roots: &[CertificateDer<'static>]) -> Result<ClientConfig, ConfigError> {
    let provider: Arc<CryptoProvider> = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Verifier::new(roots, &provider)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring speaks the default versions of TLS")
        .dangerous() // rustls calls every verifier of one's own that; this one leaves no check out
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
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
