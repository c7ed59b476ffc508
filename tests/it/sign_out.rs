//! Signing out: the server itself must have forgotten the token.

use http::Response;
use jellyfin_auth::{Error, Failure, SignOut, WaitReason};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

const LOG_OUT: &str = "/Sessions/Logout";

/// The server was identified, and sets the marker.
fn identified() -> Script<SignOut> {
    let mut script = Script::new(SignOut::new(session()));
    script.sends("GET", INFO).answers(info());
    script
}

fn identified_unmarked() -> Script<SignOut> {
    let mut script = Script::new(SignOut::new(session()));
    script.sends("GET", INFO).answers(without_marker(info()));
    script
}

fn fails_with(response: Response<Vec<u8>>) -> Error {
    let mut script = identified();
    script.sends("POST", LOG_OUT).answers(response);
    script.fails()
}

#[test]
fn a_204_is_signed_out_and_so_is_a_token_that_was_gone_before() {
    for response in [answer::marked(204), answer::marked(401), answer::unmarked(204)] {
        let mut script = identified();
        let exchange = script.sends("POST", LOG_OUT);
        assert_eq!(exchange.request().headers()["content-length"], "0");
        exchange.answers(response);
        script.ends();
    }
}

#[test]
fn a_captive_portals_401_is_no_sign_out() {
    let mut script = identified();
    for seconds in [1, 2, 4] {
        script.sends("POST", LOG_OUT).answers(answer::unmarked(401).with_html("log in"));
        let reason = script.waits(seconds).reason();
        assert!(matches!(reason, WaitReason::Intercepted { status: 401, .. }), "{reason:?}");
    }
    script.sends("POST", LOG_OUT).answers(answer::unmarked(401).with_html("log in"));
    assert!(matches!(script.fails(), Error::Intercepted { status: 401, .. }));
}

#[test]
fn a_server_without_the_marker_is_read_by_status() {
    for status in [204, 401] {
        let mut script = identified_unmarked();
        script.sends("POST", LOG_OUT).answers(answer::unmarked(status));
        script.ends();
    }
}

#[test]
fn a_403_keeps_the_token() {
    assert_eq!(fails_with(answer::marked(403)), Error::NotAllowedNow);
}

#[test]
fn a_404_405_501_or_an_object_mean_that_this_server_cant() {
    let object = || answer::unmarked(200).with_body(b"{}");
    for response in [
        answer::marked(404),
        answer::marked(405),
        answer::marked(501),
        answer::marked(200).with_body(b"{}"),
        answer::marked(200).with_body(br#"{"Success":true}"#),
    ] {
        assert_eq!(fails_with(response), Error::SignOutUnsupported);
    }
    for response in [answer::unmarked(404), answer::unmarked(405), answer::unmarked(501), object()]
    {
        let mut script = identified_unmarked();
        script.sends("POST", LOG_OUT).answers(response);
        assert_eq!(script.fails(), Error::SignOutUnsupported);
    }
}

#[test]
fn a_success_of_another_kind_is_none() {
    for response in [
        answer::marked(200).with_html("<h1>Jellyfin</h1>"),
        answer::marked(200).with_body(b"[]"),
        answer::marked(200).with_body(b"true"),
        answer::marked(202),
    ] {
        assert!(matches!(fails_with(response), Error::Malformed { .. }));
    }
    assert_eq!(fails_with(answer::marked(200)), Error::AddressBlocked);
    assert!(matches!(fails_with(refusal(400)), Error::Unexpected { status: 400, .. }));
}

#[test]
fn a_lost_answer_is_asked_for_again_and_the_token_may_be_gone_then() {
    let mut script = identified();
    script.sends("POST", LOG_OUT).fails(Failure::Interrupted);
    script.waits(1);
    script.sends("POST", LOG_OUT).answers(answer::marked(401));
    script.ends();
}

#[test]
fn a_fault_of_the_server_is_retried() {
    let mut script = identified();
    for seconds in [1, 2, 4] {
        script.sends("POST", LOG_OUT).answers(refusal(500));
        script.waits(seconds);
    }
    script.sends("POST", LOG_OUT).answers(refusal(500));
    assert!(matches!(script.fails(), Error::ServerFault { status: 500, .. }));
}

#[test]
fn nothing_of_the_token_is_shown() {
    let machine = SignOut::new(session());
    assert!(!format!("{machine:?}{machine:#?}").contains("0123456789abcdef"));
}
