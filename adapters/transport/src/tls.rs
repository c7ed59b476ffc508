//! TLS as every driver speaks it.

mod client_certificate;
mod identity;
mod inspection;
mod origin;
mod origin_verifier;
mod peer;
mod verifier;

pub(crate) use client_certificate::ClientCertificate;
pub use inspection::Inspection;
pub(crate) use origin::Origin;
pub use peer::TlsPeer;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jellyfin_auth::{CertificateFingerprint, Failure};
use rustls::{
    ClientConfig, RootCertStore,
    client::Resumption,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};

use crate::{ConfigError, Options, TransportError};
use identity::Identity;
use origin_verifier::{OriginVerifier, Rule};
use verifier::Verifier;

/// The TLS configuration of one driver, built when the first request needs it: plain http works on
/// machines without any certificate authority, and so does a server whose own certificate is trusted.
pub struct Tls {
    roots: Vec<CertificateDer<'static>>,
    trusted: HashMap<Origin, CertificateFingerprint>,
    client_certificates: HashMap<Origin, ClientCertificate>,
    authorities: Mutex<Option<Arc<Verifier>>>,
    peers: Mutex<HashMap<Origin, TlsPeer>>,
}

impl Tls {
    /// TLS with the certificates of `options`.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        Self {
            roots: options.roots().to_vec(),
            trusted: options.trusted().clone(),
            client_certificates: options.client_certificates().clone(),
            authorities: Mutex::default(),
            peers: Mutex::default(),
        }
    }

    /// For one connection: how TLS is spoken with `host`, which may be an address in brackets, at `port`: with the certificate
    /// that is trusted there, or else with the system's authorities and the extra roots; with the client
    /// certificate of that origin; TLS 1.2 and 1.3, `ring`. There is no ALPN: drivers speak HTTP/1.1.
    ///
    /// # Errors
    ///
    /// [`ConfigError::NoAuthorities`], as [`TransportError::config`], when the system has no authorities, no
    /// extra root was given, and no certificate is trusted at that origin: it is tried again next time.
    /// [`Failure::Tls`] when no certificate can be for that host.
    pub fn peer(&self, host: &str, port: u16) -> Result<TlsPeer, TransportError> {
        let origin = Origin::new(host, port);
        if let Some(peer) = lock(&self.peers).get(&origin) {
            peer.identity.begin_handshake();
            return Ok(peer.clone());
        }
        let peer = self.peer_with(&origin, self.trusted.contains_key(&origin))?;
        Ok(lock(&self.peers).entry(origin).or_insert(peer).clone())
    }

    fn verifier(&self, origin: &Origin) -> Result<OriginVerifier, ConfigError> {
        let rule = match self.trusted.get(origin) {
            Some(fingerprint) => Rule::Certificate(*fingerprint),
            None => Rule::Authorities(self.authorities()?),
        };
        Ok(OriginVerifier::new(origin.clone(), rule))
    }

    fn authorities(&self) -> Result<Arc<Verifier>, ConfigError> {
        // Nothing under the lock leaves the value half made.
        let mut known = lock(&self.authorities);
        if let Some(known) = &*known {
            return Ok(Arc::clone(known));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let built = Arc::new(Verifier::new(&self.roots, &provider)?);
        *known = Some(Arc::clone(&built));
        Ok(built)
    }

    /// `is_fixed`: a resumed session would show no certificate.
    fn peer_with(&self, origin: &Origin, is_fixed: bool) -> Result<TlsPeer, TransportError> {
        let verifier = Arc::new(self.verifier(origin)?);
        let name = ServerName::try_from(origin.name().to_owned()).map_err(|_| no_such_name())?;
        let certificate = self.client_certificates.get(origin).cloned();
        let identity = Arc::new(Identity::new(certificate));
        let mut config =
            ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .expect("ring speaks the default versions of TLS")
                .dangerous() // rustls calls every verifier of one's own that; this one leaves no check out
                .with_custom_certificate_verifier(verifier)
                .with_client_cert_resolver(Arc::clone(&identity) as _);
        if is_fixed {
            config.resumption = Resumption::disabled();
        }
        Ok(TlsPeer { config: Arc::new(config), name, identity })
    }
}

fn no_such_name() -> TransportError {
    TransportError::new(Failure::Tls, "no certificate can have that name")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
        f.debug_struct("Tls")
            .field("extra_roots", &self.roots.len())
            .field("trusted", &self.trusted)
            .field("client_certificates", &self.client_certificates)
            .finish_non_exhaustive()
    }
}
