use std::{collections::HashMap, path::Path};

use http::Uri;
use jellyfin_auth::{CertificateFingerprint, ServerUrl, TrustedCertificate};
use rustls::pki_types::CertificateDer;

use crate::{
    ConfigError, Proxy, Route,
    tls::{self, ClientCertificate, Origin},
};

/// How a driver connects. The defaults suit most programs: the system's certificate authorities, and
/// a proxy when the environment names one.
///
/// Nothing here turns the checking of certificates off: [`trust`](Self::trust) the certificate of a home
/// server instead, or give its authority's.
///
/// ```
/// use jellyfin_auth_transport::{Options, Proxy};
/// # fn main() -> Result<(), jellyfin_auth_transport::ConfigError> {
/// let options = Options::new().proxy(Proxy::parse("http://proxy.example.com:3128")?);
/// # drop(options);
/// # Ok(())
/// # }
/// ```
///
/// `Debug` shows no secret: no proxy's password, no client's key.
///
/// What a gateway in front of a server wants is no option of a driver: it belongs to the server's address, and
/// is kept with the session ([`GatewayHeaders`](jellyfin_auth::GatewayHeaders)).
#[derive(Clone, Debug, Default)]
pub struct Options {
    roots: Vec<CertificateDer<'static>>,
    trusted: HashMap<Origin, CertificateFingerprint>,
    client_certificates: HashMap<Origin, ClientCertificate>,
    proxy: Proxy,
}

impl Options {
    /// The defaults. The environment's proxy variables are read now.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts one or more certificates (PEM text) beside the system's authorities: a private
    /// authority, or a self-signed certificate of one server, such as `openssl req -x509` makes.
    ///
    /// Name, dates and signature of what the server shows are checked as usual.
    ///
    /// # Errors
    ///
    /// [`ConfigError::NoCertificate`] when there is none in the text, [`ConfigError::BadCertificate`]
    /// when one of them can't be read.
    pub fn root_certificate_pem(mut self, pem: &[u8]) -> Result<Self, ConfigError> {
        self.roots.extend(tls::read_roots(pem)?);
        Ok(self)
    }

    /// Trusts this certificate at the origin (scheme, host and port) of `origin`, whatever its name, its
    /// issuer or its dates: somebody has compared its fingerprint with what the server's own screen shows.
    /// That the server has its key is checked as always.
    ///
    /// **No other certificate is taken there from then on**, not even one that an authority vouches for:
    /// [`CertificateChanged`](jellyfin_auth::Failure::CertificateChanged), and nothing is sent. Other origins
    /// are as before. Of two for one origin the later one counts. It works on a machine without any
    /// certificate authority. An http address has no certificate: then this does nothing.
    ///
    /// ```
    /// use jellyfin_auth::ServerUrl;
    /// use jellyfin_auth_transport::Options;
    ///
    /// let nas = ServerUrl::parse("https://nas:8920")?;
    /// let shown_by_the_server = "5E:4A:C9:2F:00:1F:78:48:1D:B4:6E:84:34:30:3D:DD:\
    ///                            76:A1:31:D1:02:49:21:65:A6:A5:65:7F:F4:42:8E:B9";
    /// let options = Options::new().trust(&nas, shown_by_the_server.parse()?);
    /// # drop(options);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn trust(mut self, origin: &ServerUrl, fingerprint: CertificateFingerprint) -> Self {
        self.trusted.extend(Origin::of_server(origin).map(|origin| (origin, fingerprint)));
        self
    }

    /// [Trusts](Self::trust) each of these certificates at its origin: those of a
    /// [`Session`](jellyfin_auth::Session) or of a [`Login`](jellyfin_auth::Login) that was resumed.
    #[must_use]
    pub fn trust_all(self, certificates: &[TrustedCertificate]) -> Self {
        let trust = |options: Self, one: &TrustedCertificate| {
            options.trust(one.origin(), one.fingerprint())
        };
        certificates.iter().fold(self, trust)
    }

    /// Shows a client certificate to the origin (scheme, host and port) of `origin` when it asks for one, and
    /// to no other. `chain` is the certificate and what its issuer needs, `key` its private key: PEM text,
    /// the key as PKCS#8, PKCS#1 or SEC1 without a pass phrase. One text may hold both.
    ///
    /// Of two for one origin the later one counts. What this crate holds of the key is wiped;
    /// rustls, which reads it, and `ring`, which keeps it, don't wipe theirs.
    ///
    /// # Errors
    ///
    /// All of them at once, before anything is sent: [`ConfigError::NoClientCertificate`],
    /// [`ConfigError::BadClientCertificate`], [`ConfigError::NoClientKey`], [`ConfigError::BadClientKey`],
    /// [`ConfigError::EncryptedClientKey`]; [`ConfigError::ClientKeyMismatch`] when the two don't belong
    /// together; [`ConfigError::ClientCertificateWithoutTls`] for an http address.
    pub fn client_certificate(
        self,
        origin: &ServerUrl,
        chain: &[u8],
        key: &[u8],
    ) -> Result<Self, ConfigError> {
        self.with_client_certificate(origin, ClientCertificate::from_pem(chain, key)?)
    }

    /// The same as [`client_certificate`](Self::client_certificate) from files, which are read now.
    ///
    /// # Errors
    ///
    /// The same, and [`ConfigError::UnreadableFile`].
    pub fn client_certificate_files(
        self,
        origin: &ServerUrl,
        chain: impl AsRef<Path>,
        key: impl AsRef<Path>,
    ) -> Result<Self, ConfigError> {
        let certificate = ClientCertificate::from_files(chain.as_ref(), key.as_ref())?;
        self.with_client_certificate(origin, certificate)
    }

    fn with_client_certificate(
        mut self,
        origin: &ServerUrl,
        certificate: ClientCertificate,
    ) -> Result<Self, ConfigError> {
        let origin = Origin::of_server(origin).ok_or(ConfigError::ClientCertificateWithoutTls)?;
        self.client_certificates.insert(origin, certificate);
        Ok(self)
    }

    /// Which proxy requests go through; the environment's by default.
    #[must_use]
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = proxy;
        self
    }

    /// For drivers: which way a request to `uri` goes.
    ///
    /// # Errors
    ///
    /// [`ConfigError::ProxyKind`] when the environment names a proxy of a kind that isn't spoken:
    /// going around it in silence would be worse. [`ConfigError::BadProxy`] when
    /// what it names can't be read.
    pub fn route(&self, uri: &Uri) -> Result<Route, ConfigError> {
        self.proxy.route(uri)
    }

    pub(crate) fn trusted(&self) -> &HashMap<Origin, CertificateFingerprint> {
        &self.trusted
    }

    pub(crate) fn client_certificates(&self) -> &HashMap<Origin, ClientCertificate> {
        &self.client_certificates
    }

    pub(crate) fn roots(&self) -> &[CertificateDer<'static>] {
        &self.roots
    }
}
