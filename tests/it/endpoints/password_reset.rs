//! A forgotten password and its PIN, version by version (protocol facts, sections 4.9 and 4.10).

use jellyfin_auth::{
    Error,
    endpoint::{Endpoint as _, PasswordResetAction, RedeemPin, RequestPasswordReset},
};
use jellyfin_auth_testkit::{answer, answer::ResponseExt as _};
use serde_json::json;

use super::{Parts, assert_reads, parts};
use crate::given::refusal;

const DATE: &str = "2026-08-22T17:14:15.1234567Z";

#[test]
fn each_version_says_what_to_do_next_in_its_own_way() {
    let Parts { server, device, .. } = &parts();
    let forgot = RequestPasswordReset::new(server, device, "alice").expect("a name");
    for (version, body, action, file, date) in [
        (
            "10.7, a known user on the local network",
            json!({"Action": "PinCode", "PinExpirationDate": DATE}),
            PasswordResetAction::PinCode,
            None,
            Some(DATE),
        ),
        (
            "10.7 to 10.10, an unknown user or from afar",
            json!({"Action": "InNetworkRequired", "PinFile": ""}),
            PasswordResetAction::InNetworkRequired,
            None,
            None,
        ),
        (
            "10.8 and later",
            json!({"Action": "PinCode", "PinFile": "/config/passwordreset1.json", "PinExpirationDate": DATE}),
            PasswordResetAction::PinCode,
            Some("/config/passwordreset1.json"),
            Some(DATE),
        ),
        (
            "a later one with more to say",
            json!({"Action": "PinCode", "Hint": "in the server's folder"}),
            PasswordResetAction::PinCode,
            None,
            None,
        ),
        (
            "another provider",
            json!({"action": "ContactAdmin", "pinFile": null}),
            PasswordResetAction::ContactAdmin,
            None,
            None,
        ),
    ] {
        let found = forgot.read(&answer::marked(200).with_json(&body)).expect(version);
        assert_eq!(found.action, action, "{version}");
        assert_eq!(found.pin_file.as_deref(), file, "{version}");
        assert_eq!(found.pin_expiration_date.as_deref(), date, "{version}");
    }
}

#[test]
fn an_action_that_nobody_knows_makes_no_sense() {
    let of = |body: serde_json::Value| answer::marked(200).with_json(&body);
    assert_reads(
        "RequestPasswordReset",
        vec![
            (of(json!({"Action": "Fly"})), "! Malformed { request: RequestPasswordReset }"),
            (of(json!({"Action": 1})), "! Malformed { request: RequestPasswordReset }"),
            (of(json!({"PinFile": "x"})), "! Malformed { request: RequestPasswordReset }"),
            (refusal(400), "! Unexpected { request: RequestPasswordReset, status: 400 }"),
            (answer::marked(404), "! Unexpected { request: RequestPasswordReset, status: 404 }"),
        ],
    );
}

#[test]
fn what_a_pin_file_is_called_is_fit_to_be_shown() {
    let Parts { server, device, .. } = &parts();
    let forgot = RequestPasswordReset::new(server, device, "alice").expect("a name");
    let body =
        json!({"Action": "PinCode", "PinFile": "C:\\a\u{1b}[2J\n", "PinExpirationDate": "x\u{7}"});
    let found = forgot.read(&answer::marked(200).with_json(&body)).expect("a way");
    assert_eq!(found.pin_file.as_deref(), Some("C:\\a\u{fffd}[2J\u{fffd}"));
    assert_eq!(found.pin_expiration_date.as_deref(), Some("x\u{fffd}"));
}

#[test]
fn a_pin_resets_the_passwords_of_those_it_names_or_is_refused() {
    let of = |body: serde_json::Value| answer::marked(200).with_json(&body);
    assert_reads(
        "RedeemPin",
        vec![
            (of(json!({"Success": true, "UsersReset": ["alice", "bob"]})), "[\"alice\", \"bob\"]"),
            (of(json!({"success": true, "usersReset": []})), "[]"),
            (of(json!({"Success": true})), "[]"),
            (of(json!({"Success": true, "UsersReset": ["alice"], "Vanished": []})), "[\"alice\"]"),
            (of(json!({"Success": true, "UsersReset": ["a\u{1b}c"]})), "[\"a\u{fffd}c\"]"),
            (of(json!({"Success": false, "UsersReset": []})), "! PinRefused"),
            (refusal(404), "! PinRefused"),
            (refusal(400), "! Unexpected { request: RedeemPin, status: 400 }"),
            (of(json!({"UsersReset": ["alice"]})), "! Malformed { request: RedeemPin }"),
            (of(json!({"Success": "true"})), "[]"),
            (of(json!({"Success": 1})), "! Malformed { request: RedeemPin }"),
            (of(json!({"Success": true, "UsersReset": "alice"})), "[]"),
        ],
    );
}

#[test]
fn what_servers_refuse_is_not_sent() {
    let Parts { server, device, .. } = &parts();
    for blank in ["", " ", "\t\n", "\u{3000}"] {
        let forgot = RequestPasswordReset::new(server, device, blank);
        assert_eq!(forgot.expect_err("blank"), Error::BlankUserName);
        let pin = blank.into();
        let redeem = RedeemPin::new(server, device, &pin);
        assert_eq!(redeem.expect_err("blank"), Error::PinRefused);
    }
}

#[test]
fn a_pin_is_sent_exactly_as_it_was_typed_since_it_becomes_the_password() {
    let Parts { server, device, .. } = &parts();
    for typed in ["AB-CD-EF-01", "abcdef01", " AB-CD "] {
        let pin = typed.into();
        let request = RedeemPin::new(server, device, &pin).expect("a PIN").request();
        let body: serde_json::Value = serde_json::from_slice(request.body()).expect("JSON");
        assert_eq!(body, json!({"Pin": typed}));
    }
}
