//! A starting or busy server is waited for; what counts as a retry and what doesn't.

use std::time::Duration;

use jellyfin_auth::{Error, Failure, Login, Policy, WaitReason};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

const SERVER: &str = "https://nas.example";

fn loading() -> http::Response<Vec<u8>> {
    answer::signed(503).with_html("Jellyfin Server is loading. Please try again shortly.")
}

fn set_up_server() -> http::Response<Vec<u8>> {
    answer::unsigned(503).with_header("retry-after", "005")
}

/// Answers every request for all of the patience, and returns the error and how long it took.
fn wait_it_out(
    mut script: Script<Login>,
    target: (&str, &str),
    response: &http::Response<Vec<u8>>,
) -> (Error, Duration) {
    let begin = script.clock.now().since_origin();
    loop {
        script.sends(target.0, target.1).answers(response.clone());
        match script.machine.poll(script.clock.now()) {
            Ok(jellyfin_auth::Step::Wait(wait)) => {
                assert!(wait.delay() <= Duration::from_secs(5), "a ready server is noticed");
                script.clock.advance(wait.delay());
            }
            Err(error) => return (error, script.clock.now().since_origin().saturating_sub(begin)),
            Ok(step) => panic!("{step:?}"),
        }
    }
}

#[test]
fn a_start_from_refused_to_ready_is_waited_for() {
    let mut script = password_login(SERVER);
    script.sends("GET", INFO).fails(Failure::Unreachable);
    script.waits(1);
    script.sends("GET", INFO).answers(set_up_server());
    assert_eq!(script.waits(5).reason(), WaitReason::ServerStarting);
    for seconds in [4, 5, 5] {
        // The gap between the set-up server and the main one, and what a reset looks like there.
        let failure = if seconds == 4 { Failure::Unreachable } else { Failure::Interrupted };
        script.sends("GET", INFO).fails(failure);
        script.waits(seconds);
    }
    script.sends("GET", INFO).answers(loading());
    assert_eq!(script.waits(5).reason(), WaitReason::ServerStarting);
    script.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
    script.sends("POST", AUTHENTICATE).answers(token());
    script.ends();
}

#[test]
fn a_server_that_starts_for_longer_than_the_patience_is_still_starting() {
    for response in [loading(), set_up_server()] {
        let (error, waited) = wait_it_out(password_login(SERVER), ("GET", INFO), &response);
        assert!(matches!(error, Error::ServerStarting { .. }));
        assert!((120..=125).contains(&waited.as_secs()), "{waited:?}");
    }
}

#[test]
fn a_server_that_is_busy_for_longer_than_the_patience_is_busy() {
    for status in [429, 502, 503, 504] {
        let response = answer::unsigned(status).with_html("busy");
        let (error, waited) = wait_it_out(password_login(SERVER), ("GET", INFO), &response);
        assert!(matches!(error, Error::ServerBusy { status: s, .. } if s == status));
        assert!((120..=125).contains(&waited.as_secs()), "{waited:?}");
    }
}

#[test]
fn the_password_waits_for_429_and_503_as_long() {
    for status in [429, 503] {
        let response = answer::unsigned(status).with_html("busy");
        let script = probed(password_login(SERVER));
        let (error, _) = wait_it_out(script, ("POST", AUTHENTICATE), &response);
        assert!(matches!(error, Error::ServerBusy { status: s, .. } if s == status));
    }
}

#[test]
fn a_password_is_not_sent_again_after_502_or_504() {
    for status in [502, 504] {
        let mut script = probed(password_login(SERVER));
        script.sends("POST", AUTHENTICATE).answers(answer::unsigned(status));
        assert!(matches!(script.fails(), Error::Intercepted { status: s, .. } if s == status));
    }
}

#[test]
fn retry_after_is_honoured_up_to_a_minute_and_next_doesnt_shorten_it() {
    for (header, seconds) in
        [("7", 7), ("005", 5), ("60", 60), ("61", 60), ("99999999999999999999999", 60), ("0", 1)]
    {
        let mut script = password_login(SERVER);
        script.sends("GET", INFO).answers(answer::unsigned(503).with_header("retry-after", header));
        let wait = script.is_waiting();
        assert_eq!(wait.delay(), Duration::from_secs(seconds), "{header}");
        assert!(!script.machine.check_now());
        script.waits(seconds);
        script.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
    }
}

#[test]
fn retry_after_as_a_date_counts_as_the_backoff() {
    for header in ["Wed, 21 Oct 2026 07:28:00 GMT", "-5", "+5", "1.5", "", "soon"] {
        let mut script = password_login(SERVER);
        script.sends("GET", INFO).answers(answer::unsigned(429).with_header("retry-after", header));
        script.waits(1);
        script.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
    }
}

#[test]
fn other_trouble_in_the_window_counts_as_retries() {
    let mut script = password_login(SERVER);
    script.sends("GET", INFO).answers(loading());
    script.waits(1);
    for seconds in [2, 4, 5] {
        script.sends("GET", INFO).fails(Failure::Timeout);
        script.waits(seconds);
    }
    script.sends("GET", INFO).fails(Failure::Timeout);
    assert!(matches!(script.fails(), Error::NoAnswer { failure: Failure::Timeout, .. }));
}

#[test]
fn unreachable_opens_the_window_once_the_server_was_heard() {
    let mut script = probed(quick_connect_login(SERVER));
    let mut waited = 0;
    while waited < 120 {
        script.sends("GET", ENABLED).fails(Failure::Unreachable);
        let wait = script.is_waiting();
        waited += wait.delay().as_secs();
        script.clock.advance(wait.delay());
    }
    script.sends("GET", ENABLED).fails(Failure::Unreachable);
    assert!(matches!(script.fails(), Error::NoAnswer { failure: Failure::Unreachable, .. }));
}

#[test]
fn a_success_closes_the_window() {
    let mut script = quick_connect_login(SERVER);
    script.sends("GET", INFO).answers(loading());
    script.waits(1);
    script.clock.advance(Duration::from_secs(115));
    script.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
    script.clock.advance(Duration::from_secs(115));
    script.sends("GET", ENABLED).answers(loading());
    script.waits(1);
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(pending());
}

#[test]
fn the_patience_and_the_retries_are_the_policys() {
    let script = with_policy(password_login(SERVER), |policy: &mut Policy| {
        policy.patience = Duration::ZERO;
        policy.retries = 0;
    });
    let mut script = script;
    script.sends("GET", INFO).answers(loading());
    assert!(matches!(script.fails(), Error::ServerStarting { .. }));
}

#[test]
fn hours_that_the_program_sleeps_through_are_spent_too() {
    let hours = |hours: u64| Duration::from_secs(hours * 60 * 60);
    let mut script = with_policy(password_login(SERVER), |policy| policy.patience = hours(2));
    script.sends("GET", INFO).answers(loading());
    script.waits(1);
    script.clock.advance(hours(3));
    script.sends("GET", INFO).answers(loading());
    assert!(matches!(script.fails(), Error::ServerStarting { .. }));
}

#[test]
fn a_resumed_login_waits_for_a_server_that_is_restarting() {
    let script = showing_a_code(quick_connect_login(SERVER));
    let saved = script.machine.saved().expect("a code is alive");
    let login = Login::resume(saved, Policy::default()).expect("a fresh record");
    let mut script = Script::new(login);
    for _ in 0..10 {
        script.sends("GET", INFO).fails(Failure::Unreachable);
        let wait = script.is_waiting();
        script.clock.advance(wait.delay());
    }
    script.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
    script.sends("GET", POLL).answers(pending());
}
