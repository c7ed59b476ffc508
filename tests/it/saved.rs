//! A Quick Connect that a program keeps while it is stopped, and goes on with.

use jellyfin_auth::{
    Error, Failure, Login, Policy, RecordError, Renewals, Saved, ServerUrlError, WaitReason,
};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};
use serde_json::{Value, json};

use crate::given::*;

const SERVER: &str = "https://nas.example";

fn kept() -> Value {
    json!({
        "version": 1, "server": "https://nas.example", "server_id": SERVER_ID, "client": "Example",
        "client_version": "1.0", "device_name": "Test", "device_id": "d-1", "code": "123456",
        "secret": "5EC4E7", "renewals": 0,
    })
}

fn with(part: &str, value: Value) -> Value {
    let mut kept = kept();
    kept[part] = value;
    kept
}

fn without(part: &str) -> Value {
    let mut kept = kept();
    kept.as_object_mut().expect("an object").remove(part).expect("it was there");
    kept
}

fn resume_with(
    kept: Value,
    change: impl FnOnce(&mut Policy),
) -> Result<Script<Login>, RecordError> {
    let saved: Saved = serde_json::from_value(kept).expect("a record");
    let mut policy = Policy::default();
    change(&mut policy);
    Login::resume(saved, policy).map(Script::new)
}

fn resumed() -> Script<Login> {
    resume_with(kept(), |_| ()).expect("a login")
}

#[test]
fn a_pending_code_is_kept_and_comes_back_as_it_was() {
    let script = showing_a_code(quick_connect_login(SERVER));
    let saved = script.machine.saved().expect("a code is alive");
    assert_eq!((saved.code(), saved.server()), ("123456", SERVER));
    assert_eq!(serde_json::to_value(&saved).expect("JSON"), kept());
    let text = serde_json::to_string(&saved).expect("JSON");
    assert_eq!(serde_json::from_str::<Saved>(&text).expect("a record"), saved);
    // And what was resumed can be kept again at once.
    let login = Login::resume(saved.clone(), Policy::default()).expect("a login");
    assert_eq!(login.saved(), Some(saved));
    assert_eq!(login.code(), Some("123456"));
}

#[test]
fn there_is_something_to_keep_exactly_while_a_code_is_alive() {
    let mut script = probed(quick_connect_login(SERVER));
    assert_eq!(script.machine.saved(), None);
    script.sends("GET", ENABLED).answers(on());
    let exchange = script.sends("POST", INITIATE);
    let ticket = exchange.into_ticket();
    assert_eq!(script.machine.saved(), None);
    script.machine.handle_response(ticket, pending()).expect("current");
    assert!(script.machine.saved().is_some(), "before the first wait");
    script.waits(5);
    script.sends("GET", POLL).answers(approved());
    assert!(script.machine.saved().is_some(), "approved and not yet redeemed");
    let ticket = script.sends("POST", EXCHANGE).into_ticket();
    assert!(script.machine.saved().is_some(), "while it is redeemed");
    script.machine.handle_response(ticket, token()).expect("current");
    script.ends();
    assert_eq!(script.machine.saved(), None, "it is used up");
}

#[test]
fn nothing_is_left_to_keep_after_an_error_or_a_cancel() {
    let mut script = resumed();
    script.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
    script.sends("GET", POLL).answers(refusal(404));
    script.fails();
    assert_eq!(script.machine.saved(), None);
    let mut script = resumed();
    script.machine.cancel();
    assert_eq!(script.machine.saved(), None);
    assert!(matches!(script.fails(), Error::Cancelled { .. }));
}

#[test]
fn a_password_login_cant_be_saved() {
    let mut script = password_login(SERVER);
    assert_eq!(script.machine.saved(), None);
    let ticket = script.sends("GET", INFO).into_ticket();
    assert_eq!(script.machine.saved(), None);
    let info = answer::server_info(SERVER_ID, "12.0.0");
    script.machine.handle_response(ticket, info).expect("current");
    script.sends("POST", AUTHENTICATE).answers(token());
    assert_eq!(script.machine.saved(), None);
    script.ends();
    assert_eq!(script.machine.saved(), None);
}

