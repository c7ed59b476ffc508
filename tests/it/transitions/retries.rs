//! Below the tables: at most `policy.retries` of one request, 1 s doubling to 30 s.

use jellyfin_auth::{Error, Failure, Machine as _};
use jellyfin_auth_testkit::answer;

use crate::given::*;

#[test]
fn there_are_as_many_as_the_policy_says() {
    for (retries, waits) in
        [(0, &[][..]), (1, &[1]), (3, &[1, 2, 4]), (8, &[1, 2, 4, 8, 16, 30, 30, 30])]
    {
        let script = with_policy(password_login(SERVER), |policy| policy.retries = retries);
        let mut script = script;
        for &seconds in waits {
            script.sends("GET", INFO).fails(Failure::Timeout);
            script.waits(seconds);
        }
        script.sends("GET", INFO).fails(Failure::Timeout);
        assert!(matches!(script.fails(), Error::NoAnswer { failure: Failure::Timeout, .. }));
    }
}

#[test]
fn they_are_counted_for_each_request() {
    let mut script = quick_connect_login(SERVER);
    for (method, target, success) in
        [("GET", INFO, info()), ("GET", ENABLED, on()), ("POST", INITIATE, pending())]
    {
        for seconds in [1, 2, 4] {
            script.sends(method, target).fails(Failure::Timeout);
            script.waits(seconds);
        }
        script.sends(method, target).answers(success);
    }
    script.waits(5);
}

#[test]
fn whatever_they_are_spent_on_the_last_reason_is_the_error() {
    let mut script = asked_for_a_code();
    script.sends("GET", ENABLED).fails(Failure::Timeout);
    script.waits(1);
    script.sends("GET", ENABLED).answers(answer::unmarked(403));
    script.waits(2);
    script.sends("GET", ENABLED).fails(Failure::Other);
    script.waits(4);
    script.sends("GET", ENABLED).answers(refusal(500));
    assert!(matches!(script.fails(), Error::ServerFault { status: 500, .. }));
}

#[test]
fn next_shortens_a_backoff_and_gives_none_back() {
    let mut script = with_policy(password_login(SERVER), |policy| policy.retries = 5);
    for _ in 0..5 {
        script.sends("GET", INFO).fails(Failure::Timeout);
        script.is_waiting();
        script.machine.check_now();
        script.waits(1);
    }
    script.sends("GET", INFO).fails(Failure::Timeout);
    assert!(matches!(script.fails(), Error::NoAnswer { .. }));
}

#[test]
fn next_doesnt_begin_the_backoff_anew() {
    let mut script = with_policy(password_login(SERVER), |policy| policy.retries = 5);
    script.sends("GET", INFO).fails(Failure::Timeout);
    script.waits(1);
    script.sends("GET", INFO).fails(Failure::Timeout);
    script.is_waiting();
    assert!(script.machine.check_now());
    script.waits(1);
    for seconds in [4, 8] {
        script.sends("GET", INFO).fails(Failure::Timeout);
        script.waits(seconds);
    }

    let mut script = polling();
    for _ in 0..4 {
        script.sends("GET", POLL).fails(Failure::Timeout);
        script.is_waiting();
        assert!(script.machine.check_now());
        script.waits(1);
    }
    script.sends("GET", POLL).fails(Failure::Timeout);
    script.waits(16);
}

#[test]
fn a_forgotten_request_is_spent_as_an_interrupted_one() {
    let mut script = quick_connect_login(SERVER);
    for seconds in [1, 2, 4] {
        script.sends("GET", INFO).is_forgotten();
        script.waits(seconds);
    }
    script.sends("GET", INFO).is_forgotten();
    assert!(matches!(script.fails(), Error::NoAnswer { failure: Failure::Interrupted, .. }));
}
