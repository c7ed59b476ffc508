//! Block 2: `POST /Users/AuthenticateByName`. A password is never sent twice on its own.

use jellyfin_auth::{
    Error, Failure, Login, LoginRefusal, Machine as _, RequestName, UserNameHint, WaitReason,
};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

fn ends_after(response: http::Response<Vec<u8>>) -> Error {
    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).answers(response);
    script.fails()
}

#[test]
fn the_name_and_the_password_are_sent_as_they_were_typed() {
    for (name, password, body) in [
        ("alice", "pw-alice-1", r#"{"Username":"alice","Pw":"pw-alice-1"}"#),
        ("nopw", "", r#"{"Username":"nopw","Pw":""}"#),
        (" alice ", "\u{200b}", "{\"Username\":\" alice \",\"Pw\":\"\u{200b}\"}"),
    ] {
        let login = Login::password(url(SERVER), device(), name, password).expect("a user name");
        let mut script = probed(Script::new(login));
        let exchange = script.sends("POST", AUTHENTICATE);
        assert_eq!(String::from_utf8_lossy(exchange.request().body()), body);
        assert_eq!(exchange.request().headers()["content-type"], "application/json");
        exchange.answers(token());
        script.ends();
    }
}

#[test]
fn a_blank_user_name_is_refused_before_any_request() {
    for name in ["", " ", "\t\n"] {
        let login = Login::password(url(SERVER), device(), name, "pw");
        assert_eq!(login.expect_err("blank"), Error::BlankUserName);
    }
}

#[test]
fn a_429_and_a_starting_server_didnt_look_and_get_it_again() {
    for (response, reason, wait) in [
        (answer::unmarked(429), WaitReason::Busy, 1),
        (answer::marked(429), WaitReason::Busy, 1),
        (answer::unmarked(429).with_header("retry-after", "7"), WaitReason::Busy, 7),
        (answer::unmarked(503).with_header("retry-after", "7"), WaitReason::ServerStarting, 7),
        (set_up_server(), WaitReason::ServerStarting, 5),
        (loading(), WaitReason::ServerStarting, 1),
    ] {
        for mut script in [asked_for_password(), without_probe(password_login(SERVER))] {
            script.sends("POST", AUTHENTICATE).answers(response.clone());
            assert_eq!(script.waits(wait).reason(), reason, "{response:?}");
            script.sends("POST", AUTHENTICATE).answers(token());
            script.ends();
        }
    }
}

#[test]
fn but_at_most_as_often_as_the_policys_retries_and_not_for_all_the_patience() {
    for (response, error) in [
        (answer::unmarked(429), "ServerBusy { status: 429, by_cloudflare: false }"),
        (answer::unmarked(503).with_header("retry-after", "1"), "ServerStarting"),
        (loading(), "ServerStarting"),
    ] {
        for (retries, waits) in [(3, &[1, 2, 4][..]), (1, &[1]), (0, &[])] {
            let script = with_policy(password_login(SERVER), |policy| policy.retries = retries);
            let mut script = probed(script);
            for &seconds in waits {
                script.sends("POST", AUTHENTICATE).answers(response.clone());
                script.waits(seconds);
            }
            script.sends("POST", AUTHENTICATE).answers(response.clone());
            assert_eq!(format!("{:?}", script.fails()), error);
        }
    }
}

#[test]
fn next_doesnt_let_it_be_sent_more_often() {
    let mut script = asked_for_password();
    for _ in 0..3 {
        script.sends("POST", AUTHENTICATE).answers(loading());
        script.is_waiting();
        script.machine.check_now();
        script.waits(1);
    }
    script.sends("POST", AUTHENTICATE).answers(loading());
    assert_eq!(script.fails(), Error::ServerStarting);
}

#[test]
fn any_other_503_may_come_after_the_password_was_looked_at() {
    // Envoy's text; Varnish and Fastly say it in other words.
    let envoy = "upstream connect error or disconnect/reset before headers. reset reason: overflow";
    for response in [answer::unmarked(503), answer::unmarked(503).with_body(envoy.as_bytes())] {
        for mut script in [asked_for_password(), probed_unmarked(password_login(SERVER))] {
            script.sends("POST", AUTHENTICATE).answers(response.clone());
            let error = script.fails();
            assert!(matches!(error, Error::ServerBusy { status: 503, .. }), "{error:?}");
        }
    }
}

#[test]
fn a_401_is_a_wrong_password() {
    assert!(matches!(ends_after(refusal(401)), Error::BadCredentials { hint: None, .. }));
}

#[test]
fn a_refused_name_that_is_odd_is_pointed_out() {
    let hint = |name: &str| {
        let login = Login::password(url(SERVER), device(), name, "pw").expect("a user name");
        let mut script = probed(Script::new(login));
        script.sends("POST", AUTHENTICATE).answers(refusal(401));
        match script.fails() {
            Error::BadCredentials { hint, .. } => hint,
            other => panic!("{other:?}"),
        }
    };
    for name in ["alice", "al ice", "Käthe", "你好", "a-b_c.d@e"] {
        assert_eq!(hint(name), None, "{name:?}");
    }
    for name in [" alice", "alice ", "\talice", "alice\n", "\u{a0}alice", " al\u{200b}ice"] {
        let hint = hint(name).expect("there is one");
        assert_eq!(hint, UserNameHint::OuterBlanks, "{name:?}");
        assert_eq!(hint.to_string(), "the user name begins or ends with a blank");
    }
    for name in
        ["al\u{200b}ice", "\u{feff}alice", "alice\u{202e}", "al\u{a0}ice", "al\tice", "al\u{7f}"]
    {
        assert_eq!(hint(name), Some(UserNameHint::InvisibleCharacters), "{name:?}");
    }
}

#[test]
fn a_403_is_a_refused_user() {
    let error = ends_after(refusal(403));
    assert!(
        matches!(error, Error::LoginRefused { reason: LoginRefusal::NotStated, .. }),
        "{error:?}"
    );
}

#[test]
fn a_fault_of_the_server_itself_ends_it_at_once() {
    for status in [500, 501, 502, 504, 520, 599] {
        let error = ends_after(refusal(status));
        assert!(matches!(error, Error::ServerFault { status: s, .. } if s == status), "{error:?}");
        let mut script = probed_unmarked(password_login(SERVER));
        script.sends("POST", AUTHENTICATE).answers(answer::unmarked(status));
        let error = script.fails();
        assert!(matches!(error, Error::ServerFault { status: s, .. } if s == status), "{error:?}");
    }
}

#[test]
fn unreachable_is_tried_again_since_no_byte_was_sent() {
    let mut script = without_probe(password_login(SERVER));
    for seconds in [1, 2, 4] {
        script.sends("POST", AUTHENTICATE).fails(Failure::Unreachable);
        assert_eq!(script.waits(seconds).reason(), WaitReason::NoAnswer(Failure::Unreachable));
    }
    script.sends("POST", AUTHENTICATE).fails(Failure::Unreachable);
    assert!(matches!(script.fails(), Error::NoAnswer { failure: Failure::Unreachable, .. }));
}

#[test]
fn unreachable_is_waited_out_when_the_server_was_heard_before() {
    let mut script = asked_for_password();
    for seconds in [1, 2, 4, 5, 5, 5] {
        script.sends("POST", AUTHENTICATE).fails(Failure::Unreachable);
        script.waits(seconds);
    }
    script.sends("POST", AUTHENTICATE).answers(token());
    script.ends();
}

#[test]
fn no_response_after_it_was_sent_ends_it() {
    for failure in [Failure::Interrupted, Failure::Other] {
        let mut script = asked_for_password();
        script.sends("POST", AUTHENTICATE).fails(failure);
        assert!(matches!(script.fails(), Error::NoAnswer { failure: f, .. } if f == failure));
    }
    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).is_forgotten();
    assert!(matches!(script.fails(), Error::NoAnswer { failure: Failure::Interrupted, .. }));
}

#[test]
fn a_timeout_has_an_error_of_its_own() {
    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).takes(90).fails(Failure::Timeout);
    assert_eq!(script.fails(), Error::PasswordTimeout);
}

#[test]
fn it_is_so_while_the_server_starts_too() {
    for (failure, error) in [
        (Failure::Interrupted, "NoAnswer { failure: Interrupted }"),
        (Failure::Other, "NoAnswer { failure: Other }"),
        (Failure::Timeout, "PasswordTimeout"),
    ] {
        let mut script = asked_for_password();
        script.sends("POST", AUTHENTICATE).answers(loading());
        script.waits(1);
        script.sends("POST", AUTHENTICATE).fails(failure);
        assert_eq!(format!("{:?}", script.fails()), error);
    }
}

#[test]
fn anything_else_is_unexpected() {
    for status in [400, 404, 405, 415] {
        let request = RequestName::AuthenticateByName;
        let error = ends_after(refusal(status));
        assert!(
            matches!(error, Error::Unexpected { request: r, status: s, .. } if (r, s) == (request, status)),
            "{error:?}"
        );
    }
}
