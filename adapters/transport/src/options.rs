use http::Uri;
use jellyfin_auth::ServerUrl;
use rustls::pki_types::CertificateDer;

use crate::{ConfigError, Proxy, Route, extra_header::ExtraHeader, tls};

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
/// `Debug` shows no secret: no header's value, no proxy's password.
#[derive(Clone, Debug, Default)]
pub struct Options {
    roots: Vec<CertificateDer<'static>>,
    proxy: Proxy,
    headers: Vec<ExtraHeader>,
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

    /// Sends an extra header to one server, for an access proxy in front of it.
    ///
    /// It goes to the origin of `server` alone, and to https on the same host when `server` is http
    /// and turned out to have moved there. It is marked as sensitive. Several with one name are all
    /// sent.
    ///
    /// # Errors
    ///
    /// [`ConfigError::ReservedHeader`] for headers that belong to the sign-in or the connection
    /// (`Authorization`, `Host`, `X-Emby-Token`, …), [`ConfigError::BadHeaderName`] and
    /// [`ConfigError::BadHeaderValue`] for what can't be sent at all.
    pub fn header(
        mut self,
        server: &ServerUrl,
        name: &str,
        value: &str,
    ) -> Result<Self, ConfigError> {
        self.headers.push(ExtraHeader::new(server, name, value)?);
        Ok(self)
    }

    /// For drivers: adds the extra headers that are meant for where `request` goes.
    pub fn add_headers<B>(&self, request: &mut http::Request<B>) {
        for header in &self.headers {
            header.add_to(request);
        }
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

    pub(crate) fn roots(&self) -> &[CertificateDer<'static>] {
        &self.roots
    }
}
