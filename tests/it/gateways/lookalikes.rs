//! What only resembles a gateway's answer: a text, a status, a header, a cookie alone makes none.

use http::Response;
use jellyfin_auth_testkit::{answer, answer::ResponseExt as _};
use serde_json::json;

use crate::{
    endpoints::{NAMES, read_by_name},
    given::*,
};

const AUTHELIAS: &str = "https://auth.example.com/?rd=https%3A%2F%2Fnas.example%2F&rm=GET";

fn page(status: u16, text: &str) -> Response<Vec<u8>> {
    answer::unmarked(status).with_html(&format!("<html>{text}</html>"))
}

fn assert_none(name: &str, answer: &Response<Vec<u8>>) {
    let read = read_by_name(name, answer);
    assert!(!read.contains("LoginGateway"), "{name}: {read}: {answer:?}");
    assert!(!read.contains("by_cloudflare: true"), "{name}: {read}: {answer:?}");
}

#[test]
fn whatever_was_asked() {
    let object = |status, object: serde_json::Value| answer::unmarked(status).with_json(&object);
    let oidc = "https://nas.example/login?client_id=x&response_type=code";
    for answer in [
        // It leads nowhere.
        page(200, "").with_header("location", AUTHELIAS),
        page(404, "").with_header("location", AUTHELIAS),
        // It got through.
        page(404, "").with_header("cf-access-domain", "team.cloudflareaccess.com"),
        page(200, "").with_header("cf-access-aud", "0a1b"),
        page(500, "").with_header("server", "cloudflare"),
        page(502, "").with_header("server", "cloudflare"),
        answer::unmarked(522).with_header("server", "nginx"),
        object(502, json!({"cloudflare_error": true})),
        page(200, "").with_header("set-cookie", "authentik_proxy_0a1b=x"),
        page(404, "").with_header("set-cookie", "_oauth2_proxy_csrf=x"),
        page(500, "").with_header("set-cookie", "mod_auth_openidc_state_x=x"),
        page(500, "").with_header("set-cookie", "techaro.lol-anubis-auth=x"),
        // Another program's.
        object(403, json!({})),
        object(404, json!({})),
        object(400, json!({"error": "x", "request_id": "y", "code": 3})),
        object(401, json!({"error": "x", "id": "y"})),
        object(500, json!({"error": "x", "request_id": "y"})),
        object(403, json!({"redirectUrl": "https://auth.example.com/"})),
        object(403, json!({"message": "see /oauth2/sign_in and anubis_challenge"})),
        page(403, "Receive header authentication"),
        page(200, "OAuth2 Proxy"),
        answer::unmarked(401).with_body(b"401 Unauthorized"),
        answer::unmarked(401)
            .with_body(b"no")
            .with_header("www-authenticate", "Basic realm=\"Authorization Required\""),
        redirect(302, oidc),
        redirect(302, "https://sso.example/login?client_id=x"),
        redirect(302, "https://sso.example/cgi-bin/"),
        redirect(302, "https://sso.example/?rd=here&rm=GET"),
    ] {
        for name in NAMES {
            assert_none(name, &answer);
        }
    }
}

/// Behind the portal of a NAS there may be a server all the same.
#[test]
fn the_portal_of_a_nas_after_the_server_was_seen() {
    for answer in [
        page(403, "SYNO.SDS webman/"),
        page(403, "QNAP /cgi-bin/"),
        redirect(302, "/cgi-bin/"),
        redirect(302, "https://nas.example/cgi-bin/login.html"),
    ] {
        let read = read_by_name("GetServerInfo", &answer);
        assert!(read.contains("Synology") || read.contains("Qnap"), "{read}");
        for name in NAMES.into_iter().filter(|name| *name != "GetServerInfo") {
            assert_none(name, &answer);
        }
    }
}

#[test]
fn half_of_what_the_portal_of_a_nas_shows() {
    for text in ["SYNO.SDS", "webman/", "QNAP", "/cgi-bin/"] {
        assert_none("GetServerInfo", &page(200, text));
    }
}

#[test]
fn a_page_is_one_by_its_type_or_by_its_first_character() {
    let by_type = answer::unmarked(403).with_html("anubis_challenge");
    for page in [by_type, answer::unmarked(403).with_body(b"\n<i id='anubis_challenge'>")] {
        assert!(read_by_name("GetServerInfo", &page).contains("Anubis"), "{page:?}");
    }
}
