//! Below the tables: a starting or busy server is waited for.

use std::time::Duration;

use jellyfin_auth::{Error, Failure, Login, Machine as _, WaitReason};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

/// The window of two minutes, in a row of failures that begin with one that opens it.
const WINDOW: [u64; 26] = {
    let mut waits = [5; 26];
    (waits[0], waits[1], waits[2]) = (1, 2, 4);
    waits
};

#[test]
fn a_start_from_refused_to_ready_is_waited_for() {
    let mut script = password_login(SERVER);
    script.sends("GET", INFO).fails(Failure::Unreachable);
    script.waits(1);
    script.sends("GET", INFO).answers(set_up_server());
    assert_eq!(script.waits(5).reason(), WaitReason::ServerStarting);
    // The gap between the set-up server and the main one, and what a reset looks like there.
    script.sends("GET", INFO).fails(Failure::Unreachable);
    script.waits(4);
    for _ in 0..5 {
        script.sends("GET", INFO).fails(Failure::Interrupted);
        script.waits(5);
    }
    script.sends("GET", INFO).answers(loading());
    assert_eq!(script.waits(5).reason(), WaitReason::ServerStarting);
    script.sends("GET", INFO).answers(info());
    script.sends("POST", AUTHENTICATE).answers(token());
    script.ends();
}

/// Answers so for all of the patience.
fn wait_it_out(
    mut script: Script<Login>,
    target: &str,
    response: &http::Response<Vec<u8>>,
) -> Error {
    for seconds in WINDOW {
        script.sends("GET", target).answers(response.clone());
        script.waits(seconds);
    }
    assert_eq!(WINDOW.iter().sum::<u64>(), 122);
    script.sends("GET", target).answers(response.clone());
    script.fails()
}

#[test]
fn a_server_that_starts_for_longer_than_the_patience_is_still_starting() {
    assert_eq!(wait_it_out(password_login(SERVER), INFO, &loading()), Error::ServerStarting);
    assert_eq!(wait_it_out(asked_for_a_code(), ENABLED, &loading()), Error::ServerStarting);
    let set_up = answer::unmarked(503).with_header("retry-after", "1");
    assert_eq!(wait_it_out(password_login(SERVER), INFO, &set_up), Error::ServerStarting);
}

#[test]
fn a_server_that_is_busy_for_longer_than_the_patience_is_busy() {
    for status in [429, 502, 503, 504, 521, 530] {
        for (script, target) in [(password_login(SERVER), INFO), (asked_for_a_code(), ENABLED)] {
            let error = wait_it_out(script, target, &answer::unmarked(status));
            assert!(matches!(error, Error::ServerBusy { status: s, .. } if s == status));
        }
    }
}

#[test]
fn once_a_start_up_answer_was_seen_the_error_is_that_it_is_starting() {
    let mut script = password_login(SERVER);
    for (index, seconds) in WINDOW.into_iter().enumerate() {
        let answer = if index == 3 { loading() } else { answer::unmarked(502) };
        script.sends("GET", INFO).answers(answer);
        script.waits(seconds);
    }
    script.sends("GET", INFO).answers(answer::unmarked(504));
    assert_eq!(script.fails(), Error::ServerStarting);
}

#[test]
fn a_busy_server_that_cant_be_reached_in_the_end_is_busy_with_its_last_status() {
    let mut script = password_login(SERVER);
    for (index, seconds) in WINDOW.into_iter().enumerate() {
        match index {
            0 => script.sends("GET", INFO).answers(answer::unmarked(502)),
            1 => script.sends("GET", INFO).answers(answer::unmarked(504)),
            _ => script.sends("GET", INFO).fails(Failure::Unreachable),
        }
        script.waits(seconds);
    }
    script.sends("GET", INFO).fails(Failure::Interrupted);
    assert!(matches!(script.fails(), Error::ServerBusy { status: 504, .. }));
}

#[test]
fn unreachable_opens_the_window_once_the_server_was_heard() {
    for failure in [Failure::Unreachable, Failure::HostNotFound] {
        let mut script = asked_for_a_code();
        for seconds in WINDOW {
            script.sends("GET", ENABLED).fails(failure);
            assert_eq!(script.waits(seconds).reason(), WaitReason::NoAnswer(failure));
        }
        script.sends("GET", ENABLED).fails(failure);
        assert_eq!(script.fails(), failure.into());
    }
}

#[test]
fn interrupted_and_timeout_dont_open_it() {
    for failure in [Failure::Interrupted, Failure::Timeout] {
        let mut script = asked_for_a_code();
        for seconds in [1, 2, 4] {
            script.sends("GET", ENABLED).fails(failure);
            script.waits(seconds);
        }
        script.sends("GET", ENABLED).fails(failure);
        assert!(matches!(script.fails(), Error::NoAnswer { .. }));
    }
}

