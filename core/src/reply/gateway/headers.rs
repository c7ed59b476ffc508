//! What is recognized by a header.

use http::{HeaderMap, HeaderName, header};

use super::{Answer, Front, body, location};
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
        return Some(Front::Gateway { gateway: Gateway::Tinyauth, page });
    }
    let leads_to_anubis = |it: &str| it.contains("/.within.website/x/cmd/anubis/");
    if text(headers, "refresh").is_some_and(leads_to_anubis) {
        return Some(answer.by(Gateway::Anubis));
    }
    let is_pomeriums = text(headers, "x-pomerium-intercepted-response") == Some("true");
    is_pomeriums.then(|| answer.by(Gateway::Pomerium))
}

/// The beginnings of cookies' names, which a product sets when it sends somebody to log in.
const COOKIES: [(&str, Gateway); 6] = [
    ("authentik_proxy_", Gateway::Authentik),
    ("_forward_auth_csrf", Gateway::TraefikForwardAuth),
    ("mod_auth_openidc_state_", Gateway::ModAuthOpenidc),
    ("_oauth2_proxy", Gateway::OAuth2Proxy),
    ("OAuth_Token_Request_State", Gateway::Gatekeeper),
    ("_pomerium", Gateway::Pomerium),
];

/// The same for those that set it with pages of any status.
const COOKIES_WITH_A_PAGE: [(&str, Gateway); 2] =
    [("techaro.lol-anubis", Gateway::Anubis), (".go-away-", Gateway::GoAway)];

pub(super) fn cookies(answer: &Answer<'_>) -> Option<Front> {
    let named = |table: &[(&str, Gateway)]| {
        let mut cookies = values(answer.headers, &header::SET_COOKIE);
        cookies.find_map(|cookie| {
            let mut table = table.iter();
            table.find(|(name, _)| cookie.starts_with(name)).map(|(_, gateway)| gateway.clone())
        })
    };
    let refusal = answer.is_refusal().then(|| named(&COOKIES)).flatten();
    let with_a_page = || {
        let is_relevant = body::is_html(answer) || answer.is_refusal();
        is_relevant.then(|| named(&COOKIES_WITH_A_PAGE)).flatten()
    };
    let by_go_away = || {
        let mut via = values(answer.headers, &header::VIA);
        let is_there = via.any(|via| via.contains("go-away"));
        (is_there && body::is_html(answer)).then_some(Gateway::GoAway)
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
