//! The address of a server.

mod candidates;
mod error;
mod redirect;

pub use error::ServerUrlError;
pub(crate) use redirect::{Redirect, resolve, shown};

use std::{fmt, str::FromStr, sync::Arc};

use http::Uri;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
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

    /// Reads an address that was written by [`as_str`](Self::as_str), exactly as it stands: the base path
    /// that a server gave may have a `web` of its own, which [`parse`](Self::parse) would drop. This is
    /// also its serialized form.
    ///
    /// # Errors
    ///
    /// [`ServerUrlError`], as [`parse`](Self::parse); [`ServerUrlError::Unreadable`] without a scheme.
    pub fn from_exact(text: &str) -> Result<Self, ServerUrlError> {
        let url = read(check(text)?)?;
        Self::at(&url, url.path().trim_end_matches('/'))
    }

    fn from_complete(complete: &str) -> Result<Self, ServerUrlError> {
        let url = read(complete)?;
        Self::at(&url, base_path(url.path()))
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
            Ok(_) => Ok(server),
            Err(_) => Err(ServerUrlError::Unreadable),
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

    /// The port, given or implied by the scheme.
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
        // From a `String`, which it takes over: of anything borrowed it would make a copy.
        Uri::try_from(text)
    }

    /// The same origin without a base path.
    pub(crate) fn origin(&self) -> Self {
        self.root().unwrap_or_else(|| self.clone())
    }

    /// The same origin without a base path; `None` when there is no base path.
    pub(crate) fn root(&self) -> Option<Self> {
        self.without_last(self.base_path().len())
    }

    /// The same without the last segment of the base path; `None` when there is no base path.
    pub(crate) fn parent(&self) -> Option<Self> {
        let path = self.base_path();
        self.without_last(path.len() - path.rfind('/')?)
    }

    fn without_last(&self, length: usize) -> Option<Self> {
        (length > 0).then(|| Self(self.0[..self.0.len() - length].trim_end_matches('/').into()))
    }

    /// Whether scheme, host and port are the same.
    pub(crate) fn has_same_origin(&self, other: &Self) -> bool {
        (self.is_encrypted(), self.host(), self.port())
            == (other.is_encrypted(), other.host(), other.port())
    }
}

impl FromStr for ServerUrl {
    type Err = ServerUrlError;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        Self::parse(typed)
    }
}

impl Serialize for ServerUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ServerUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::from_exact(&text).map_err(serde::de::Error::custom)
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

/// Whether `typed` starts with a scheme. `nas:8096` doesn't: that is a host and a port. `https:/nas`
/// and `https:\\nas` do, as in a browser.
fn has_scheme(typed: &str) -> bool {
    let Some((scheme, rest)) = typed.split_once(':') else { return false };
    if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
        let port = authority(rest);
        return port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit());
    }
    rest.starts_with("//")
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|next| next.is_ascii_alphanumeric() || "+-.".contains(next))
}

/// What stands before path, query and fragment.
fn authority(text: &str) -> &str {
    text.split(['/', '\\', '?', '#']).next().unwrap_or(text)
}

/// Reads a complete address, and refuses what can't be a server's.
fn read(complete: &str) -> Result<Url, ServerUrlError> {
    let url = Url::parse(complete).map_err(|error| ServerUrlError::from_parser(error, complete))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(ServerUrlError::Scheme { scheme: url.scheme().to_owned() });
    }
    // By the text: the parser drops a user name that is empty.
    let rest = complete.split_once(':').map_or(complete, |(_, rest)| rest);
    if authority(rest.trim_start_matches(['/', '\\'])).contains('@') {
        return Err(ServerUrlError::UserInfo);
    }
    if url.port() == Some(0) {
        return Err(ServerUrlError::Port);
    }
    let host = url.host_str().unwrap_or_default();
    if !can_be_host(host) {
        return Err(ServerUrlError::Host);
    }
    // A scheme that was typed twice, or without its colon.
    if matches!(host, "http" | "https") && url.path().starts_with("//") {
        return Err(ServerUrlError::Unreadable);
    }
    Ok(url)
}

/// Whether a name server can know `host`: a URL parser takes much more.
fn can_be_host(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    host.starts_with('[')
        || name.split('.').all(|label| {
            !label.is_empty()
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        })
}

/// What of a path belongs to the server: all before the web client's segment, without slashes behind.
fn base_path(path: &str) -> &str {
    before_segment(path, "web", Which::First).unwrap_or(path).trim_end_matches('/')
}

/// Which of several segments of one name.
#[derive(Clone, Copy)]
enum Which {
    First,
    Last,
}

/// All before the `/name` that is a whole segment.
fn before_segment<'p>(path: &'p str, name: &str, which: Which) -> Option<&'p str> {
    let mut found = path.match_indices('/').map(|(slash, _)| slash).filter(|slash| {
        let rest = &path[slash + 1..];
        rest.split_once('/').map_or(rest, |(segment, _)| segment) == name
    });
    let slash = match which {
        Which::First => found.next(),
        Which::Last => found.next_back(),
    };
    slash.map(|slash| &path[..slash])
}
