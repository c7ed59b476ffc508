//! A Quick Connect that a program keeps while it is stopped, and goes on with.

use std::time::Duration;

use jellyfin_auth::{
    Error, Failure, Login, LoginRecord, Machine as _, RecordError, Renewals, ServerUrlError,
};
use jellyfin_auth_testkit::{Script, answer};
use serde_json::{Value, json};

use crate::given::*;

/// As an earlier release wrote it.
fn old() -> Value {
    json!({
        "version": 1, "server": SERVER, "server_id": SERVER_ID, "client": "Example",
        "client_version": "1.0", "device_name": "Test", "device_id": "d-1", "code": "123456",
        "secret": "5EC4E7", "renewals": 0,
    })
}

fn with(part: &str, value: Value) -> Value {
    let mut kept = old();
    kept[part] = value;
    kept
}

fn without(part: &str) -> Value {
    let mut kept = old();
    kept.as_object_mut().expect("an object").remove(part).expect("it was there");
    kept
}

fn record(kept: Value) -> LoginRecord {
    serde_json::from_value(kept).expect("a record")
}

fn written(record: &LoginRecord) -> Value {
    serde_json::to_value(record).expect("JSON")
}

fn resumed(kept: Value) -> Result<Script<Login>, RecordError> {
    Login::resume(record(kept)).map(Script::new)
}

#[test]
fn a_pending_code_is_kept_and_comes_back_as_it_was() {
    let kept = polling().machine.to_record().expect("a code is alive");
    assert_eq!((kept.code(), kept.server()), ("123456", SERVER));
    let mut whole = with("handed_out_at", Value::Null);
    whole["version"] = 2.into();
    assert_eq!(written(&kept), whole);
    let text = serde_json::to_string(&kept).expect("JSON");
    let back: LoginRecord = serde_json::from_str(&text).expect("a record");
    // And what was resumed can be kept again at once.
    let login = Login::resume(back.clone()).expect("a login");
    assert_eq!(login.to_record(), Some(back));
    assert_eq!(login.code(), Some("123456"));
    assert_eq!(login.server_url().as_str(), SERVER);
}

#[test]
fn a_record_of_an_earlier_release_is_read() {
    let mut script = resumed(old()).expect("a login");
    script.sends("GET", INFO).answers(info());
    script.sends("GET", POLL).answers(pending());
    let wait = script.waits(5);
    assert_eq!(wait.code(), Some("123456"));
    assert_eq!(wait.code_expires_in(), None, "how old it is nobody knows");
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(token());
    let session = script.ends();
    assert_eq!((session.server_id(), session.device()), (Some(SERVER_ID), &device()));
}

#[test]
fn with_the_time_a_resumed_code_has_a_countdown() {
    let began = Duration::from_secs(1_800_000_000);
    let mut script = polling();
    script.sends("GET", POLL).answers(pending()); // it is 5 s old
    let kept = script.machine.to_record().expect("a code is alive").as_of(began + seconds(5));
    assert_eq!(written(&kept)["handed_out_at"], 1_800_000_000);
    for (later, left) in [(10, 590), (130, 470), (610, 0), (9999, 0), (5, 595)] {
        let login = Login::resume(record(written(&kept)).as_of(began + seconds(later)));
        let mut script = Script::new(login.expect("a login"));
        script.sends("GET", INFO).fails(Failure::Timeout);
        let wait = script.waits(5);
        assert_eq!(wait.code_expires_in(), Some(seconds(left)), "after {later} s");
        script.sends("GET", INFO).answers(info());
        script.sends("GET", POLL).answers(pending());
        assert_eq!(
            script.waits(5).code_expires_in(),
            Some(seconds(left).saturating_sub(seconds(5)))
        );
    }
}

#[test]
fn with_the_time_a_resumed_code_that_is_gone_has_expired_or_was_lost() {
    let kept = || {
        let kept = polling().machine.to_record().expect("a code is alive");
        record(written(&kept.as_of(seconds(1_000_000))))
    };
    for (now, error) in [
        (Some(1_000_300), Error::CodeLost),
        (Some(1_000_600), Error::CodeExpired),
        (None, Error::CodeLost),
    ] {
        let kept = now.map_or_else(kept, |now| kept().as_of(seconds(now)));
        let mut script = Script::new(Login::resume(kept).expect("a login"));
        script.sends("GET", INFO).answers(info());
        script.sends("GET", POLL).answers(refusal(404));
        assert_eq!(script.fails(), error, "{now:?}");
    }
}

