//! Plugins that answer a sign-in in the server's place (gateway facts, section 4). They speak from within the
//! server or before it does: with its marker or without.

use serde_json::{Map, Value};

use super::{Reply, SecondFactor};
use crate::{
    LoginRefusal, ServerUrl,
    endpoint::{
        RequestName::{self, AuthenticateByName, AuthenticateWithQuickConnect},
        lenient::shown,
    },
    server_url::{resolve, shown as without_query},
};

/// The longest answer that a plugin gives.
const LONGEST: usize = 16 * 1024;
/// The most methods that are kept.
const MOST_METHODS: usize = 8;

/// Reads an answer to `request`, if a plugin gave it.
pub(super) fn read<T>(
    server: &ServerUrl,
    request: RequestName,
    (status, body): (u16, &[u8]),
) -> Option<Reply<T>> {
    if !matches!(status, 401 | 403 | 503) || !body.starts_with(b"{") || body.len() > LONGEST {
        return None;
    }
    let answer = Answer(serde_json::from_slice(body).ok()?);
    let message = answer.text("message").unwrap_or_default();
    // The session has a token, and lacks its second factor.
    if status == 401 && message.starts_with("Two-factor authentication required") {
        let page = message.split_whitespace().find(|word| word.starts_with("/TwoFactorAuth/"));
        let page = page.and_then(|path| page_at(server, path));
        return Some(wants(Vec::new(), page));
    }
    if !matches!(request, AuthenticateByName | AuthenticateWithQuickConnect) {
        return None;
    }
    let refused = |reason| Some(Reply::Refused(reason));
    match status {
        401 if answer.says("EnrollmentRequired") => {
            let page = answer.text("EnrollmentPageUrl").or(answer.text("ChallengePageUrl"));
            let page = page.and_then(|path| page_at(server, path));
            Some(wants(answer.methods(), page))
        }
        401 if answer.says("TwoFactorRequired") => {
            let page = answer.text("ChallengePageUrl").and_then(|path| page_at(server, path));
            Some(wants(answer.methods(), page))
        }
        401 if answer.says("accountLocked") => refused(LoginRefusal::AccountLocked),
        401 if answer.says("emptyPasswordBlocked") => refused(LoginRefusal::EmptyPassword),
        403 if answer.says("passwordLoginDisabled") => refused(LoginRefusal::PasswordDisabled),
        403 if answer.text("error") == Some("sso_required") => refused(LoginRefusal::SingleSignOn),
        503 if message.starts_with("2FA service error") => Some(Reply::ServerFault { status }),
        _ => None,
    }
}

fn wants<T>(methods: Vec<String>, page: Option<String>) -> Reply<T> {
    Reply::SecondFactor(Box::new(SecondFactor { methods, page }))
}

/// A page that is named by its path on the server, without query: that holds a secret.
fn page_at(server: &ServerUrl, path: &str) -> Option<String> {
    let base = server.base_path();
    let from_root = path.starts_with('/') && !path.starts_with(base);
    let path = if from_root { format!("{base}{path}") } else { path.to_owned() };
    let (from, to) = resolve(server, "/", Some(path.as_bytes()))?;
    (from.origin() == to.origin()).then(|| without_query(&to))
}

/// An object whose names are read in any case.
struct Answer(Map<String, Value>);

impl Answer {
    fn get(&self, name: &str) -> Option<&Value> {
        let mut all = self.0.iter();
        all.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn says(&self, name: &str) -> bool {
        self.get(name) == Some(&Value::Bool(true))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    fn methods(&self) -> Vec<String> {
        let all = self.get("Methods").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        all.iter().filter_map(Value::as_str).map(shown).take(MOST_METHODS).collect()
    }
}
