use jellyfin_auth::{Error, Stage, WaitReason};
use jellyfin_auth_testkit::{answer, answer::ResponseExt as _};

use crate::given::*;

const SERVER: &str = "https://nas.example";

#[test]
fn the_whole_way() {
    let mut script = probed(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(on());
    let exchange = script.sends("POST", INITIATE);
    assert_eq!(exchange.request().headers()["content-length"], "0");
    assert!(exchange.request().body().is_empty());
    exchange.answers(pending());
    for _ in 0..3 {
        let wait = script.waits(5);
        assert_eq!((wait.code(), wait.reason()), (Some("123456"), WaitReason::Poll));
        script.sends("GET", POLL).answers(pending());
    }
    script.waits(5);
    script.sends("GET", POLL).answers(approved());
    let exchange = script.sends("POST", EXCHANGE);
    assert_eq!(exchange.request().body(), br#"{"Secret":"5EC4E7"}"#);
    exchange.answers(token());
    assert_eq!(script.ends().access_token().expose(), "0123456789abcdef");
    assert_eq!(script.machine.code(), None);
    assert!(script.machine.saved().is_none());
}

#[test]
fn false_or_401_means_switched_off() {
    for response in [answer::signed(200).with_json(&false.into()), refusal(401)] {
        let mut script = probed(quick_connect_login(SERVER));
        script.sends("GET", ENABLED).answers(response);
        assert!(matches!(script.fails(), Error::QuickConnectDisabled { .. }));
    }
}

#[test]
fn a_404_means_too_old() {
    let mut script = probed(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(answer::signed(404));
    assert!(matches!(script.fails(), Error::QuickConnectUnsupported { .. }));
}

#[test]
fn enabled_must_be_a_boolean() {
    for body in ["1", "\"true\"", "null", "true true", "", "TRUE"] {
        let mut script = probed_unsigned(quick_connect_login(SERVER));
        script.sends("GET", ENABLED).answers(answer::unsigned(200).with_body(body.as_bytes()));
        assert!(matches!(script.fails(), Error::Malformed { step: Stage::CheckEnabled, .. }));
    }
}

#[test]
fn a_405_to_initiate_is_asked_again_with_get_once() {
    let mut script = probed(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(answer::signed(405).with_header("allow", "GET"));
    script.sends("GET", INITIATE).answers(pending());
    script.waits(5);

    let mut script = probed(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(answer::signed(405));
    script.sends("GET", INITIATE).answers(answer::signed(405));
    assert!(matches!(script.fails(), Error::Unexpected { step: Stage::Initiate, status: 405, .. }));
}

#[test]
fn a_401_to_initiate_means_switched_off() {
    let mut script = probed(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(refusal(401));
    assert!(matches!(script.fails(), Error::QuickConnectDisabled { .. }));
}

#[test]
fn a_code_or_secret_that_cant_be_one_is_malformed() {
    let long = "1".repeat(33);
    for (code, secret) in [
        ("", "s"),
        ("12 34", "s"),
        ("12\u{1b}[2J", "s"),
        ("１２３", "s"),
        (long.as_str(), "s"),
        ("123456", ""),
        ("123456", "a b"),
        ("123456", "a\nb"),
        ("123456", &*"s".repeat(513)),
    ] {
        let mut script = probed(quick_connect_login(SERVER));
        script.sends("GET", ENABLED).answers(on());
        script.sends("POST", INITIATE).answers(answer::quick_connect(code, secret, false));
        assert!(
            matches!(script.fails(), Error::Malformed { step: Stage::Initiate, .. }),
            "{code} {secret}"
        );
    }
}

#[test]
fn the_secret_is_percent_encoded_in_the_query() {
    let mut script = probed(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(answer::quick_connect("ABC-12", "a&b#c+d%/\"", false));
    script.waits(5);
    script.sends("GET", "/QuickConnect/Connect?secret=a%26b%23c%2Bd%25%2F%22").answers(pending());
}

#[test]
fn initiate_without_a_live_code_is_retried_as_any_request() {
    let mut script = probed(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(on());
    for seconds in [1, 2, 4] {
        script.sends("POST", INITIATE).fails(jellyfin_auth::Failure::Timeout);
        script.waits(seconds);
    }
    script.sends("POST", INITIATE).fails(jellyfin_auth::Failure::Timeout);
    assert!(matches!(script.fails(), Error::NoAnswer { .. }));
}

#[test]
fn the_poll_interval_is_the_policys_and_never_under_a_second() {
    for (interval, waited) in [(0, 1), (1, 1), (9, 9)] {
        let script = with_policy(quick_connect_login(SERVER), |policy| {
            policy.poll_interval = std::time::Duration::from_secs(interval);
        });
        let mut script = showing_a_code(script);
        script.waits(waited);
        script.sends("GET", POLL).answers(pending());
    }
}
