//! Below block 0: a renewal has no code yet, keeps the method of Initiate, and outlasts whatever a poll
//! outlasts.

use std::time::Duration;

use jellyfin_auth::{Error, Failure, Login, Renewals, WaitReason};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

const NEW_POLL: &str = "/QuickConnect/Connect?secret=NEW";

fn new_code() -> http::Response<Vec<u8>> {
    answer::quick_connect("654321", "NEW", false)
}

/// The server has forgotten the code, and another one is due.
fn renewing(renewals: Renewals) -> Script<Login> {
    let mut script = polling_with(|policy| policy.renewals = renewals);
    script.sends("GET", POLL).answers(refusal(404));
    script
}

#[test]
fn a_404_with_a_renewal_left_brings_a_new_code_at_once() {
    let mut script = renewing(Renewals::Times(1));
    script.sends("POST", INITIATE).answers(new_code());
    let wait = script.waits(5);
    assert_eq!((wait.code(), wait.reason()), (Some("654321"), WaitReason::Approval));
    assert_eq!(wait.code_expires_in(), Some(minutes(10)));
    script.sends("GET", NEW_POLL).answers(answer::quick_connect("654321", "NEW", true));
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn a_404_to_the_exchange_does_too() {
    let mut script = polling_with(|policy| policy.renewals = Renewals::Times(1));
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(refusal(404));
    script.sends("POST", INITIATE).answers(new_code());
    assert_eq!(script.waits(5).code(), Some("654321"));
}

#[test]
fn as_many_are_made_as_the_policy_says() {
    let mut script = renewing(Renewals::Times(2));
    script.sends("POST", INITIATE).answers(pending());
    script.waits(5);
    script.sends("GET", POLL).answers(refusal(404));
    script.sends("POST", INITIATE).answers(pending());
    script.waits(5);
    script.sends("GET", POLL).answers(refusal(404));
    assert_eq!(script.fails(), Error::CodeLost);

    let mut script = renewing(Renewals::Unlimited);
    for _ in 0..100 {
        script.sends("POST", INITIATE).answers(pending());
        script.waits(5);
        script.clock.advance(minutes(10));
        script.sends("GET", POLL).answers(refusal(404));
    }
    script.sends("POST", INITIATE).answers(pending());
    script.waits(5);
}

#[test]
fn there_is_no_code_to_show_or_to_keep_meanwhile() {
    let mut script = renewing(Renewals::Times(1));
    script.sends("POST", INITIATE).fails(Failure::Timeout);
    let wait = script.waits(5);
    assert_eq!((wait.code(), wait.code_expires_in()), (None, None));
    assert_eq!((script.machine.code(), script.machine.to_record()), (None, None));
}

#[test]
fn get_stays_get_and_post_stays_post() {
    let script = with_policy(quick_connect_login(SERVER), |policy| {
        policy.renewals = Renewals::Unlimited;
    });
    let mut script = probed(script);
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(answer::marked(405).with_header("allow", "GET"));
    for _ in 0..3 {
        script.sends("GET", INITIATE).answers(pending());
        script.waits(5);
        script.sends("GET", POLL).answers(refusal(404));
    }
    script.sends("GET", INITIATE).fails(Failure::Timeout);
    script.waits(5);
    script.sends("GET", INITIATE).answers(pending());
}

#[test]
fn a_405_during_a_renewal_is_asked_again_with_get_at_once_and_with_post_after_a_wait() {
    let mut script = renewing(Renewals::Times(1));
    script.sends("POST", INITIATE).answers(answer::marked(405));
    script.sends("GET", INITIATE).answers(answer::marked(405));
    assert_eq!(script.waits(5).reason(), WaitReason::Other);
    script.sends("POST", INITIATE).answers(new_code());
    script.waits(5);
}

/// What a renewal's Initiate outlasts, with the reason that is shown.
fn outlasted() -> Vec<Happening> {
    vec![
        Ok(redirect(302, "https://login.example/")),
        Ok(portal()),
        Ok(answer::marked(200).with_html("no code")),
        Ok(challenge()),
        Ok(answer::unmarked(407).with_header("proxy-authenticate", "Basic")),
        Ok(refusal(400)),
        Ok(refusal(403)),
        Ok(answer::unmarked(403)),
        Ok(refusal(404)),
        Ok(answer::unmarked(404)),
        Ok(answer::unmarked(401)),
        Ok(refusal(500)),
        Ok(answer::unmarked(502)),
        Ok(loading()),
        Ok(answer::marked(503)),
        Err(Failure::Tls),
        Err(Failure::TooLarge),
        Err(Failure::Proxy),
        Err(Failure::Redirected),
        Err(Failure::Timeout),
        Err(Failure::Unreachable),
        Err(Failure::Interrupted),
        Err(Failure::Other),
    ]
}

/// Lets Initiate fail so for `time`, and returns how it goes on.
fn fails_for(script: &mut Script<Login>, happening: &Happening, time: Duration) {
    let end = script.clock.now().since_origin() + time;
    loop {
        happens(script.sends("POST", INITIATE), happening);
        let wait = script.is_waiting();
        assert_eq!(wait.code(), None);
        assert!((5..=30).contains(&wait.delay().as_secs()), "{happening:?}: {:?}", wait.delay());
        if script.clock.now().since_origin() + wait.delay() >= end {
            script.clock.advance(wait.delay());
            return;
        }
        script.clock.advance(wait.delay());
    }
}

#[test]
fn initiate_outlasts_whatever_a_poll_outlasts_for_twenty_minutes_with_times() {
    for happening in outlasted() {
        let mut script = renewing(Renewals::Times(3));
        fails_for(&mut script, &happening, minutes(19));
        script.sends("POST", INITIATE).answers(new_code());
        assert_eq!(script.waits(5).code(), Some("654321"), "{happening:?}");

        let mut script = renewing(Renewals::Times(3));
        fails_for(&mut script, &happening, minutes(20));
        happens(script.sends("POST", INITIATE), &happening);
        let error = script.fails();
        assert!(!matches!(error, Error::CodeLost | Error::CodeExpired), "{happening:?}: {error:?}");
        assert_eq!(script.machine.to_record(), None);
    }
}

#[test]
fn and_without_end_with_unlimited() {
    for happening in outlasted() {
        let mut script = renewing(Renewals::Unlimited);
        fails_for(&mut script, &happening, minutes(24 * 60));
        script.sends("POST", INITIATE).answers(new_code());
        assert_eq!(script.waits(5).code(), Some("654321"), "{happening:?}");
    }
}

#[test]
fn the_error_after_twenty_minutes_is_the_last_reason() {
    let mut script = renewing(Renewals::Times(1));
    fails_for(&mut script, &Err(Failure::Timeout), minutes(20));
    script.sends("POST", INITIATE).answers(portal());
    assert!(matches!(script.fails(), Error::Intercepted { status: 200, .. }));
}

#[test]
fn switched_off_ends_it_only_after_patience() {
    for renewals in [Renewals::Times(1), Renewals::Unlimited] {
        let mut script = renewing(renewals);
        script.sends("POST", INITIATE).answers(refusal(401));
        assert_eq!(script.waits(5).reason(), WaitReason::Disabled);
        script.sends("POST", INITIATE).answers(new_code());
        assert_eq!(script.waits(5).code(), Some("654321"));

        let mut script = renewing(renewals);
        for seconds in [5, 5, 5, 8, 16, 30, 30, 30] {
            script.sends("POST", INITIATE).answers(refusal(401));
            assert_eq!(script.waits(seconds).reason(), WaitReason::Disabled);
        }
        script.sends("POST", INITIATE).answers(refusal(401));
        assert_eq!(script.fails(), Error::QuickConnectDisabled);
    }
}

#[test]
fn after_standby_a_renewal_begins_with_a_fresh_backoff() {
    let mut script = polling_with(|policy| policy.renewals = Renewals::Unlimited);
    for seconds in [5, 5, 5, 8, 16, 30] {
        script.sends("GET", POLL).fails(Failure::Timeout);
        script.waits(seconds);
    }
    script.clock.advance(minutes(30));
    script.sends("GET", POLL).fails(Failure::Timeout);
    for seconds in [5, 5, 5, 8] {
        script.sends("POST", INITIATE).fails(Failure::Timeout);
        script.waits(seconds);
    }
    script.sends("POST", INITIATE).answers(new_code());
    script.waits(5);
}