#[test]
fn a_code_approved_while_the_program_was_stopped_is_redeemed() {
    let mut script = resumed();
    script.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
    script.sends("GET", POLL).answers(approved());
    let exchange = script.sends("POST", EXCHANGE);
    assert_eq!(exchange.request().body(), br#"{"Secret":"5EC4E7"}"#);
    exchange.answers(token());
    let session = script.ends();
    assert_eq!(session.access_token().expose(), "0123456789abcdef");
    assert_eq!((session.server_id(), session.device()), (SERVER_ID, &device()));
}

#[test]
fn a_code_that_still_waits_is_shown_on_without_an_age() {
    let mut script = resumed();
    script.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
    script.sends("GET", POLL).answers(pending());
    let wait = script.waits(5);
    assert_eq!((wait.code(), wait.reason()), (Some("123456"), WaitReason::Poll));
    assert_eq!(wait.code_expires_in(), None, "how old it is nobody knows");
}

#[test]
fn the_server_is_asked_who_it_is_even_with_the_probe_off() {
    let mut script = resume_with(kept(), |policy| policy.probe = false).expect("a login");
    let exchange = script.sends("GET", INFO);
    assert!(exchange.request().headers().get("authorization").is_none());
    exchange.answers(answer::server_info(SERVER_ID, "12.0.0"));
    script.sends("GET", POLL).answers(pending());
}

#[test]
fn another_server_never_sees_the_secret() {
    for probe in [true, false] {
        let mut script = resume_with(kept(), |policy| policy.probe = probe).expect("a login");
        script.sends("GET", INFO).answers(answer::server_info("ab", "12.0.0"));
        assert!(matches!(script.fails(), Error::DifferentServer { .. }));
    }
    // Nor does who a redirect leads to, unless it is the same server.
    let mut script = resumed();
    script
        .sends("GET", INFO)
        .answers(answer::unsigned(302).with_header("location", "https://other.example/"));
    assert!(matches!(script.fails(), Error::Redirected { .. }));
    let mut script =
        resume_with(with("server", "http://nas.example".into()), |_| ()).expect("a login");
    script.sends("GET", INFO).answers(
        answer::unsigned(301).with_header("location", "https://nas.example/System/Info/Public"),
    );
    script.sends("GET", INFO).answers(answer::server_info("ab", "12.0.0"));
    assert!(matches!(script.fails(), Error::DifferentServer { .. }));
}

#[test]
fn a_server_whose_id_was_not_known_is_taken_for_the_same() {
    let mut script = with_policy(quick_connect_login(SERVER), |policy| policy.probe = false);
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(pending());
    let saved = script.machine.saved().expect("a code is alive");
    assert_eq!(serde_json::to_value(&saved).expect("JSON"), without("server_id"));
    let mut script = Script::new(Login::resume(saved, Policy::default()).expect("a login"));
    script.sends("GET", INFO).answers(answer::server_info("ab", "12.0.0"));
    script.sends("GET", POLL).answers(pending());
}

#[test]
fn a_server_that_is_still_starting_is_waited_for_from_the_first_request_on() {
    let mut script = resumed();
    for seconds in [1, 2, 4, 5, 5, 5] {
        script.sends("GET", INFO).fails(Failure::Unreachable);
        let wait = script.waits(seconds);
        assert_eq!(wait.code(), Some("123456"), "the code is shown meanwhile");
    }
    script.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
    script.sends("GET", POLL).answers(approved());
}

#[test]
fn an_unknown_code_is_lost_and_renewed_if_any_renewals_are_left() {
    let gone = |policy: Renewals, used: u32| {
        let resumed = resume_with(with("renewals", used.into()), |p| p.renewals = policy);
        let mut script = resumed.expect("a login");
        script.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
        script.sends("GET", POLL).answers(refusal(404));
        script
    };
    for (policy, used) in [(Renewals::Never, 0), (Renewals::Times(2), 2), (Renewals::Times(2), 7)] {
        assert!(matches!(gone(policy, used).fails(), Error::CodeLost { .. }));
    }
    for (policy, used) in [(Renewals::Times(2), 1), (Renewals::Unlimited, u32::MAX)] {
        let mut script = gone(policy, used);
        assert_eq!(script.machine.saved(), None, "there is no code for the moment");
        script.sends("POST", INITIATE).answers(answer::quick_connect("654321", "0EC4E7", false));
        let saved = script.machine.saved().expect("a new code");
        assert_eq!(saved.code(), "654321");
        let renewals = &serde_json::to_value(&saved).expect("JSON")["renewals"];
        assert_eq!(*renewals, used.saturating_add(1), "renewals are kept");
        let wait = script.waits(5);
        assert!(wait.code_expires_in().is_some(), "this one's age is known");
    }
}

#[test]
fn a_record_of_a_later_version_or_without_a_part_says_so() {
    let error = |kept: Value| resume_with(kept, |_| ()).expect_err("no use");
    assert!(matches!(
        error(with("version", 2.into())),
        RecordError::LaterVersion { found: 2, known: 1, .. }
    ));
    for part in ["code", "secret"] {
        let bad = [
            without(part),
            with(part, "".into()),
            with(part, "a b".into()),
            with(part, "\u{1b}[".into()),
        ];
        for kept in bad.into_iter().chain([with(part, "x".repeat(513).into())]) {
            assert!(matches!(error(kept), RecordError::Missing { part: told, .. } if told == part));
        }
    }
    assert_eq!(error(without("server")), RecordError::Server(ServerUrlError::NoHost));
    for part in ["client", "client_version", "device_name", "device_id"] {
        assert!(matches!(error(without(part)), RecordError::Device(_)));
    }
    assert!(resume_with(without("renewals"), |_| ()).is_ok());
    assert!(resume_with(with("new_in_a_later_release", json!([1])), |_| ()).is_ok());
    assert!(serde_json::from_value::<Saved>(without("version")).is_err());
    for part in kept().as_object().expect("an object").keys() {
        assert!(serde_json::from_value::<Saved>(with(part, json!([]))).is_err(), "{part}");
    }
}

#[test]
fn the_secret_is_shown_by_nothing() {
    let saved: Saved = serde_json::from_value(with("secret", "c4n4ry".into())).expect("a record");
    let login = Login::resume(saved.clone(), Policy::default()).expect("a login");
    for shown in [format!("{saved:?}"), format!("{saved:#?}"), format!("{login:?}")] {
        assert!(!shown.contains("c4n4ry"), "{shown}");
        assert!(shown.contains("123456"), "the code is for everyone to see");
    }
}
