//! Block 2: `GET /QuickConnect/Enabled`, then `POST` or `GET /QuickConnect/Initiate`.

use jellyfin_auth::{Error, Failure, Login, RequestName};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

fn initiating(enabled: http::Response<Vec<u8>>) -> Script<Login> {
    let mut script = asked_for_a_code();
    script.sends("GET", ENABLED).answers(enabled);
    script
}

fn text(text: &str) -> http::Response<Vec<u8>> {
    answer::marked(200).with_json(&text.into())
}

#[test]
fn true_false_or_401_to_enabled_ask_for_a_code() {
    // One server says `false` and hands codes out.
    for enabled in [on(), off(), text("true"), text("false"), refusal(401)] {
        let mut script = initiating(enabled);
        let exchange = script.sends("POST", INITIATE);
        assert_eq!(exchange.request().headers()["content-length"], "0");
        assert!(exchange.request().body().is_empty());
        exchange.answers(pending());
        assert_eq!(script.waits(5).code(), Some("123456"));
    }
}

#[test]
fn a_404_405_or_501_to_enabled_means_unsupported_and_the_server_is_still_known() {
    for status in [404, 405, 501] {
        let mut script = initiating(answer::marked(status));
        assert_eq!(script.fails(), Error::QuickConnectUnsupported);
        assert_eq!(script.machine.server_info().expect("it was asked").id, SERVER_ID);
        let mut script = probed_unmarked(quick_connect_login(SERVER));
        script.sends("GET", ENABLED).answers(answer::unmarked(status));
        assert_eq!(script.fails(), Error::QuickConnectUnsupported);
        assert!(!Error::QuickConnectUnsupported.to_string().contains("old"));
    }
}

#[test]
fn enabled_must_be_a_truth() {
    for body in ["1", "null", "true true", "\"yes\"", "TRUE", "{\"Enabled\":true}"] {
        let mut script = probed_unmarked(quick_connect_login(SERVER));
        script.sends("GET", ENABLED).answers(answer::unmarked(200).with_body(body.as_bytes()));
        let request = RequestName::GetQuickConnectEnabled;
        let error = script.fails();
        assert!(matches!(error, Error::Malformed { request: r, .. } if r == request), "{body}");
    }
}

#[test]
fn a_405_to_initiate_is_asked_again_with_get_once() {
    let mut script = initiating(on());
    script.sends("POST", INITIATE).answers(answer::marked(405).with_header("allow", "GET"));
    script.sends("GET", INITIATE).answers(pending());
    script.waits(5);

    let mut script = initiating(on());
    script.sends("POST", INITIATE).answers(answer::marked(405));
    script.sends("GET", INITIATE).answers(answer::marked(405));
    let request = RequestName::InitiateQuickConnect;
    let error = script.fails();
    assert!(
        matches!(error, Error::Unexpected { request: r, status: 405, .. } if r == request),
        "{error:?}"
    );
}

#[test]
fn a_401_to_initiate_means_switched_off() {
    for enabled in [on(), off(), refusal(401)] {
        let mut script = initiating(enabled);
        script.sends("POST", INITIATE).answers(refusal(401));
        assert_eq!(script.fails(), Error::QuickConnectDisabled);
    }
}

#[test]
fn after_enabled_said_false_anything_that_would_end_it_means_switched_off() {
    let ends: Vec<Happening> = vec![
        Ok(refusal(400)),
        Ok(refusal(403)),
        Ok(refusal(404)),
        Ok(answer::marked(200).with_html("nonsense")),
        Ok(answer::marked(200).with_body(b"{}")),
        Ok(redirect(302, "https://sso.example/")),
        Ok(challenge()),
        Ok(answer::marked(503)),
        Err(Failure::Tls),
        Err(Failure::TooLarge),
    ];
    for end in ends {
        for enabled in [off(), text("false"), refusal(401)] {
            let mut script = initiating(enabled);
            happens(script.sends("POST", INITIATE), &end);
            assert_eq!(script.fails(), Error::QuickConnectDisabled, "{end:?}");
        }
        let mut script = initiating(on());
        happens(script.sends("POST", INITIATE), &end);
        assert_ne!(script.fails(), Error::QuickConnectDisabled, "{end:?}");
    }
}

#[test]
fn after_enabled_said_false_what_is_retried_is_still_retried() {
    let retried: Vec<Happening> =
        vec![Ok(refusal(500)), Ok(answer::unmarked(404)), Err(Failure::Timeout)];
    for happening in retried {
        let mut script = initiating(off());
        for seconds in [1, 2, 4] {
            happens(script.sends("POST", INITIATE), &happening);
            script.waits(seconds);
        }
        happens(script.sends("POST", INITIATE), &happening);
        assert_eq!(script.fails(), Error::QuickConnectDisabled);
    }
    let mut script = initiating(off());
    script.sends("POST", INITIATE).answers(loading());
    script.waits(1);
    script.sends("POST", INITIATE).answers(pending());
    assert_eq!(script.waits(5).code(), Some("123456"));
}

#[test]
fn a_405_after_enabled_said_false_is_asked_again_with_get_once() {
    let mut script = initiating(off());
    script.sends("POST", INITIATE).answers(answer::marked(405));
    script.sends("GET", INITIATE).answers(answer::marked(405));
    assert_eq!(script.fails(), Error::QuickConnectDisabled);
}

#[test]
fn what_enabled_said_doesnt_count_for_a_renewal() {
    let script = with_policy(quick_connect_login(SERVER), |policy| {
        policy.renewals = jellyfin_auth::Renewals::Unlimited;
    });
    let mut script = probed(script);
    script.sends("GET", ENABLED).answers(off());
    script.sends("POST", INITIATE).answers(pending());
    script.waits(5);
    script.sends("GET", POLL).answers(refusal(404));
    script.sends("POST", INITIATE).answers(refusal(404));
    script.waits(5);
    script.sends("POST", INITIATE).answers(pending());
    script.waits(5);
}

#[test]
fn a_code_or_secret_that_cant_be_one_is_malformed_and_never_shown() {
    let (long, longer) = ("1".repeat(33), "s".repeat(513));
    for (code, secret) in [
        ("", "s"),
        ("12 34", "s"),
        ("12\u{1b}[2J", "s"),
        ("１２３", "s"),
        (long.as_str(), "s"),
        ("123456", ""),
        ("123456", "a b"),
        ("123456", "a\nb"),
        ("123456", longer.as_str()),
    ] {
        let mut script = initiating(on());
        script.sends("POST", INITIATE).answers(answer::quick_connect(code, secret, false));
        let request = RequestName::InitiateQuickConnect;
        let error = script.fails();
        assert!(matches!(error, Error::Malformed { request: r, .. } if r == request), "{code}");
        assert_eq!((script.machine.code(), script.machine.to_record()), (None, None));
    }
}

#[test]
fn the_secret_is_percent_encoded_in_the_query() {
    let mut script = initiating(on());
    script.sends("POST", INITIATE).answers(answer::quick_connect("ABC-12", "a&b#c+d%/\"", false));
    script.waits(5);
    script.sends("GET", "/QuickConnect/Connect?secret=a%26b%23c%2Bd%25%2F%22").answers(pending());
}
