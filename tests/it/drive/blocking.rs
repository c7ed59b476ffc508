//! `drive`.

use jellyfin_auth::{
    Discovery, Error, Failure, Login, Machine, SessionCheck, SessionState, Step, WakeReason, drive,
};
use jellyfin_auth_testkit::answer::{self, ResponseExt as _};

use super::Log;
use crate::given::*;

type Answer = Happening;

/// Drives on the virtual clock; `wake` says why the wait with this number ended.
fn drive_with<M: Machine>(
    machine: M,
    log: &Log,
    answers: &[Answer],
    wake: impl Fn(usize) -> WakeReason,
) -> Result<M::Output, Error> {
    let send = |request: http::Request<Vec<u8>>, limits| {
        let number = log.note(&request, limits);
        answers[number.min(answers.len() - 1)].clone()
    };
    let wait = |wait: &jellyfin_auth::Wait| {
        log.note_wait(wait);
        let reason = wake(log.waits.borrow().len() - 1);
        if reason == WakeReason::TimeOver {
            log.pass(wait.delay());
        }
        reason
    };
    drive(machine, send, wait, || log.now())
}

fn by_code() -> Login {
    quick_connect_login(SERVER).machine
}

#[test]
fn it_sends_waits_and_ends_with_the_output() {
    let log = Log::default();
    let answers =
        vec![Ok(info()), Ok(on()), Ok(pending()), Ok(pending()), Ok(approved()), Ok(token())];
    let session = drive_with(by_code(), &log, &answers, |_| WakeReason::TimeOver);
    assert_eq!(session.expect("signed in").user().id, "6eec632a");
    assert_eq!(log.delays(), [5, 5]);
    assert_eq!(log.waits.borrow()[0].code(), Some("123456"));
    assert_eq!(log.sent().len(), 6);
}

#[test]
fn a_program_that_just_sleeps_returns_nothing_from_its_wait() {
    let log = Log::default();
    let send = |request: http::Request<Vec<u8>>, limits| match log.note(&request, limits) {
        0 => Err(Failure::Timeout),
        1 => Ok(info()),
        _ => Ok(token()),
    };
    let login = password_login(SERVER).machine;
    let session = drive(login, send, |wait| log.pass(wait.delay()), || log.now());
    assert_eq!(session.expect("signed in").server_id(), Some(SERVER_ID));
}

#[test]
fn it_ends_with_the_machines_error() {
    let log = Log::default();
    let login = password_login(SERVER).machine;
    let error = drive_with(login, &log, &[Ok(info()), Ok(refusal(401))], |_| WakeReason::TimeOver);
    assert!(matches!(error, Err(Error::BadCredentials { .. })));
    let log = Log::default();
    let error = drive_with(by_code(), &log, &[Err(Failure::Tls)], |_| WakeReason::TimeOver);
    assert!(matches!(error, Err(Error::NoAnswer { failure: Failure::Tls, .. })));
}

#[test]
fn next_shortens_the_wait() {
    let log = Log::default();
    let answers = vec![Ok(info()), Ok(on()), Ok(pending()), Ok(approved()), Ok(token())];
    let wake = |wait| if wait == 0 { WakeReason::CheckNow } else { WakeReason::TimeOver };
    drive_with(by_code(), &log, &answers, wake).expect("signed in");
    assert_eq!(log.delays(), [5, 1], "a second after the last request, no sooner");
}

#[test]
fn cancel_ends_it() {
    let log = Log::default();
    let answers = vec![Ok(info()), Ok(on()), Ok(pending())];
    let mut login = by_code();
    let end = drive_with(&mut login, &log, &answers, |_| WakeReason::Cancel);
    assert_eq!(end.expect_err("cancelled"), Error::Cancelled);
    assert_eq!(log.sent().len(), 3);
    assert!(login.to_record().is_some(), "a machine that was lent is still there");
}

#[test]
fn a_machine_of_several_requests_is_asked_in_turn() {
    let log = Log::default();
    let search = Discovery::new("nas", device()).expect("an address");
    let answers =
        vec![Err(Failure::Tls), Err(Failure::Unreachable), Ok(answer::unmarked(404)), Ok(info())];
    let found = drive_with(search, &log, &answers, |_| WakeReason::TimeOver).expect("a server");
    assert_eq!(found.into_best().address(), "https://nas:8920");
    assert_eq!(log.delays(), [0; 0], "nothing is waited for when nothing is under way");
}

#[test]
fn a_session_with_two_addresses_is_found_at_the_one_that_is_there() {
    let log = Log::default();
    let mut session = session();
    session.add_address(url("http://192.0.2.7:8096"));
    session.prefer_address(&url("http://192.0.2.7:8096"));
    let user = answer::marked(200).with_json(&serde_json::json!({"Id": "6eec632a"}));
    let away = Err(Failure::Unreachable);
    let answers = vec![away.clone(), Ok(info()), away, Ok(user)];
    let checked = drive_with(SessionCheck::new(session), &log, &answers, |_| WakeReason::TimeOver);
    let checked = checked.expect("it is there");
    assert!(
        matches!(checked.state, SessionState::Valid(session) if session.server() == &url(SERVER))
    );
    let asked = ["http://192.0.2.7:8096", SERVER, "http://192.0.2.7:8096"];
    let mut sent: Vec<_> = asked.map(|address| format!("{address}{INFO}")).into();
    sent.push(format!("{SERVER}{ME}"));
    assert_eq!(log.sent(), sent);
    let delays: Vec<_> = log.waits.borrow().iter().map(|wait| wait.delay().as_millis()).collect();
    assert_eq!(delays, [250, 750, 750], "its turn, the other one's retry, the end of its grace");
}

#[test]
fn a_request_that_somebody_else_has_is_looked_for_once_a_second() {
    let log = Log::default();
    let mut login = by_code();
    let Ok(Step::Send(foreign)) = login.poll(log.now()) else { panic!("it sends") };
    let wake = |wait| if wait == 4 { WakeReason::Cancel } else { WakeReason::TimeOver };
    let end = drive_with(&mut login, &log, &[Ok(info())], wake);
    assert_eq!(end.expect_err("cancelled"), Error::Cancelled);
    assert_eq!(log.delays(), [1; 5], "it doesn't spin");
    assert_eq!(log.sent(), [""; 0]);
    drop(foreign);
}

#[test]
fn a_request_that_somebody_else_had_and_lost_is_sent_again() {
    let log = Log::default();
    let mut login = by_code();
    drop(login.poll(log.now()));
    let answers = vec![Ok(info()), Ok(on()), Ok(pending()), Ok(approved()), Ok(token())];
    drive_with(login, &log, &answers, |_| WakeReason::TimeOver).expect("signed in");
    assert_eq!(log.delays(), [1, 5]);
}
