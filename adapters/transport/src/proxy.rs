mod environment;
mod no_proxy;

use std::{fmt, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Uri};
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use crate::ConfigError;
use environment::Environment;

/// Which proxy requests go through.
///
/// `http` requests are sent to the proxy itself, `https` ones through a tunnel (`CONNECT`), so that
/// no proxy reads what is encrypted. `Debug` shows no user name or password.
#[derive(Clone)]
pub struct Proxy(Choice);

#[derive(Clone)]
enum Choice {
    None,
    Environment(Arc<Environment>),
    Fixed(ProxyServer),
}

/// Which way a request goes.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a driver that goes both ways is complete")]
pub enum Route {
    /// Straight to the server.
    Direct,
    /// Through this proxy.
    Proxy(ProxyServer),
}

/// An `http` proxy. `Debug` shows no user name or password.
#[derive(Clone)]
pub struct ProxyServer {
    host: String,
    port: u16,
    authorization: Option<HeaderValue>,
}

impl Proxy {
    /// The environment's: `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in lower or upper
    /// case, read now. This is the default.
    ///
    /// `no_proxy` lists, with commas between them, domains (with all below them), addresses
    /// (`192.168.1.2`) and networks (`192.168.0.0/16`); `*` is everything.
    #[must_use]
    pub fn from_environment() -> Self {
        Self(Choice::Environment(Arc::new(Environment::read())))
    }

    /// No proxy, whatever is in the environment.
    #[must_use]
    pub fn none() -> Self {
        Self(Choice::None)
    }

    /// This proxy for everything: `http://proxy.example.com:3128`, or with a log-in
    /// `http://user:password@proxy.example.com:3128` (percent-encoded where need be).
    ///
    /// # Errors
    ///
    /// [`ConfigError::BadProxy`] when that is no address, [`ConfigError::ProxyKind`] for other kinds
    /// than `http`.
    pub fn parse(url: &str) -> Result<Self, ConfigError> {
        Ok(Self(Choice::Fixed(ProxyServer::parse(url)?)))
    }

    pub(crate) fn route(&self, uri: &Uri) -> Result<Route, ConfigError> {
        match &self.0 {
            Choice::None => Ok(Route::Direct),
            Choice::Fixed(server) => Ok(Route::Proxy(server.clone())),
            Choice::Environment(environment) => environment.route(uri),
        }
    }
}

impl ProxyServer {
    fn parse(url: &str) -> Result<Self, ConfigError> {
        if let Some((scheme, _)) = url.split_once("://") {
            if is_foreign_scheme(scheme) {
                return Err(ConfigError::ProxyKind { scheme: scheme.to_ascii_lowercase() });
            }
        }
        let uri: Uri = url.parse().map_err(|_| ConfigError::BadProxy)?;
        let authority = uri.authority().ok_or(ConfigError::BadProxy)?;
        let (login, address) = match authority.as_str().rsplit_once('@') {
            Some((login, address)) => (Some(login), address),
            None => (None, authority.as_str()),
        };
        let host = authority.host();
        let port = match authority.port_u16() {
            Some(port) => port,
            None if address.len() == host.len() => 80,
            // `http` takes any text for a port and then has none.
            None => return Err(ConfigError::BadProxy),
        };
        Ok(Self { host: host.to_owned(), port, authorization: login.map(basic).transpose()? })
    }

    /// The proxy's name or address; an IPv6 address comes in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The proxy's port; 80 when none was given.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The `Proxy-Authorization` to send to it; marked as sensitive.
    #[must_use]
    pub fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }
}

fn is_foreign_scheme(scheme: &str) -> bool {
    !scheme.eq_ignore_ascii_case("http")
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|next| next.is_ascii_alphanumeric() || "+-.".contains(next))
}

/// RFC 7617, of a log-in as it stands in an address.
fn basic(login: &str) -> Result<HeaderValue, ConfigError> {
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    // Sized beforehand: growing would leave copies behind.
    let mut credentials = Zeroizing::new(Vec::with_capacity(login.len() + 1));
    credentials.extend(percent_decode_str(user));
    credentials.push(b':');
    credentials.extend(percent_decode_str(password));
    let mut value = Zeroizing::new(String::with_capacity(2 * login.len() + 16));
    value.push_str("Basic ");
    STANDARD.encode_string(&*credentials, &mut value);
    let value = HeaderValue::from_maybe_shared(Bytes::from_owner(value));
    let mut value = value.map_err(|_| ConfigError::BadProxy)?;
    value.set_sensitive(true);
    Ok(value)
}

impl Default for Proxy {
    fn default() -> Self {
        Self::from_environment()
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Choice::None => f.write_str("Proxy::none()"),
            Choice::Environment(_) => f.write_str("Proxy::from_environment()"),
            Choice::Fixed(ProxyServer { host, port, authorization: _ }) => {
                f.debug_tuple("Proxy").field(&format_args!("http://{host}:{port}")).finish()
            }
        }
    }
}

impl fmt::Debug for ProxyServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyServer")
            .field("host", &self.host())
            .field("port", &self.port())
            .finish_non_exhaustive()
    }
}
