//! What is recognized by a header.

use http::{HeaderMap, HeaderName, header};

use super::{Answer, Front, KnownGateway, body, location};
use crate::Gateway;

/// The values of a header that are text.
fn values<'h>(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'h str> {
    headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok())
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn begins_with(text: &str, beginning: &str) -> bool {
    text.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

pub(super) fn cloudflare(answer: &Answer<'_>) -> Option<Front> {
    let Answer { headers, status, .. } = *answer;
    if text(headers, "cf-mitigated") == Some("challenge") {
        return Some(answer.by(Gateway::CloudflareChallenge));
    }
    let is_asked = values(headers, &header::WWW_AUTHENTICATE)
        .any(|challenge| begins_with(challenge, "Cloudflare-Access"));
    let is_marked =
        ["cf-access-domain", "cf-access-aud"].iter().any(|&it| headers.contains_key(it));
    if is_asked || is_marked && answer.is_refusal() || location::is_cloudflare_access(answer) {
        return Some(answer.by(Gateway::CloudflareAccess));
    }
    let is_cloudflares = text(headers, "server").is_some_and(|it| begins_with(it, "cloudflare"));
    let is_cut_off = matches!(status, 520..=530)
        || matches!(status, 500 | 502 | 504) && body::says_cloudflare_error(answer);
    (is_cloudflares && is_cut_off).then_some(Front::CloudflareAlone)
}

/// Headers that a product has to itself.
pub(super) fn of_the_product(answer: &Answer<'_>) -> Option<Front> {
    let Answer { headers, .. } = *answer;
    if let Some(page) = text(headers, "x-tinyauth-location") {
        let page = location::shown(page);
        return Some(Front::Gateway(KnownGateway { gateway: Gateway::Tinyauth, page }));
    }
    let leads_to_anubis = |it: &str| it.contains("/.within.website/x/cmd/anubis/");
    if text(headers, "refresh").is_some_and(leads_to_anubis) {
        return Some(answer.by(Gateway::Anubis));
    }
    let is_pomeriums = text(headers, "x-pomerium-intercepted-response") == Some("true");
    is_pomeriums.then(|| answer.by(Gateway::Pomerium))
}

/// A mark that a cookie has.
type Mark = fn(&str) -> bool;

/// Cookies that a product sets when it sends somebody to log in.
const COOKIES: [(Mark, Gateway); 5] = [
    (|it| it.starts_with("authentik_proxy_"), Gateway::Authentik),
    (|it| it.starts_with("_forward_auth_csrf"), Gateway::TraefikForwardAuth),
    (|it| it.starts_with("mod_auth_openidc_state_"), Gateway::ModAuthOpenidc),
    (is_new_or_cleared_by_oauth2_proxy, Gateway::OAuth2Proxy),
    (|it| it.starts_with("OAuth_Token_Request_State"), Gateway::Gatekeeper),
];

/// The cookie of its session, which it may renew on any answer, is no sign of a refusal.
fn is_new_or_cleared_by_oauth2_proxy(cookie: &str) -> bool {
    let (name, value) = cookie.split_once('=').unwrap_or((cookie, ""));
    let is_cleared = value.is_empty() || value.starts_with(';');
    name.starts_with("_oauth2_proxy") && (name.contains("csrf") || is_cleared)
}

/// The same for those that set it with pages of any status.
const COOKIES_WITH_A_PAGE: [(Mark, Gateway); 2] = [
    (|it| it.starts_with("techaro.lol-anubis"), Gateway::Anubis),
    (|it| it.starts_with(".go-away-"), Gateway::GoAway),
];

pub(super) fn cookies(answer: &Answer<'_>) -> Option<Front> {
    let named = |table: &[(Mark, Gateway)]| {
        let mut cookies = values(answer.headers, &header::SET_COOKIE);
        cookies.find_map(|cookie| {
            let mut table = table.iter();
            table.find(|(has_mark, _)| has_mark(cookie)).map(|(_, gateway)| gateway.clone())
        })
    };
    let refusal = answer.is_refusal().then(|| named(&COOKIES)).flatten();
    // What stands behind has pages of its own for these.
    let is_fault = matches!(answer.status, 404 | 500..=599);
    let is_page = !is_fault && (body::is_html(answer) || answer.is_refusal());
    let with_a_page = || is_page.then(|| named(&COOKIES_WITH_A_PAGE)).flatten();
    let by_go_away = || {
        let mut via = values(answer.headers, &header::VIA);
        let is_there = via.any(|via| via.contains("go-away"));
        (is_there && is_page).then_some(Gateway::GoAway)
    };
    refusal.or_else(with_a_page).or_else(by_go_away).map(|gateway| answer.by(gateway))
}

/// Challenges whose realm gives the product away. Any other is a proxy's own log-in.
pub(super) fn realm(answer: &Answer<'_>) -> Option<Front> {
    let challenges = || values(answer.headers, &header::WWW_AUTHENTICATE);
    let has_realm = |realm: &str| challenges().any(|it| it == format!("Basic realm=\"{realm}\""));
    if answer.status != 401 {
        return None;
    }
    if has_realm("pangolin") {
        return Some(answer.by(Gateway::Pangolin));
    }
    // Its endpoints don't get past an `Authorization` that isn't theirs, even with their cookie.
    let is_authelias = has_realm("Authorization Required") && answer.body == b"401 Unauthorized";
    is_authelias.then(|| answer.by(Gateway::Authelia))
}
