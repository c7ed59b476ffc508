use jellyfin_auth::{Error, Failure, Login, Stage, WaitReason};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

fn asked() -> Script<Login> {
    probed(password_login("https://nas.example"))
}

fn ends_after(response: http::Response<Vec<u8>>) -> Error {
    let mut script = asked();
    script.sends("POST", AUTHENTICATE).answers(response);
    script.fails()
}

#[test]
fn a_token_and_a_user_id_are_the_end() {
    let mut script = asked();
    let exchange = script.sends("POST", AUTHENTICATE);
    let body: serde_json::Value =
        serde_json::from_slice(exchange.request().body()).expect("a JSON body");
    assert_eq!(body, serde_json::json!({"Username": "alice", "Pw": "pw-alice-1"}));
    assert_eq!(exchange.request().headers()["content-type"], "application/json");
    exchange.answers(token());
    let session = script.ends();
    assert_eq!(session.access_token().expose(), "0123456789abcdef");
    assert_eq!(session.user().id, "6eec632a");
    assert_eq!(session.user().name.as_deref(), Some("alice"));
    assert_eq!(session.server_id(), SERVER_ID);
    // Level-triggered: asking again gives the same.
    assert_eq!(script.ends(), session);
}

#[test]
fn only_token_and_user_id_are_required() {
    let mut script = asked();
    script.sends("POST", AUTHENTICATE).answers(
        answer::signed(200).with_json(
            &serde_json::json!({"accesstoken": "t", "user": {"id": "u"}, "ServerId": 7}),
        ),
    );
    let session = script.ends();
    assert_eq!(session.server_id(), SERVER_ID, "the probe told it");
    assert_eq!(session.user().name, None);
}