#[test]
fn an_age_goes_through_a_second_stop() {
    let kept = polling().machine.to_record().expect("a code is alive").as_of(seconds(1_000_000));
    let login = Login::resume(record(written(&kept)).as_of(seconds(1_000_100)));
    let mut script = Script::new(login.expect("a login"));
    script.sends("GET", INFO).answers(info());
    script.sends("GET", POLL).answers(pending());
    script.waits(5);
    script.sends("GET", POLL).answers(pending());
    script.is_waiting();
    let again = script.machine.to_record().expect("a code is alive").as_of(seconds(1_000_105));
    assert_eq!(written(&again), written(&kept));
}

#[test]
fn a_wall_clock_that_makes_no_sense_does_no_harm() {
    for (kept_at, resumed_at) in [(0, u64::MAX), (u64::MAX, 0), (u64::MAX, u64::MAX), (0, 0)] {
        let kept = polling().machine.to_record().expect("a code is alive").as_of(seconds(kept_at));
        let login = Login::resume(record(written(&kept)).as_of(seconds(resumed_at)));
        let mut script = Script::new(login.expect("a login"));
        script.sends("GET", INFO).answers(info());
        script.sends("GET", POLL).answers(pending());
        assert_eq!(script.waits(5).code(), Some("123456"));
    }
}

#[test]
fn there_is_something_to_keep_exactly_while_a_code_is_alive() {
    let mut script = asked_for_a_code();
    assert_eq!(script.machine.to_record(), None);
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(pending());
    script.waits(5);
    assert!(script.machine.to_record().is_some(), "while it is shown");
    let ticket = script.sends("GET", POLL).into_ticket();
    assert!(script.machine.to_record().is_some(), "while it is polled");
    assert!(script.machine.handle(ticket, Ok(&approved())));
    let ticket = script.sends("POST", EXCHANGE).into_ticket();
    assert!(script.machine.to_record().is_some(), "approved, while it is redeemed");
    assert!(script.machine.handle(ticket, Ok(&token())));
    script.ends();
    assert_eq!(script.machine.to_record(), None, "it is used up");
}

#[test]
fn an_approved_code_survives_any_stop() {
    let mut script = polling();
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).fails(Failure::Interrupted);
    script.is_waiting();
    script.machine.cancel();
    let kept = script.machine.to_record().expect("it is alive");
    let mut script = resumed(written(&kept)).expect("a login");
    script.sends("GET", INFO).answers(info());
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn nothing_is_left_to_keep_when_the_code_is_gone() {
    let mut script = polling();
    script.sends("GET", POLL).answers(refusal(404));
    script.fails();
    assert_eq!(script.machine.to_record(), None);
    let mut script = asked_for_a_code();
    script.machine.cancel();
    script.fails();
    assert_eq!(script.machine.to_record(), None, "there was none yet");
}

#[test]
fn a_password_login_cant_be_kept() {
    let mut script = password_login(SERVER);
    assert_eq!(script.machine.to_record(), None);
    script.sends("GET", INFO).answers(info());
    script.sends("POST", AUTHENTICATE).answers(token());
    assert_eq!(script.machine.to_record(), None);
    script.ends();
    assert_eq!(script.machine.to_record(), None);
}

