use http::Uri;
use rustls::pki_types::CertificateDer;

use crate::{ConfigError, Proxy, Route, tls};

/// How a driver connects. The defaults suit most programs: the system's certificate authorities, and
/// a proxy when the environment names one.
///
/// Nothing here turns the checking of certificates off: give the certificate of a home server
/// instead.
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
/// `Debug` shows no secret: no proxy's password.
///
/// What a gateway in front of a server wants is no option of a driver: it belongs to the server's address, and
/// is kept with the session ([`GatewayHeaders`](jellyfin_auth::GatewayHeaders)).
#[derive(Clone, Debug, Default)]
pub struct Options {
    roots: Vec<CertificateDer<'static>>,
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
    /// going around it in silence would be worse.
    pub fn route(&self, uri: &Uri) -> Result<Route, ConfigError> {
        self.proxy.route(uri)
    }

    pub(crate) fn roots(&self) -> &[CertificateDer<'static>] {
        &self.roots
    }
}
