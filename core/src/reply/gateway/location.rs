//! What is recognized by where it leads.

use url::Url;

use super::{Answer, Front};
use crate::{
    Gateway, ServerUrl,
    endpoint::RequestName,
    server_url::{resolve, shown as without_query},
};

/// Where an answer leads.
pub(super) struct Location {
    from: Url,
    to: Url,
    /// The path of the query's `redirect_uri`.
    callback: Option<String>,
}

impl Location {
    pub(super) fn read(server: &ServerUrl, path: &str, location: &[u8]) -> Option<Self> {
        let (from, to) = resolve(server, path, Some(location))?;
        let callback = to.query_pairs().find(|(name, _)| name == "redirect_uri");
        let callback = callback.and_then(|(_, uri)| Url::parse(&uri).ok());
        let callback = callback.map(|uri| uri.path().to_owned());
        Some(Self { from, to, callback })
    }

    pub(super) fn shown(&self) -> String {
        without_query(&self.to)
    }

    fn asks(&self, name: &str) -> bool {
        self.to.query_pairs().any(|(found, _)| found == name)
    }

    fn asks_for_address(&self, name: &str) -> bool {
        let mut all = self.to.query_pairs();
        all.any(|(found, value)| found == name && value.starts_with("http"))
    }

    fn ends_with(&self, path: &str) -> bool {
        self.to.path().ends_with(path)
    }

    fn comes_back_at(&self, path: &str) -> bool {
        self.callback.as_deref().is_some_and(|callback| callback.ends_with(path))
    }

    fn stays(&self) -> bool {
        self.from.host_str() == self.to.host_str()
    }
}

/// An address that a header gives, fit to be shown.
pub(super) fn shown(address: &str) -> Option<String> {
    Url::parse(address).ok().as_ref().map(without_query)
}

pub(super) fn is_cloudflare_access(answer: &Answer<'_>) -> bool {
    let location = answer.location.as_ref();
    location.is_some_and(|location| location.to.path().starts_with("/cdn-cgi/access/login"))
}

/// A mark that a `Location` has.
type Mark = fn(&Location) -> bool;

const TABLE: [(Mark, Gateway); 10] = [
    (|it| it.asks_for_address("rd") && it.asks("rm"), Gateway::Authelia),
    (|it| it.to.as_str().contains("outpost.goauthentik.io"), Gateway::Authentik),
    (|it| it.to.path().contains("/auth/resource/") && it.asks("redirect"), Gateway::Pangolin),
    (|it| it.ends_with("/.pomerium/sign_in"), Gateway::Pomerium),
    (|it| it.ends_with("/oauth2/sign_in") || it.ends_with("/oauth2/start"), Gateway::OAuth2Proxy),
    (|it| it.comes_back_at("/_oauth"), Gateway::TraefikForwardAuth),
    (|it| it.comes_back_at("/oauth2/callback"), Gateway::OAuth2Proxy),
    (|it| it.asks("vouch-failcount"), Gateway::Vouch),
    (|it| it.to.path().contains("/.within.website/"), Gateway::Anubis),
    (
        |it| it.ends_with("/oauth/authorize") && it.asks("state") && !it.asks("client_id"),
        Gateway::Gatekeeper,
    ),
];

pub(super) fn table(answer: &Answer<'_>) -> Option<Front> {
    let location = answer.location.as_ref()?;
    let (_, gateway) = TABLE.iter().find(|(has_mark, _)| has_mark(location))?;
    Some(answer.by(gateway.clone()))
}

/// The probe was led to the pages of the NAS.
pub(super) fn nas(answer: &Answer<'_>) -> Option<Front> {
    let location = answer.location.as_ref()?;
    let is_probe = answer.request == RequestName::GetServerInfo;
    let is_qnaps = location.stays() && location.to.path().starts_with("/cgi-bin/");
    (is_probe && is_qnaps).then(|| answer.by(Gateway::Qnap))
}

/// Any other log-in by OIDC, at another origin.
pub(super) fn open_id_connect(answer: &Answer<'_>) -> Option<Front> {
    let location = answer.location.as_ref()?;
    let is_one = location.asks("client_id") && location.asks("response_type");
    let leaves = location.from.origin() != location.to.origin();
    let host = location.to.host_str().filter(|_| is_one && leaves)?;
    Some(answer.by(Gateway::Unknown { host: host.into() }))
}
