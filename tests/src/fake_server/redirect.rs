//! Base URL and redirects (protocol facts, sections 8.1 and 8.6).

use http::Uri;

use super::{FakeServer, Version, answer::Answer};

/// What becomes of a path before the server looks at it.
pub(super) enum Rebased {
    /// The path below the base URL.
    Path(String),
    /// Elsewhere, by a redirect.
    Redirect(Answer),
    /// It begins like the base URL and doesn't go on like it.
    Beside,
}

impl FakeServer {
    pub(super) fn rebase(&self, path: &str) -> Rebased {
        let base = self.settings.base_path();
        let is_under = path.len() >= base.len()
            && path.is_char_boundary(base.len())
            && path[..base.len()].eq_ignore_ascii_case(&base);
        let rest = if is_under { &path[base.len()..] } else { path };
        if !base.is_empty() && path == "/health" && self.version > Version::V10_7 {
            return Rebased::Redirect(Answer::Redirect(302, format!("{base}/health")));
        }
        if !is_under || rest == "/" || rest.is_empty() {
            return Rebased::Redirect(Answer::Redirect(302, self.web_client_from(path, &base)));
        }
        if rest.starts_with('/') { Rebased::Path(rest.to_owned()) } else { Rebased::Beside }
    }

    /// 10.9 and newer refer to the web client relative to the path that was asked for.
    fn web_client_from(&self, path: &str, base: &str) -> String {
        let hosted = self.settings.web_client_hosted;
        if self.version < Version::V10_9 {
            let page = if hosted { "web/index.html" } else { "api-docs/swagger" };
            return format!("{base}/{page}");
        }
        let target = format!("{base}/{}", if hosted { "web/" } else { "api-docs/swagger" });
        let folder = &path[..=path.rfind('/').unwrap_or(0).min(path.len().saturating_sub(1))];
        let shared = folder
            .bytes()
            .zip(target.bytes())
            .enumerate()
            .take_while(|(_, (left, right))| left == right)
            .filter(|(_, (byte, _))| *byte == b'/')
            .last()
            .map_or(0, |(at, _)| at + 1);
        let up = folder[shared.min(folder.len())..].matches('/').count();
        format!("{}{}", "../".repeat(up), &target[shared..])
    }

    /// The same address by https.
    pub(super) fn secure_address(&self, host: &str, uri: &Uri) -> Answer {
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let port = match self.settings.https_port {
            443 => String::new(),
            port => format!(":{port}"),
        };
        Answer::Redirect(307, format!("https://{}{port}{target}", without_port(host)))
    }
}

fn without_port(host: &str) -> &str {
    match host.rfind(':') {
        Some(at) if !host[at..].contains(']') => &host[..at],
        _ => host,
    }
}
