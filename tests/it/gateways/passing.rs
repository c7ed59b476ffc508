//! What lets a program past a gateway.

use jellyfin_auth::{
    Gateway::{self, *},
    GatewayHeaders,
};

use crate::given::*;

const FACTS: &str = include_str!("../../../core/docs/gateways.md");

#[test]
fn every_line_that_passes_a_gateway_is_among_the_facts_and_can_be_given() {
    let named: [(Gateway, &[&str]); 11] = [
        (Authelia, &["Proxy-Authorization"]),
        (Authentik, &["authentik_proxy_"]),
        (CloudflareAccess, &["CF-Access-Client-Id", "CF-Access-Client-Secret"]),
        (ModAuthOpenidc, &["mod_auth_openidc_session"]),
        (OAuth2Proxy, &["_oauth2_proxy"]),
        (Pangolin, &["P-Access-Token-Id", "P-Access-Token"]),
        (Pomerium, &["X-Pomerium-Authorization"]),
        (Tinyauth, &["tinyauth-session"]),
        (TraefikForwardAuth, &["_forward_auth"]),
        (Vouch, &["VouchCookie"]),
        (Anubis, &["techaro.lol-anubis-auth"]),
    ];
    for (gateway, names) in named {
        let lines = gateway.header_lines();
        assert_eq!(lines.len(), names.len(), "{gateway}: {lines:?}");
        for (line, name) in lines.iter().zip(names) {
            let (header, value) = line.split_once(": ").expect("a header line");
            let is_named = header == *name || header == "Cookie" && value.starts_with(name);
            assert!(is_named && FACTS.contains(name), "{gateway}: {line}");
            assert!(value.contains('…'), "{gateway}: {line}");
            let given =
                GatewayHeaders::default().add(&url(SERVER), header, &value.replace('…', "x"));
            assert_eq!(given, Ok(()), "{gateway}: {line}");
        }
    }
}

#[test]
fn for_the_others_there_is_a_sentence_alone() {
    for gateway in [Gatekeeper, Zoraxy, CloudflareChallenge, CrowdSec, GoAway, Qnap, Synology] {
        assert!(gateway.header_lines().is_empty(), "{gateway}");
        assert!(!gateway.how_to_pass().is_empty(), "{gateway}");
    }
}
