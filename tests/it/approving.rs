//! Approving a code that another device shows.

use http::Response;
use jellyfin_auth::{ApproveQuickConnect, Error, Failure};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

const AUTHORIZE: &str = "/QuickConnect/Authorize?code=123456";

fn machine() -> ApproveQuickConnect {
    ApproveQuickConnect::new(session(), "123 456").expect("a code")
}

/// The server was identified, and sets the marker.
fn identified() -> Script<ApproveQuickConnect> {
    let mut script = Script::new(machine());
    script.sends("GET", INFO).answers(info());
    script
}

fn fails_with(response: Response<Vec<u8>>) -> Error {
    let mut script = identified();
    script.sends("POST", AUTHORIZE).answers(response);
    script.fails()
}

#[test]
fn true_is_approved() {
    for answer in [on(), without_marker(on()), answer::marked(200).with_json(&"true".into())] {
        let mut script = identified();
        let exchange = script.sends("POST", AUTHORIZE);
        assert_eq!(exchange.request().headers()["content-length"], "0");
        exchange.answers(answer);
        script.ends();
    }
}

#[test]
fn a_404_is_a_wrong_or_expired_code() {
    assert_eq!(fails_with(refusal(404)), Error::CodeUnknown);
}

#[test]
fn a_500_is_probably_one_that_was_approved_before() {
    assert_eq!(fails_with(refusal(500)), Error::CodeAlreadyApproved);
    assert!(Error::CodeAlreadyApproved.to_string().contains("probably"));
    let mut script = identified();
    script.sends("POST", AUTHORIZE).fails(Failure::Interrupted);
    script.waits(1);
    script.sends("POST", AUTHORIZE).answers(refusal(500));
    assert_eq!(script.fails(), Error::CodeAlreadyApproved);
}

#[test]
fn any_other_fault_of_the_server_is_its_own() {
    for status in [501, 502, 599] {
        let mut script = identified();
        for seconds in [1, 2, 4] {
            script.sends("POST", AUTHORIZE).answers(refusal(status));
            script.waits(seconds);
        }
        script.sends("POST", AUTHORIZE).answers(refusal(status));
        let error = script.fails();
        assert!(matches!(error, Error::ServerFault { status: s, .. } if s == status));
    }
}

#[test]
fn a_403_is_a_refused_user() {
    assert!(matches!(fails_with(refusal(403)), Error::LoginRefused { .. }));
}

#[test]
fn a_401_with_a_text_is_switched_off_and_without_one_a_dead_token() {
    assert_eq!(fails_with(refusal(401)), Error::QuickConnectDisabled);
    assert_eq!(fails_with(answer::marked(401)), Error::TokenRevoked);
}

#[test]
fn anything_but_true_is_no_approval() {
    for body in ["false", "\"false\"", "1", "{}", "null", "<html>"] {
        let error = fails_with(answer::marked(200).with_body(body.as_bytes()));
        assert!(matches!(error, Error::Malformed { .. }), "{body}: {error:?}");
    }
    assert_eq!(fails_with(answer::marked(200)), Error::AddressBlocked);
}

#[test]
fn what_cant_be_a_code_is_refused_before_any_request() {
    for typed in ["", "  ", "12_34", "１２３４５６", &"1".repeat(33)] {
        let refused = ApproveQuickConnect::new(session(), typed).expect_err("no code");
        assert_eq!(refused, Error::InvalidCode, "{typed:?}");
    }
    for typed in ["123456", " 123 456\n", "1-2-3"] {
        assert!(ApproveQuickConnect::new(session(), typed).is_ok(), "{typed:?}");
    }
}

#[test]
fn nothing_of_the_token_is_shown() {
    let machine = machine();
    assert!(!format!("{machine:?}{machine:#?}").contains("0123456789abcdef"));
}
