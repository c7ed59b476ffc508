//! A candidate that is starting is waited for when there is no other server.

use std::time::Duration;

use jellyfin_auth::{Discovery, Error, Failure, Machine as _, Policy, WaitReason};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use super::{asks, looks_for, tried};
use crate::given::*;

#[test]
fn it_is_waited_for_from_refused_to_ready() {
    let mut script = looks_for("http://nas:8096");
    asks(&mut script, "http://nas:8096").answers(set_up_server());
    assert_eq!(script.waits(5).reason(), WaitReason::ServerStarting);
    // Between its phases it can't be reached, or cuts the connection: that is still the same start.
    asks(&mut script, "http://nas:8096").fails(Failure::Unreachable);
    script.waits(2);
    asks(&mut script, "http://nas:8096").fails(Failure::Interrupted);
    script.waits(4);
    asks(&mut script, "http://nas:8096").answers(loading());
    script.waits(5);
    asks(&mut script, "http://nas:8096").answers(info());
    assert_eq!(script.ends().into_best().address(), "http://nas:8096");
}

#[test]
fn the_others_are_asked_meanwhile_and_one_that_is_ready_is_taken_after_its_grace() {
    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").answers(loading());
    let wait = script.is_waiting();
    assert_eq!(wait.delay(), Duration::from_millis(250), "until the next one may start");
    assert_eq!(wait.reason(), WaitReason::ServerStarting);
    script.clock.advance(wait.delay());
    asks(&mut script, "http://nas:8096").answers(info());
    let wait = script.is_waiting();
    script.clock.advance(wait.delay());
    asks(&mut script, "https://nas:8096").answers(loading());
    script.clock.advance(Duration::from_millis(1500));
    let found = script.ends();
    assert_eq!(found.tried()[0].error, Error::ServerStarting);
    assert_eq!(found.into_best().address(), "http://nas:8096");
}

#[test]
fn one_that_gets_ready_within_the_grace_of_a_worse_one_is_taken() {
    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").answers(loading());
    script.clock.advance(Duration::from_millis(250));
    asks(&mut script, "http://nas:8096").answers(info());
    script.is_waiting();
    script.clock.advance(seconds(1));
    asks(&mut script, "https://nas:8096").answers(info());
    assert_eq!(script.ends().into_best().address(), "https://nas:8096");
}

#[test]
fn it_is_waited_for_longer_than_a_search_takes_and_until_patience_is_over() {
    let mut policy = Policy::default();
    policy.patience = minutes(1);
    let search = Discovery::at(url("http://nas"), device()).with_policy(policy);
    let mut script = Script::new(search);
    for seconds in [1, 2, 4] {
        asks(&mut script, "http://nas").answers(loading());
        assert_eq!(script.waits(seconds).reason(), WaitReason::ServerStarting);
    }
    asks(&mut script, "http://nas").answers(loading());
    script.waits(5); // ten seconds are over meanwhile, which would end any other search
    for _ in 0..10 {
        asks(&mut script, "http://nas").answers(loading());
        script.waits(5);
    }
    asks(&mut script, "http://nas").answers(loading());
    assert_eq!(tried(&mut script), [("http://nas".to_owned(), "ServerStarting".to_owned())]);
}

#[test]
fn next_asks_it_again_at_once() {
    let mut script = looks_for("http://nas");
    for round in 0..3 {
        asks(&mut script, "http://nas").answers(loading());
        script.is_waiting();
        assert_eq!(script.machine.check_now(), round > 0, "the first wait is a second anyway");
        script.waits(1);
    }
    asks(&mut script, "http://nas").answers(info());
    script.ends();
}

#[test]
fn one_that_is_busy_is_not_waited_for() {
    for status in [429, 502, 503, 504, 521] {
        let mut script = looks_for("nas:8096");
        asks(&mut script, "https://nas:8096").answers(answer::unmarked(status).with_html("busy"));
        asks(&mut script, "http://nas:8096").fails(Failure::Unreachable);
        let error = format!("ServerBusy {{ status: {status}, by_cloudflare: false }}");
        assert_eq!(tried(&mut script)[0], ("https://nas:8096".to_owned(), error));
    }
}

#[test]
fn another_address_that_it_leads_to_is_not_waited_for_because_this_one_was_starting() {
    let mut script = looks_for("http://nas");
    asks(&mut script, "http://nas").answers(loading());
    script.waits(1);
    asks(&mut script, "http://nas")
        .answers(answer::unmarked(301).with_header("location", "https://nas/System/Info/Public"));
    asks(&mut script, "https://nas").fails(Failure::Unreachable);
    let said = tried(&mut script);
    assert_eq!(said, [("http://nas".to_owned(), "NoAnswer { failure: Unreachable }".to_owned())]);
}