#[test]
fn an_empty_password_is_sent_as_such() {
    let login = Login::password(url("https://nas.example"), device(), "nopw", "");
    let mut script = probed(Script::new(login.expect("a user name")));
    let exchange = script.sends("POST", AUTHENTICATE);
    assert_eq!(exchange.request().body(), br#"{"Username":"nopw","Pw":""}"#);
    exchange.answers(token());
}

#[test]
fn a_blank_user_name_is_refused_before_any_request() {
    for name in ["", " ", "\t\n"] {
        let login = Login::password(url("https://nas.example"), device(), name, "pw");
        assert!(matches!(login, Err(Error::BlankUserName { .. })));
    }
}

#[test]
fn a_401_is_a_wrong_password() {
    assert!(matches!(ends_after(refusal(401)), Error::BadCredentials { .. }));
}

#[test]
fn a_403_is_a_refused_user() {
    assert!(matches!(ends_after(refusal(403)), Error::LoginRefused { .. }));
}

#[test]
fn a_signed_server_error_is_the_servers_fault_and_the_password_is_not_sent_again() {
    for status in [500, 502, 504, 599] {
        assert!(
            matches!(ends_after(refusal(status)), Error::ServerFault { status: s, .. } if s == status)
        );
    }
}

#[test]
fn a_server_error_of_a_server_that_doesnt_sign_is_its_fault() {
    for status in [500, 502, 504] {
        let mut script = probed_unsigned(password_login("https://nas.example"));
        script.sends("POST", AUTHENTICATE).answers(answer::unsigned(status));
        assert!(matches!(script.fails(), Error::ServerFault { status: s, .. } if s == status));
    }
}

#[test]
fn unreachable_is_tried_again_since_no_byte_was_sent() {
    let mut script = with_policy(password_login("https://nas.example"), |p| p.probe = false);
    for seconds in [1, 2, 4] {
        script.sends("POST", AUTHENTICATE).fails(Failure::Unreachable);
        script.waits(seconds);
    }
    script.sends("POST", AUTHENTICATE).answers(token());
    script.ends();
}

#[test]
fn a_password_is_never_sent_twice_on_its_own() {
    for failure in [Failure::Timeout, Failure::Interrupted, Failure::Other] {
        let mut script = asked();
        script.sends("POST", AUTHENTICATE).fails(failure);
        assert!(matches!(script.fails(), Error::NoAnswer { failure: f, .. } if f == failure));
    }
}

#[test]
fn a_password_is_never_sent_twice_while_the_server_starts() {
    let mut script = asked();
    script.sends("POST", AUTHENTICATE).answers(answer::signed(503).with_html("loading"));
    script.waits(1);
    script.sends("POST", AUTHENTICATE).fails(Failure::Interrupted);
    assert!(matches!(script.fails(), Error::NoAnswer { failure: Failure::Interrupted, .. }));
}

#[test]
fn a_forgotten_password_request_counts_as_interrupted() {
    let mut script = asked();
    script.sends("POST", AUTHENTICATE).is_forgotten();
    assert!(matches!(script.fails(), Error::NoAnswer { failure: Failure::Interrupted, .. }));
}

#[test]
fn tls_size_proxy_and_hidden_redirects_end_it() {
    for failure in [Failure::Tls, Failure::TooLarge, Failure::Proxy, Failure::Redirected] {
        let mut script = asked();
        script.sends("POST", AUTHENTICATE).fails(failure);
        assert!(matches!(script.fails(), Error::NoAnswer { failure: f, .. } if f == failure));
    }
}

#[test]
fn a_busy_server_did_not_look_at_the_password() {
    for status in [429, 503] {
        let mut script = asked();
        script.sends("POST", AUTHENTICATE).answers(answer::unsigned(status).with_html("busy"));
        assert_eq!(script.waits(1).reason(), WaitReason::Busy);
        script.sends("POST", AUTHENTICATE).answers(token());
        script.ends();
    }
}

#[test]
fn a_success_that_cant_be_read_is_malformed() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        r#"{"AccessToken":"t"}"#,
        r#"{"User":{"Id":"u"}}"#,
        r#"{"AccessToken":"t","User":{}}"#,
        r#"{"AccessToken":"t","User":{"Id":null}}"#,
        r#"{"AccessToken":"","User":{"Id":"u"}}"#,
        r#"{"AccessToken":7,"User":{"Id":"u"}}"#,
        r#"{"AccessToken":"a b","User":{"Id":"u"}}"#,
        r#"{"AccessToken":"a\nb","User":{"Id":"u"}}"#,
        r#"{"AccessToken":"t","accesstoken":"t","User":{"Id":"u"}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u","id":"v"}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u"},"user":{"Id":"u"}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u"}} trailing"#,
        "<html></html>",
    ] {
        // Of a server that doesn't sign: an empty signed 200 is the address filter's.
        let mut script = probed_unsigned(password_login("https://nas.example"));
        script
            .sends("POST", AUTHENTICATE)
            .answers(answer::unsigned(200).with_body(body.as_bytes()));
        match script.fails() {
            Error::Malformed { step, .. } => assert_eq!(step, Stage::Authenticate, "{body}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn a_token_has_at_most_512_characters() {
    for (length, fits) in [(512, true), (513, false)] {
        let mut script = asked();
        script.sends("POST", AUTHENTICATE).answers(answer::authentication(
            &"t".repeat(length),
            "u",
            SERVER_ID,
        ));
        if fits {
            script.ends();
        } else {
            assert!(matches!(script.fails(), Error::Malformed { .. }));
        }
    }
}

#[test]
fn without_a_server_id_from_anywhere_the_answer_is_malformed() {
    let mut script = with_policy(password_login("https://nas.example"), |p| p.probe = false);
    script.sends("POST", AUTHENTICATE).answers(
        answer::signed(200)
            .with_json(&serde_json::json!({"AccessToken": "t", "User": {"Id": "u"}})),
    );
    assert!(matches!(script.fails(), Error::Malformed { .. }));
}

#[test]
fn anything_else_is_unexpected() {
    for status in [400, 404, 405, 415] {
        match ends_after(refusal(status)) {
            Error::Unexpected { step, status: s, .. } => {
                assert_eq!((step, s), (Stage::Authenticate, status));
            }
            other => panic!("{status}: {other:?}"),
        }
    }
}

#[test]
fn verify_tries_the_token_before_the_end() {
    let asked = || {
        let mut script =
            probed(with_policy(password_login("https://nas.example"), |p| p.verify = true));
        script.sends("POST", AUTHENTICATE).answers(token());
        script
    };
    let me = serde_json::json!({"Id": "6eec632a", "Name": "Alice"});

    let mut script = asked();
    let exchange = script.sends("GET", ME);
    let header = exchange.request().headers()["authorization"].to_str().expect("ASCII");
    assert!(header.ends_with(", Token=\"0123456789abcdef\""));
    exchange.answers(answer::signed(200).with_json(&me));
    assert_eq!(script.ends().user().name.as_deref(), Some("Alice"));

    let mut script = asked();
    script.sends("GET", ME).answers(answer::signed(401));
    assert!(matches!(script.fails(), Error::TokenRevoked { .. }));

    let mut script = asked();
    script.sends("GET", ME).answers(answer::signed(403));
    assert!(matches!(script.fails(), Error::NotAllowedNow { .. }));

    let mut script = asked();
    script.sends("GET", ME).answers(answer::unsigned(401));
    assert!(matches!(script.waits(1).reason(), WaitReason::Intercepted { status: 401, .. }));
    script.sends("GET", ME).answers(answer::signed(200).with_json(&me));
    script.ends();
}
