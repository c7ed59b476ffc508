//! What lets a program past a gateway in front of a server: headers and cookies, each for one origin.

mod error;
mod record;

pub use error::GatewayHeaderError;
pub(crate) use record::KeptHeader;

use std::{fmt, sync::Arc};

use http::{HeaderMap, HeaderName, HeaderValue, Request, Uri, header};
use zeroize::Zeroizing;

use crate::{
    ServerUrl,
    secret::{self, Wiped},
};

/// The longest value that is taken, in bytes. Proxies take lines of 8 KiB by default.
const LONGEST_VALUE: usize = 8192;

/// Headers and cookies that let a program past the log-in gateways in front of a server (gateway facts,
/// sections 2 and 3), each bound to the origin of one address.
///
/// A [`Login`](crate::Login), a [`Discovery`](crate::Discovery) and a [`Session`](crate::Session) take them
/// once and send them with every request to that origin: the same scheme, host and port. They go nowhere
/// else: not to where a redirect leads, and not to another address of the same server unless they are given
/// for it too. A finished login hands them to its session, whose record keeps them.
///
/// ```
/// use jellyfin_auth::{GatewayHeaders, ServerUrl};
///
/// let server = ServerUrl::parse("https://media.example.com")?;
/// let mut headers = GatewayHeaders::default();
/// headers.add(&server, "CF-Access-Client-Id", "88bf3b6d86161464.access")?;
/// headers.add(&server, "CF-Access-Client-Secret", "57cf1a3c")?;
///
/// let mut request = http::Request::get("https://media.example.com/web/").body(())?;
/// headers.add_to(&mut request);
/// assert_eq!(request.headers()["cf-access-client-secret"], "57cf1a3c");
/// assert!(!format!("{headers:?}").contains("57cf1a3c"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The values are secrets: wiped when the last clone is dropped, and redacted in `Debug`. Clones share one
/// copy.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct GatewayHeaders {
    /// `None` when there are none, as nearly always.
    lines: Option<Arc<Vec<Line>>>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Line {
    origin: ServerUrl,
    name: HeaderName,
    value: Wiped,
}

impl GatewayHeaders {
    /// Adds a line for the origin of `server`. Several of one name are all sent; cookies become one
    /// `Cookie` line, as RFC 6265 (section 5.4) wants it.
    ///
    /// `Proxy-Authorization` is taken for https alone, where it reaches what stands in front of the server:
    /// Authelia can be set up to read it, and it leaves `Authorization` to Jellyfin (gateway facts, section
    /// 3.3).
    ///
    /// # Errors
    ///
    /// [`GatewayHeaderError`] for what can't be a header, and for headers that belong to the sign-in or to
    /// HTTP itself; each says what to do instead. Nothing was added then.
    pub fn add(
        &mut self,
        server: &ServerUrl,
        name: &str,
        value: &str,
    ) -> Result<(), GatewayHeaderError> {
        let name: HeaderName = name.trim().parse().map_err(|_| GatewayHeaderError::BadName)?;
        if let Some(refusal) = GatewayHeaderError::of_name(&name, server) {
            return Err(refusal);
        }
        let value = value.trim();
        let can_be_sent = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
        if value.is_empty() || value.len() > LONGEST_VALUE || !value.bytes().all(can_be_sent) {
            return Err(GatewayHeaderError::BadValue { name: name.as_str().to_owned() });
        }
        let line = Line { origin: server.origin(), name, value: Wiped::from(value.to_owned()) };
        Arc::make_mut(self.lines.get_or_insert_default()).push(line);
        Ok(())
    }

    /// Removes all lines for the origin of `server`: before they are given anew.
    pub fn remove(&mut self, server: &ServerUrl) {
        let Some(lines) = &mut self.lines else { return };
        let lines = Arc::make_mut(lines);
        lines.retain(|line| !line.origin.has_same_origin(server));
        if lines.is_empty() {
            self.lines = None;
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_none()
    }

    /// Whether there are some for the origin of `server`.
    #[must_use]
    pub fn are_for(&self, server: &ServerUrl) -> bool {
        self.lines().iter().any(|line| line.origin.has_same_origin(server))
    }

    /// Adds the lines whose origin is that of the request's URI, in place of others of the same names, and
    /// marks them as sensitive. A web socket (`wss`, `ws`) has the origin of its server (`https`, `http`).
    /// Cookies are added to those that the request has.
    ///
    /// The machines do it by themselves, and so does
    /// [`Session::authorize`](crate::Session::authorize).
    pub fn add_to<B>(&self, request: &mut Request<B>) {
        if self.lines.is_none() {
            return;
        }
        let (uri, mut rest, mut cookies) = (request.uri().clone(), HeaderMap::new(), Vec::new());
        for line in self.lines().iter().filter(|line| line.is_for(&uri)) {
            if line.name == header::COOKIE {
                cookies.extend(pairs(line.value.expose()));
            } else {
                rest.append(
                    &line.name,
                    header_value(Zeroizing::new(line.value.expose().to_owned())),
                );
            }
        }
        let headers = request.headers_mut();
        if !cookies.is_empty() {
            add_cookies(headers, &cookies);
        }
        // A map's `extend` replaces what has the same name.
        headers.extend(rest);
    }

    fn lines(&self) -> &[Line] {
        self.lines.as_deref().map_or(&[], Vec::as_slice)
    }
}

impl Line {
    fn is_for(&self, uri: &Uri) -> bool {
        let is_encrypted = match uri.scheme_str() {
            Some("https" | "wss") => true,
            Some("http" | "ws") => false,
            _ => return false,
        };
        let port = uri.port_u16().unwrap_or(if is_encrypted { 443 } else { 80 });
        is_encrypted == self.origin.is_encrypted()
            && port == self.origin.port()
            && uri.host().is_some_and(|host| host.eq_ignore_ascii_case(self.origin.host()))
    }
}

/// The cookies of a line.
fn pairs(line: &str) -> impl Iterator<Item = &str> {
    line.split(';').map(str::trim).filter(|pair| !pair.is_empty())
}

/// Adds cookies to the one `Cookie` line, in place of others of the same names.
fn add_cookies(headers: &mut HeaderMap, added: &[&str]) {
    let has_name_of = |one: &str, other: &str| one.split('=').next() == other.split('=').next();
    let lines = headers.get_all(header::COOKIE).into_iter();
    // What isn't text is no cookie of ours, and no server's either.
    let kept = lines.flat_map(|line| pairs(line.to_str().unwrap_or_default()));
    let kept = kept.filter(|one| !added.iter().any(|new| has_name_of(one, new)));
    let all: Vec<&str> = kept.chain(added.iter().copied()).collect();
    // Sized beforehand: growing would leave a copy behind.
    let mut line = Zeroizing::new(String::with_capacity(all.iter().map(|one| one.len() + 2).sum()));
    for pair in all {
        if !line.is_empty() {
            line.push_str("; ");
        }
        line.push_str(pair);
    }
    headers.insert(header::COOKIE, header_value(line));
}

fn header_value(line: Zeroizing<String>) -> HeaderValue {
    secret::header_value(line).expect("it was checked when it was added")
}

impl fmt::Debug for GatewayHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.lines()).finish()
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, name, value } = self;
        f.debug_struct("GatewayHeader")
            .field("origin", origin)
            .field("name", name)
            .field("value", value)
            .finish()
    }
}
