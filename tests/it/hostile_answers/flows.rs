//! Hostile answers in the middle of a sign-in: what goes on is escaped, what waits is bounded.

use std::time::Duration;

use http::{HeaderValue, header};
use jellyfin_auth::{Error, Login, Machine as _};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};
use serde_json::json;

use super::Row;
use crate::{given::*, server_parser};

const SERVER: &str = "https://nas.example";

fn shows(code: &str, secret: &str) -> Script<Login> {
    let mut script = probed(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(answer::quick_connect(code, secret, false));
    script
}

#[test]
fn a_secret_full_of_delimiters_is_sent_as_one_value() {
    for (secret, query) in [
        ("a&b#c", "a%26b%23c"),
        ("&code=1&userId=2", "%26code%3D1%26userId%3D2"),
        ("%26%23%00", "%2526%2523%2500"),
        ("../../?x=y", "..%2F..%2F%3Fx%3Dy"),
        ("\"}{'\\", "%22%7D%7B%27%5C"),
        ("+;,:@[]|^`<>", "%2B%3B%2C%3A%40%5B%5D%7C%5E%60%3C%3E"),
    ] {
        let mut script = shows("123456", secret);
        script.waits(5);
        let exchange = script.sends("GET", &format!("/QuickConnect/Connect?secret={query}"));
        assert_eq!(exchange.request().uri().host(), Some("nas.example"));
        exchange.answers(answer::quick_connect("123456", secret, true));
        let exchange = script.sends("POST", EXCHANGE);
        let body: serde_json::Value =
            serde_json::from_slice(exchange.request().body()).expect("JSON");
        assert_eq!(body, json!({"Secret": secret}));
        exchange.answers(token());
        script.ends();
    }
}

#[test]
fn a_token_that_would_break_the_header_is_sent_as_one_value() {
    for token in
        ["a\"b", "\"", "a\",Device=\"evil", "a,Token=b", "a%22b", "a+b=c", "\\\"", "a;b", "<a>&'"]
    {
        let mut script =
            probed(with_policy(password_login(SERVER), |policy| policy.verify_token = true));
        script.sends("POST", AUTHENTICATE).answers(answer::authentication(token, "u", SERVER_ID));
        let exchange = script.sends("GET", ME);
        let sent = &exchange.request().headers()[header::AUTHORIZATION];
        let (_, fields) = server_parser::parse(sent.to_str().expect("ASCII")).expect("a header");
        assert_eq!(fields.len(), 5, "no field more");
        assert_eq!((fields["Token"].as_str(), fields["Device"].as_str()), (token, "Test"));
        exchange.answers(answer::marked(200).with_json(&json!({"Id": "u", "Name": "alice"})));
        assert_eq!(script.ends().access_token().expose(), token);
    }
}

#[test]
fn a_code_that_a_terminal_would_obey_is_never_shown() {
    for code in ["\u{1b}[2J", "12\r34", "\u{9b}31m", "1\u{202e}2", "", &"1".repeat(1024 * 1024)] {
        let mut script = shows(code, "5EC4E7");
        assert_eq!(script.machine.code(), None, "{code:?}");
        assert!(matches!(script.fails(), Error::Malformed { .. }), "{code:?}");
    }
}

#[test]
fn a_hostile_poll_never_ends_a_live_code_nor_changes_what_is_shown() {
    for Row { endpoint, answer, .. } in
        super::properties::rows().into_iter().chain(super::shapes::rows())
    {
        // Its own success is the one thing that may move it on.
        if endpoint != "GetQuickConnectState" || answer.body().len() > 10_000 {
            continue;
        }
        let mut script = shows("123456", "5EC4E7");
        script.waits(5);
        script.sends("GET", POLL).answers(answer.clone());
        if super::read_by_name(endpoint, &answer) == "true" {
            script.sends("POST", EXCHANGE).answers(token());
            script.ends();
        } else {
            assert_eq!(script.is_waiting().code(), Some("123456"));
            assert!(script.machine.to_record().is_some());
        }
    }
}

#[test]
fn no_retry_after_makes_a_wait_shorter_than_a_second_or_longer_than_a_minute() {
    for value in [
        &b"0"[..],
        b"-1",
        b"1e9",
        b"99999999999999999999999999",
        b"18446744073709551615",
        b"5.5",
        b"soon",
        b"",
        b"\xFF",
        b"61",
        b"3600",
        b"Tue, 24 Nov 2099 13:00:00 GMT",
    ] {
        let mut script = password_login(SERVER);
        let mut response = answer::unmarked(503);
        let value = HeaderValue::from_bytes(value).expect("bytes of a header");
        response.headers_mut().insert(header::RETRY_AFTER, value.clone());
        script.sends("GET", INFO).answers(response);
        let delay = script.is_waiting().delay();
        let bounds = Duration::from_secs(1)..=Duration::from_secs(60);
        assert!(bounds.contains(&delay), "{value:?}: {delay:?}");
    }
}

#[test]
fn an_address_that_the_probe_is_sent_to_stays_an_address_of_the_same_host() {
    for location in [
        "//evil.example/System/Info/Public",
        "https://nas.example@evil.example/System/Info/Public",
        "https://user@nas.example/System/Info/Public",
        "https://nas.example.evil.example/System/Info/Public",
        "http://nas.example/System/Info/Public",
        "https://nas.example:8920/jf/web/",
        "\\\\evil.example\\web\\",
        "javascript:/web/",
        "/System/Info/Public#/../x?y",
        "/webx/",
        "/xweb/",
    ] {
        let mut script = password_login(SERVER);
        let redirect = answer::unmarked(302).with_header("location", location);
        script.sends("GET", INFO).answers(redirect.clone());
        match script.machine.poll(script.clock.now()) {
            Err(Error::Redirected { .. }) => {}
            Ok(jellyfin_auth::Step::Send(request)) => {
                let uri = request.http().uri().clone();
                assert_eq!(uri.to_string(), format!("{SERVER}{INFO}"), "{location}");
            }
            other => panic!("{location}: {other:?}"),
        }
    }
}

#[test]
fn a_servers_id_from_a_sign_in_that_is_no_id_gives_way_to_the_probes() {
    for id in
        [json!("a b"), json!("\u{1b}"), json!(7), json!(null), json!(""), json!("x".repeat(129))]
    {
        let mut script = probed(password_login(SERVER));
        script.sends("POST", AUTHENTICATE).answers(
            answer::marked(200)
                .with_json(&json!({"AccessToken": "t", "User": {"Id": "u"}, "ServerId": id})),
        );
        assert_eq!(script.ends().server_id(), Some(SERVER_ID));
    }
}
