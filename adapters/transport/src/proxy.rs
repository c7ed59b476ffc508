use std::{env, fmt, sync::Arc};

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use crate::ConfigError;

/// Which proxy requests go through.
///
/// `http` requests are sent to the proxy itself, `https` ones through a tunnel (`CONNECT`), so that
/// no proxy reads what is encrypted. `Debug` shows no user name or password.
#[derive(Clone)]
pub struct Proxy(Choice);

#[derive(Clone)]
enum Choice {
    None,
    Environment(Arc<Matcher>),
    Fixed(Arc<Matcher>),
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
    intercept: Intercept,
}

impl Proxy {
    /// The environment's: `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in lower or upper
    /// case, read now. This is the default.
    #[must_use]
    pub fn from_environment() -> Self {
        let everywhere = ["NO_PROXY", "no_proxy"]
            .iter()
            .find_map(|name| env::var(name).ok())
            .is_some_and(|hosts| hosts.trim() == "*");
        if everywhere {
            // The matcher would still send IP addresses through the proxy.
            return Self::none();
        }
        Self(Choice::Environment(Arc::new(Matcher::from_env())))
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
        let matcher = Matcher::builder().all(url).build();
        let probe = Uri::from_static("http://localhost/");
        match matcher.intercept(&probe) {
            Some(intercept) => {
                ProxyServer::new(intercept)?;
                Ok(Self(Choice::Fixed(Arc::new(matcher))))
            }
            None => match url.split_once("://") {
                Some((scheme, _)) if is_foreign_scheme(scheme) => {
                    Err(ConfigError::ProxyKind { scheme: scheme.to_ascii_lowercase() })
                }
                _ => Err(ConfigError::BadProxy),
            },
        }
    }

    pub(crate) fn route(&self, uri: &Uri) -> Result<Route, ConfigError> {
        let intercept = match &self.0 {
            Choice::None => None,
            Choice::Environment(matcher) | Choice::Fixed(matcher) => matcher.intercept(uri),
        };
        intercept
            .map_or(Ok(Route::Direct), |intercept| ProxyServer::new(intercept).map(Route::Proxy))
    }
}

fn is_foreign_scheme(scheme: &str) -> bool {
    !scheme.eq_ignore_ascii_case("http")
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|next| next.is_ascii_alphanumeric() || "+-.".contains(next))
}

impl ProxyServer {
    fn new(intercept: Intercept) -> Result<Self, ConfigError> {
        let uri = intercept.uri();
        let authority = uri.authority().ok_or(ConfigError::BadProxy)?;
        // `http` takes any text for a port and then has none.
        let port_is_lost =
            authority.port_u16().is_none() && authority.as_str().len() > authority.host().len();
        match uri.scheme_str() {
            Some("http") if !port_is_lost => Ok(Self { intercept }),
            Some("http") | None => Err(ConfigError::BadProxy),
            Some(scheme) => Err(ConfigError::ProxyKind { scheme: scheme.to_owned() }),
        }
    }

    /// The proxy's name or address; an IPv6 address comes in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.intercept.uri().host().unwrap_or_default()
    }

    /// The proxy's port; 80 when none was given.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.intercept.uri().port_u16().unwrap_or(80)
    }

    /// The `Proxy-Authorization` to send to it; marked as sensitive.
    #[must_use]
    pub fn authorization(&self) -> Option<&HeaderValue> {
        self.intercept.basic_auth()
    }
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
            Choice::Fixed(matcher) => {
                let probe = Uri::from_static("http://localhost/");
                let shown = matcher.intercept(&probe).map(|intercept| intercept.uri().to_string());
                f.debug_tuple("Proxy").field(&shown.unwrap_or_default()).finish()
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
