//! The address of a server.

mod candidates;
mod error;
mod redirect;

pub use error::ServerUrlError;
pub(crate) use redirect::Redirect;

use std::{fmt, str::FromStr, sync::Arc};

use http::Uri;
use url::Url;

/// The address of a Jellyfin server: scheme, host, port and base path, without a trailing slash.
///
/// ```
/// use jellyfin_auth::ServerUrl;
///
/// assert_eq!(ServerUrl::parse("media.example.com")?.as_str(), "https://media.example.com");
/// assert_eq!(ServerUrl::parse("http://nas:8096/")?.as_str(), "http://nas:8096");
/// assert_eq!(
///     ServerUrl::parse("https://example.com/jellyfin/web/#/home.html")?.as_str(),
///     "https://example.com/jellyfin",
/// );
/// # Ok::<(), jellyfin_auth::ServerUrlError>(())
/// ```
///
/// Cloning is cheap: clones share one copy.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerUrl(Arc<str>);

impl ServerUrl {
    /// The longest address that is taken, in bytes. Servers take request lines of 8 KiB.
    pub const MAX_LENGTH: usize = 2048;

    /// Reads what people type or paste.
    ///
    /// Without a scheme it is `https`. The page of the web client (`/web` and what follows), query,
    /// fragment and trailing slashes are dropped. What is left is read as a browser reads it.
    ///
    /// # Errors
    ///
    /// [`ServerUrlError`] for anything that can't be the address of a server; each says what to do.
    pub fn parse(typed: &str) -> Result<Self, ServerUrlError> {
        let typed = check(typed)?;
        if has_scheme(typed) {
            Self::from_complete(typed)
        } else {
            Self::from_complete(&format!("https://{typed}"))
        }
    }

    fn from_complete(complete: &str) -> Result<Self, ServerUrlError> {
        let url =
            Url::parse(complete).map_err(|error| ServerUrlError::from_parser(error, complete))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(ServerUrlError::Scheme { scheme: url.scheme().to_owned() });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ServerUrlError::UserInfo);
        }
        Self::from_url(&url)
    }

    /// Takes origin and path of an http or https URL.
    fn from_url(url: &Url) -> Result<Self, ServerUrlError> {
        Self::at(url, base_path(url.path()))
    }

    /// `path` at the origin of `url`.
    fn at(url: &Url, path: &str) -> Result<Self, ServerUrlError> {
        let text = format!("{}{path}", url.origin().ascii_serialization());
        if text.len() > Self::MAX_LENGTH {
            return Err(ServerUrlError::TooLong);
        }
        let server = Self(text.into());
        // The parsers of two crates must agree, or a request could not be built later.
        match server.try_endpoint("/System/Info/Public") {
            Ok(uri) if uri.host().is_some_and(|host| !host.is_empty()) => Ok(server),
            _ => Err(ServerUrlError::Unreadable),
        }
    }

    /// The address as text, without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether what is sent there is encrypted (`https`).
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.starts_with("https:")
    }

    /// The host's name or address; an IPv6 address comes in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        let authority = self.authority();
        match authority.rfind(':') {
            Some(colon) if !authority.ends_with(']') => &authority[..colon],
            _ => authority,
        }
    }

    /// The port, told or implied by the scheme.
    #[must_use]
    pub fn port(&self) -> u16 {
        let authority = self.authority();
        authority[self.host().len()..]
            .strip_prefix(':')
            .and_then(|port| port.parse().ok())
            .unwrap_or(if self.is_encrypted() { 443 } else { 80 })
    }

    /// The base path: empty, or with a slash before and none behind.
    #[must_use]
    pub fn base_path(&self) -> &str {
        let rest = self.after_scheme();
        rest.find('/').map_or("", |slash| &rest[slash..])
    }

    fn after_scheme(&self) -> &str {
        self.0.find("://").map_or(&self.0, |scheme| &self.0[scheme + 3..])
    }

    fn authority(&self) -> &str {
        let rest = self.after_scheme();
        rest.find('/').map_or(rest, |slash| &rest[..slash])
    }

    /// The URI of an endpoint: `path` starts with a slash and may have a query.
    pub(crate) fn endpoint(&self, path: &str) -> Uri {
        self.try_endpoint(path).expect("a server URL was checked to make URIs when it was parsed")
    }

    fn try_endpoint(&self, path: &str) -> Result<Uri, http::uri::InvalidUri> {
        let mut text = String::with_capacity(self.0.len() + path.len());
        text.push_str(&self.0);
        text.push_str(path);
        Uri::from_maybe_shared(text.into_bytes())
    }

    /// The same origin without a base path; `None` when there is no base path.
    pub(crate) fn without_base_path(&self) -> Option<Self> {
        let path = self.base_path();
        (!path.is_empty()).then(|| Self(self.0[..self.0.len() - path.len()].into()))
    }
}

impl FromStr for ServerUrl {
    type Err = ServerUrlError;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        Self::parse(typed)
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ServerUrl").field(&self.as_str()).finish()
    }
}

/// Trims what was typed and refuses what no parser should see: a URL parser would drop tabs and
/// line breaks without a word.
fn check(typed: &str) -> Result<&str, ServerUrlError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(ServerUrlError::NoHost);
    }
    if typed.len() > ServerUrl::MAX_LENGTH {
        return Err(ServerUrlError::TooLong);
    }
    if typed.chars().any(|character| character.is_control() || character.is_whitespace()) {
        return Err(ServerUrlError::Blank);
    }
    Ok(typed)
}

/// Whether `typed` starts with a scheme. `nas:8096` doesn't: that is a host and a port.
fn has_scheme(typed: &str) -> bool {
    typed.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|next| next.is_ascii_alphanumeric() || "+-.".contains(next))
    })
}

/// What of a path belongs to the server: all before the web client's segment, without slashes behind.
fn base_path(path: &str) -> &str {
    before_last_segment(path, "web").unwrap_or(path).trim_end_matches('/')
}

/// All before the last `/name` that is a whole segment.
fn before_last_segment<'p>(path: &'p str, name: &str) -> Option<&'p str> {
    path.rmatch_indices('/').map(|(slash, _)| slash).find_map(|slash| {
        let rest = &path[slash + 1..];
        let segment = rest.split_once('/').map_or(rest, |(segment, _)| segment);
        (segment == name).then(|| &path[..slash])
    })
}
