use url::Url;

use super::{ServerUrl, Which, before_segment};

/// The path that the probe asks for, and that a harmless redirect keeps.
const PROBE_PATH: &str = "/System/Info/Public";

/// Where a redirect leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Redirect {
    /// The server's address, where the redirect of a probe gives one that is safe to follow.
    pub(crate) adopt: Option<ServerUrl>,
    /// The target without query, fragment and user name, to be shown; `None` when it can't be read.
    pub(crate) to: Option<String>,
}

impl Redirect {
    /// Reads the `Location` of a response to a request for `path`. The addresses that may be adopted are
    /// https on the same host after http and the same origin, both with the probe's path, and the same
    /// origin where the web client is (protocol facts, section 8.1).
    pub(crate) fn read(server: &ServerUrl, path: &str, location: Option<&[u8]>) -> Self {
        let Some((from, to)) = resolve(server, path, location) else {
            return Self { adopt: None, to: None };
        };
        Self { adopt: adopt(server, &from, &to), to: Some(shown(&to)) }
    }
}

/// The address of `path`, and where `location` leads from there.
pub(crate) fn resolve(
    server: &ServerUrl,
    path: &str,
    location: Option<&[u8]>,
) -> Option<(Url, Url)> {
    let location = std::str::from_utf8(location?).ok()?;
    let from = Url::parse(&format!("{server}{path}")).ok()?;
    let to = from.join(location).ok()?;
    Some((from, to))
}

fn adopt(server: &ServerUrl, from: &Url, to: &Url) -> Option<ServerUrl> {
    if !to.username().is_empty() || to.password().is_some() {
        return None;
    }
    let same_origin = from.origin() == to.origin();
    let upgrade =
        from.scheme() == "http" && to.scheme() == "https" && from.host_str() == to.host_str();
    if !(same_origin || upgrade) {
        return None;
    }
    let found = if let Some(base) = to.path().strip_suffix(PROBE_PATH) {
        ServerUrl::at(to, base.trim_end_matches('/')).ok()?
    } else if same_origin {
        let base = before_segment(to.path(), "web", Which::Last)
            .or_else(|| to.path().trim_end_matches('/').strip_suffix("/api-docs/swagger"))?;
        let found = ServerUrl::at(to, base.trim_end_matches('/')).ok()?;
        if found.base_path() == server.base_path() {
            return None;
        }
        found
    } else {
        return None;
    };
    Some(found)
}

/// An address fit to be shown: without query, fragment and user name.
pub(crate) fn shown(to: &Url) -> String {
    if to.cannot_be_a_base() {
        return format!("{}:", to.scheme());
    }
    let mut shown = to.clone();
    shown.set_query(None);
    shown.set_fragment(None);
    shown.set_username("").ok();
    shown.set_password(None).ok();
    let mut shown = String::from(shown);
    let end = shown.char_indices().nth(ServerUrl::MAX_LENGTH).map_or(shown.len(), |(end, _)| end);
    shown.truncate(end);
    shown
}
