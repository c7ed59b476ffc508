//! What is recognized by its body: JSON, or a page.

use std::borrow::Cow;

use http::header;
use serde_json::{Map, Value};

use super::{Answer, Front, KnownGateway, location};
use crate::{Gateway, endpoint::RequestName};

fn object(answer: &Answer<'_>) -> Option<Map<String, Value>> {
    let begins = answer.body.trim_ascii_start().first();
    begins.filter(|&&first| first == b'{')?;
    serde_json::from_slice(answer.body).ok()
}

pub(super) fn says_cloudflare_error(answer: &Answer<'_>) -> bool {
    object(answer).is_some_and(|object| object.get("cloudflare_error") == Some(&Value::Bool(true)))
}

pub(super) fn json(answer: &Answer<'_>) -> Option<Front> {
    if !matches!(answer.status, 400..=499) {
        return None;
    }
    let object = object(answer)?;
    let has = |name: &str| object.contains_key(name);
    if object.is_empty() && answer.status == 401 {
        return Some(answer.by(Gateway::OAuth2Proxy));
    }
    if object.len() == 2 && has("error") && has("request_id") {
        return Some(answer.by(Gateway::Pomerium));
    }
    let page = object.get("redirectUrl").and_then(Value::as_str)?;
    let is_zoraxys = object.get("requireAuth") == Some(&Value::Bool(true));
    is_zoraxys.then(|| {
        Front::Gateway(KnownGateway { gateway: Gateway::Zoraxy, page: location::shown(page) })
    })
}

/// What a page has in it: all of the texts.
const PAGES: [(&[&str], Gateway); 8] = [
    (&["anubis_challenge"], Gateway::Anubis),
    (&["/.within.website/x/cmd/anubis/"], Gateway::Anubis),
    (&["<title>CrowdSec "], Gateway::CrowdSec),
    (&["Receive header authentication", "no redirect is performed"], Gateway::Authentik),
    (&["outpost.goauthentik.io"], Gateway::Authentik),
    (&["OAuth2 Proxy", "/oauth2/start"], Gateway::OAuth2Proxy),
    (&["_cf_chl_opt"], Gateway::CloudflareChallenge),
    (&["/oauth2/sign_in"], Gateway::OAuth2Proxy),
];

/// The pages of a NAS, which only the probe can be answered with.
const PORTALS: [(&[&str], Gateway); 2] =
    [(&["SYNO.", "webman/"], Gateway::Synology), (&["QNAP", "/cgi-bin/"], Gateway::Qnap)];

pub(super) fn html(answer: &Answer<'_>) -> Option<Front> {
    let page = page(answer)?;
    let shows = |(texts, _): &&(&[&str], Gateway)| texts.iter().all(|text| page.contains(text));
    let is_probe = answer.request == RequestName::GetServerInfo;
    let portals = || PORTALS.iter().find(shows).filter(|_| is_probe);
    let (_, gateway) = PAGES.iter().find(shows).or_else(portals)?;
    Some(answer.by(gateway.clone()))
}

pub(super) fn is_html(answer: &Answer<'_>) -> bool {
    let content = answer.headers.get(header::CONTENT_TYPE).map(http::HeaderValue::as_bytes);
    let is_said = content.is_some_and(|content| content.starts_with(b"text/html"));
    is_said || answer.body.trim_ascii_start().first() == Some(&b'<')
}

fn page<'r>(answer: &Answer<'r>) -> Option<Cow<'r, str>> {
    is_html(answer).then(|| String::from_utf8_lossy(answer.body))
}