#[test]
fn a_record_without_a_server_id_is_bound_to_the_first_server_that_answers() {
    let mut script = without_probe(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(pending());
    script.waits(5);
    let kept = written(&script.machine.to_record().expect("a code is alive"));
    assert_eq!(kept["server_id"], Value::Null);
    let mut script = resumed(kept).expect("a login");
    script.sends("GET", INFO).answers(other_info());
    script.sends("GET", POLL).answers(pending());
    script.waits(5);
    let kept = written(&script.machine.to_record().expect("a code is alive"));
    assert_eq!(kept["server_id"], "0ther");
}

#[test]
fn an_address_that_a_server_gave_is_kept_as_it_is() {
    let mut script = quick_connect_login("http://nas");
    script.sends("GET", INFO).answers(redirect(302, "/web/jf/web/index.html"));
    script.sends("GET", &format!("/web/jf{INFO}")).answers(info());
    script.sends("GET", &format!("/web/jf{ENABLED}")).answers(on());
    script.sends("POST", &format!("/web/jf{INITIATE}")).answers(pending());
    script.waits(5);
    let kept = script.machine.to_record().expect("a code is alive");
    assert_eq!(kept.server(), "http://nas/web/jf");
    let mut script = resumed(written(&kept)).expect("a login");
    script.sends("GET", &format!("/web/jf{INFO}")).answers(info());
}

#[test]
fn renewals_are_counted_across_a_stop() {
    let gone = |renewals: Renewals, used: u32| {
        let script = resumed(with("renewals", used.into())).expect("a login");
        let mut script = with_policy(script, |policy| policy.renewals = renewals);
        script.sends("GET", INFO).answers(info());
        script.sends("GET", POLL).answers(refusal(404));
        script
    };
    for (renewals, used) in [(Renewals::Never, 0), (Renewals::Times(2), 2), (Renewals::Times(2), 7)]
    {
        assert_eq!(gone(renewals, used).fails(), Error::CodeLost);
    }
    for (renewals, used) in [(Renewals::Times(2), 1), (Renewals::Unlimited, u32::MAX)] {
        let mut script = gone(renewals, used);
        script.sends("POST", INITIATE).answers(answer::quick_connect("654321", "0EC4E7", false));
        let wait = script.waits(5);
        assert!(wait.code_expires_in().is_some(), "this one's age is known");
        let kept = script.machine.to_record().expect("a new code");
        assert_eq!(kept.code(), "654321");
        assert_eq!(written(&kept)["renewals"], used.saturating_add(1));
    }
}

#[test]
fn a_record_of_a_later_version_or_without_a_part_says_so() {
    let error = |kept: Value| resumed(kept).expect_err("no use");
    assert!(matches!(
        error(with("version", 3.into())),
        RecordError::LaterVersion { found: 3, known: 2, .. }
    ));
    for kept in [without("version"), with("version", 0.into())] {
        assert!(matches!(error(kept), RecordError::Missing { part: "version", .. }));
    }
    for part in ["code", "secret"] {
        let long = "x".repeat(513);
        for bad in ["", "a b", "\u{1b}[", long.as_str()] {
            let error = error(with(part, bad.into()));
            assert!(matches!(error, RecordError::Missing { part: named, .. } if named == part));
        }
        assert!(
            matches!(error(without(part)), RecordError::Missing { part: named, .. } if named == part)
        );
    }
    assert_eq!(error(without("server")), RecordError::Server(ServerUrlError::NoHost));
    for part in ["client", "client_version", "device_name", "device_id"] {
        assert!(matches!(error(without(part)), RecordError::Device(_)));
    }
    assert!(resumed(without("renewals")).is_ok());
    assert!(resumed(with("new_in_a_later_release", json!([1]))).is_ok());
    for part in old().as_object().expect("an object").keys() {
        assert!(serde_json::from_value::<LoginRecord>(with(part, json!([]))).is_err(), "{part}");
    }
}

#[test]
fn the_secret_is_shown_by_nothing() {
    let kept = record(with("secret", "c4n4ry".into()));
    let login = Login::resume(kept.clone()).expect("a login");
    for shown in [format!("{kept:?}"), format!("{kept:#?}"), format!("{login:?}")] {
        assert!(!shown.contains("c4n4ry"), "{shown}");
        assert!(shown.contains("123456"), "the code is for everyone to see");
    }
}

#[test]
fn the_debug_of_a_record_shows_that_something_is_left_out() {
    let mut login = showing_a_code(quick_connect_login(SERVER));
    login.is_waiting();
    let shown = format!("{:?}", login.machine.to_record().expect("a code is alive"));
    assert!(shown.contains("[redacted]"), "{shown}");
}