#[test]
fn what_a_start_doesnt_explain_counts_as_retries_in_it() {
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
fn a_success_closes_it_and_forgets_that_the_server_was_starting() {
    let mut script = quick_connect_login(SERVER);
    script.sends("GET", INFO).answers(loading());
    script.waits(1);
    script.clock.advance(seconds(115));
    script.sends("GET", INFO).answers(info());
    for seconds in WINDOW {
        script.sends("GET", ENABLED).answers(answer::unmarked(502));
        script.waits(seconds);
    }
    script.sends("GET", ENABLED).answers(answer::unmarked(502));
    assert!(matches!(script.fails(), Error::ServerBusy { status: 502, .. }));
}

#[test]
fn a_server_that_is_busy_after_its_start_is_busy_in_the_end() {
    let mut script = quick_connect_login(SERVER);
    script.sends("GET", INFO).answers(loading());
    script.waits(1);
    script.sends("GET", INFO).answers(info());
    for (index, seconds) in WINDOW.into_iter().enumerate() {
        match index {
            0 => script.sends("GET", ENABLED).answers(answer::unmarked(502)),
            _ => script.sends("GET", ENABLED).fails(Failure::Unreachable),
        }
        script.waits(seconds);
    }
    script.sends("GET", ENABLED).fails(Failure::Unreachable);
    assert!(matches!(script.fails(), Error::ServerBusy { status: 502, .. }));
}

#[test]
fn a_success_forgets_that_the_server_was_busy() {
    let mut script = quick_connect_login(SERVER);
    script.sends("GET", INFO).answers(answer::unmarked(502));
    script.waits(1);
    script.sends("GET", INFO).answers(info());
    for seconds in WINDOW {
        script.sends("GET", ENABLED).fails(Failure::Unreachable);
        script.waits(seconds);
    }
    script.sends("GET", ENABLED).fails(Failure::Unreachable);
    assert!(matches!(script.fails(), Error::NoAnswer { failure: Failure::Unreachable, .. }));
}

#[test]
fn retry_after_is_honoured_up_to_a_minute_and_next_doesnt_shorten_it() {
    for (header, seconds) in [
        ("7", 7),
        (" 7 ", 7),
        ("005", 5),
        ("60", 60),
        ("61", 60),
        ("99999999999999999999999", 60),
        ("0", 1),
    ] {
        for status in [503, 429, 502] {
            let mut script = password_login(SERVER);
            let busy = answer::unmarked(status).with_header("retry-after", header);
            script.sends("GET", INFO).answers(busy);
            assert_eq!(script.is_waiting().delay(), Duration::from_secs(seconds), "{header}");
            assert!(!script.machine.check_now());
            script.waits(seconds);
            script.sends("GET", INFO).answers(info());
            script.sends("POST", AUTHENTICATE).answers(token());
        }
    }
}

#[test]
fn retry_after_as_a_date_counts_as_the_backoff() {
    for header in ["Wed, 21 Oct 2026 07:28:00 GMT", "-5", "+5", "1.5", "", "soon"] {
        let mut script = password_login(SERVER);
        script.sends("GET", INFO).answers(answer::unmarked(429).with_header("retry-after", header));
        script.waits(1);
        script.sends("GET", INFO).answers(info());
        script.sends("POST", AUTHENTICATE).answers(token());
    }
}

#[test]
fn retry_after_locks_next_for_its_own_span_alone() {
    let busy = || answer::unmarked(429).with_header("retry-after", "3");
    let mut script = showing_a_code(with_policy(quick_connect_login(SERVER), |policy| {
        policy.poll_interval = seconds(60);
    }));
    script.waits(60);
    script.sends("GET", POLL).answers(busy());
    assert_eq!(script.is_waiting().delay(), seconds(60), "the poll interval is longer");
    assert!(script.machine.check_now());
    assert_eq!(script.waits(3).reason(), WaitReason::Busy);
    script.sends("GET", POLL).answers(busy());
    script.is_waiting();
    script.clock.advance(seconds(10));
    script.is_waiting();
    assert!(script.machine.check_now(), "its span is over");
    script.sends("GET", POLL).answers(pending());
}

#[test]
fn the_span_of_retry_after_begins_with_the_answer_even_if_next_is_pressed_before_the_next_poll() {
    let mut script = password_login(SERVER);
    let busy = answer::unmarked(429).with_header("retry-after", "30");
    script.sends("GET", INFO).takes(20).answers(busy);
    assert!(!script.machine.check_now());
    script.waits(30);
    script.sends("GET", INFO).answers(info());
}

#[test]
fn the_patience_is_the_policys_and_hours_that_the_program_sleeps_through_are_spent_too() {
    let mut script = with_policy(password_login(SERVER), |policy| policy.patience = seconds(0));
    script.sends("GET", INFO).answers(loading());
    assert_eq!(script.fails(), Error::ServerStarting);

    let mut script = with_policy(password_login(SERVER), |policy| policy.patience = minutes(120));
    script.sends("GET", INFO).answers(loading());
    script.waits(1);
    script.clock.advance(minutes(180));
    script.sends("GET", INFO).answers(loading());
    assert_eq!(script.fails(), Error::ServerStarting);
}

#[test]
fn next_doesnt_begin_the_patience_anew() {
    let mut script = password_login(SERVER);
    for _ in 0..120 {
        script.sends("GET", INFO).answers(loading());
        script.is_waiting();
        script.machine.check_now();
        script.waits(1);
    }
    script.sends("GET", INFO).answers(loading());
    assert_eq!(script.fails(), Error::ServerStarting);
}
