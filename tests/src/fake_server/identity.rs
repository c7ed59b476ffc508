//! Who is calling: which carrier of a token or of device fields wins (protocol facts, sections 2.1, 2.2
//! and 2.7).

use std::borrow::Cow;

use http::{HeaderMap, Request};

use super::{
    FakeServer, Version,
    authorization::{AuthorizationFields, parse_authorization},
    moment::Moment,
    query::Query,
};

/// The device fields that an endpoint works with.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Identity {
    pub(super) client: Option<String>,
    pub(super) device: Option<String>,
    pub(super) device_id: Option<String>,
    pub(super) version: Option<String>,
}

impl Identity {
    /// All four there and none empty; blanks do.
    pub(super) fn is_complete(&self) -> bool {
        [&self.client, &self.device, &self.device_id, &self.version]
            .iter()
            .all(|field| field.as_ref().is_some_and(|text| !text.is_empty()))
    }
}

/// Whom a token made of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    Nobody,
    ApiKey,
    /// An index into the users.
    User(usize),
}

pub(super) struct Presented {
    pub(super) identity: Identity,
    pub(super) token: Option<String>,
    pub(super) caller: Caller,
}

/// The header's lines joined by commas; `None` when there is none or nothing in them.
fn joined<'h>(headers: &'h HeaderMap, name: &str) -> Option<Cow<'h, str>> {
    let mut lines = headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes().trim_ascii()));
    let first = lines.next()?;
    let joined = lines.fold(first, |joined, line| format!("{joined},{line}").into());
    (!joined.is_empty()).then_some(joined)
}

impl FakeServer {
    pub(super) fn identify(
        &mut self,
        now: Moment,
        request: &Request<Vec<u8>>,
        query: &Query,
    ) -> Presented {
        let headers = request.headers();
        let legacy = self.version < Version::V10_11 || self.settings.legacy_authorization;
        let fields = self.authorization(headers, legacy);
        let field = |key| fields.get(key).map(str::to_owned);
        let mut identity = Identity {
            client: field("Client"),
            device: field("Device"),
            device_id: field("DeviceId"),
            version: field("Version"),
        };
        let old_header = |name| joined(headers, name).filter(|_| legacy).map(Cow::into_owned);
        // A blank token ends the search, and is none.
        let token = field("Token")
            .filter(|token| !token.is_empty())
            .or_else(|| old_header("x-emby-token"))
            .or_else(|| old_header("x-mediabrowser-token"))
            .or_else(|| query.get("ApiKey").map(Cow::into_owned))
            .or_else(|| query.get("api_key").filter(|_| legacy).map(Cow::into_owned))
            .filter(|token| !token.trim().is_empty());
        let caller = match &token {
            Some(token) => self.recognise(now, token, &mut identity),
            None => Caller::Nobody,
        };
        Presented { identity, token, caller }
    }

    fn authorization(&self, headers: &HeaderMap, legacy: bool) -> AuthorizationFields {
        let line = |name| {
            if self.version == Version::V10_7 {
                return joined(headers, name);
            }
            let line = String::from_utf8_lossy(headers.get(name)?.as_bytes().trim_ascii());
            (!line.is_empty()).then_some(line)
        };
        let old = || line("x-emby-authorization").filter(|_| legacy);
        let value = if self.version < Version::V10_11 {
            old().or_else(|| line("authorization"))
        } else {
            line("authorization").or_else(old)
        };
        let fields = value.map(|value| parse_authorization(self.version, value.as_bytes()));
        let is_known = |scheme: &str| {
            scheme.eq_ignore_ascii_case("MediaBrowser")
                || legacy && scheme.eq_ignore_ascii_case("Emby")
        };
        fields.filter(|fields| is_known(fields.scheme())).unwrap_or_default()
    }

    fn recognise(&mut self, now: Moment, token: &str, identity: &mut Identity) -> Caller {
        if let Some(at) = self.tokens.iter().position(|stored| stored.token == token) {
            self.exchange_fields(now, at, identity);
            let user_id = &self.tokens[at].user_id;
            return match self.user_with_id(user_id) {
                Some(user) if !self.users[user].settings.is_disabled => Caller::User(user),
                _ => Caller::Nobody,
            };
        }
        let Some(key) = self.api_keys.iter().find(|key| key.token == token) else {
            return Caller::Nobody;
        };
        identity.client = Some(key.app.clone());
        fill(&mut identity.device_id, &self.server_id);
        fill(&mut identity.device, &self.settings.server_name);
        fill(&mut identity.version, self.version.number());
        Caller::ApiKey
    }

    /// What is missing comes from the token's record; a new device name or version goes there.
    fn exchange_fields(&mut self, now: Moment, at: usize, identity: &mut Identity) {
        let stored = &mut self.tokens[at];
        fill(&mut identity.client, &stored.client);
        fill(&mut identity.device_id, &stored.device_id);
        fill(&mut identity.device, &stored.device);
        fill(&mut identity.version, &stored.version);
        // A Chromecast sends its sender's token with its own name.
        let is_guest = identity
            .client
            .as_ref()
            .is_some_and(|client| client.to_lowercase().contains("chromecast"));
        if !is_guest {
            update(&mut stored.device, identity.device.as_deref());
            update(&mut stored.version, identity.version.as_deref());
        }
        if now.is_over(180, stored.last_activity) {
            stored.last_activity = now;
        }
    }
}

fn fill(field: &mut Option<String>, stored: &str) {
    if field.as_ref().is_none_or(|text| text.trim().is_empty()) {
        *field = Some(stored.to_owned());
    }
}

fn update(stored: &mut String, sent: Option<&str>) {
    if let Some(sent) = sent.filter(|sent| sent.to_lowercase() != stored.to_lowercase()) {
        sent.clone_into(stored);
    }
}
