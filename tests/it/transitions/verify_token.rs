//! Below the tables: with `verify_token`, `GET /Users/Me` comes before the end of either way to sign in.

use jellyfin_auth::{Error, Failure, Login, WaitReason};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};
use serde_json::json;

use crate::given::*;

fn by_password() -> Script<Login> {
    let script = with_policy(password_login(SERVER), |policy| policy.verify_token = true);
    let mut script = probed(script);
    script.sends("POST", AUTHENTICATE).answers(token());
    script
}

fn by_quick_connect() -> Script<Login> {
    let mut script = polling_with(|policy| policy.verify_token = true);
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(token());
    script
}

fn me() -> http::Response<Vec<u8>> {
    answer::marked(200).with_json(&json!({"Id": "6eec632a", "Name": "Alice", "HasPassword": true}))
}

#[test]
fn the_token_is_tried_and_the_user_is_as_the_server_knows_it_then() {
    for mut script in [by_password(), by_quick_connect()] {
        let exchange = script.sends("GET", ME);
        let header = exchange.request().headers()["authorization"].to_str().expect("ASCII");
        assert!(header.ends_with(", Token=\"0123456789abcdef\""));
        exchange.answers(me());
        let session = script.ends();
        assert_eq!(session.user().name.as_deref(), Some("Alice"));
        assert_eq!(session.user().has_password, Some(true));
        assert_eq!(session.access_token().expose(), "0123456789abcdef");
    }
}

#[test]
fn a_token_that_was_replaced_meanwhile_is_revoked() {
    for mut script in [by_password(), by_quick_connect()] {
        script.sends("GET", ME).answers(answer::marked(401));
        assert_eq!(script.fails(), Error::TokenRevoked);
    }
}

#[test]
fn a_403_is_the_end_of_a_good_sign_in_all_the_same() {
    for mut script in [by_password(), by_quick_connect()] {
        script.sends("GET", ME).answers(answer::marked(403));
        let session = script.ends();
        assert_eq!(session.access_token().expose(), "0123456789abcdef");
        assert_eq!(session.user().name.as_deref(), Some("alice"), "as the sign-in said");
    }
}

#[test]
fn what_stands_in_front_says_nothing_about_the_token() {
    for status in [401, 403] {
        for mut script in [by_password(), by_quick_connect()] {
            script.sends("GET", ME).answers(answer::unmarked(status));
            let reason = script.waits(1).reason();
            assert!(matches!(reason, WaitReason::Intercepted { status: s, .. } if s == status));
            script.sends("GET", ME).answers(me());
            script.ends();
        }
    }
}

#[test]
fn it_is_retried_as_any_request() {
    for mut script in [by_password(), by_quick_connect()] {
        for seconds in [1, 2, 4] {
            script.sends("GET", ME).fails(Failure::Timeout);
            script.waits(seconds);
        }
        script.sends("GET", ME).answers(loading());
        script.waits(5);
        script.sends("GET", ME).answers(me());
        script.ends();
    }
}

#[test]
fn no_code_is_shown_any_more() {
    let mut script = by_quick_connect();
    script.sends("GET", ME).fails(Failure::Timeout);
    assert_eq!(script.waits(1).code(), None);
    assert_eq!((script.machine.code(), script.machine.to_record()), (None, None));
}

#[test]
fn without_it_the_token_isnt_tried() {
    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).answers(token());
    script.ends();
}
