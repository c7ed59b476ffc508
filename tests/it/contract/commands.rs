//! Rule 9: `check_now` and `cancel`.

use jellyfin_auth::{Discovery, Error, Failure, Machine as _, WaitReason};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

#[test]
fn next_ends_a_wait_but_never_sooner_than_a_second_after_the_last_request() {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    script.is_waiting();
    assert!(script.machine.check_now());
    assert_eq!(script.waits(1).reason(), WaitReason::Approval);
    script.sends("GET", POLL).answers(pending());
    script.is_waiting();
    script.clock.advance(seconds(3));
    script.is_waiting();
    assert!(script.machine.check_now());
    script.sends("GET", POLL).answers(pending());
}

#[test]
fn next_before_the_wait_has_begun_changes_nothing() {
    let mut script = polling();
    script.sends("GET", POLL).takes(3).answers(pending());
    assert!(!script.machine.check_now(), "the next poll begins the wait");
    assert_eq!(script.is_waiting().delay(), seconds(5));
    assert!(script.machine.check_now());
    script.sends("GET", POLL).answers(pending());
}

#[test]
fn next_says_no_when_nothing_was_shortened() {
    let mut script = quick_connect_login(SERVER);
    assert!(!script.machine.check_now(), "nothing is waited for");
    let ticket = script.sends("GET", INFO).into_ticket();
    assert!(!script.machine.check_now(), "a request is under way");
    assert!(script.machine.handle(ticket, Err(Failure::Timeout)));
    assert_eq!(script.is_waiting().delay(), seconds(1));
    assert!(!script.machine.check_now(), "less than a second after the last request");
    script.waits(1);
    script.sends("GET", INFO).answers(answer::unmarked(503).with_header("retry-after", "30"));
    script.is_waiting();
    assert!(!script.machine.check_now(), "the server asked for that time");
    script.waits(30);
    script.sends("GET", INFO).fails(Failure::Tls);
    script.fails();
    assert!(!script.machine.check_now(), "it is over");
}

#[test]
fn next_ends_a_backoff_too() {
    let mut script = quick_connect_login(SERVER);
    script.sends("GET", INFO).fails(Failure::Timeout);
    script.waits(1);
    script.sends("GET", INFO).fails(Failure::Timeout);
    script.is_waiting();
    script.clock.advance(seconds(1));
    script.is_waiting();
    assert!(script.machine.check_now());
    script.sends("GET", INFO).answers(info());
}

#[test]
fn cancel_ends_every_state() {
    let mut script = quick_connect_login(SERVER);
    script.machine.cancel();
    assert_eq!(script.fails(), Error::Cancelled, "before the first poll");

    let mut script = quick_connect_login(SERVER);
    let ticket = script.sends("GET", INFO).into_ticket();
    script.machine.cancel();
    assert_eq!(script.fails(), Error::Cancelled, "while a request is under way");
    drop(ticket);
    assert_eq!(script.fails(), Error::Cancelled);

    let mut script = asked_for_password();
    script.machine.cancel();
    assert_eq!(script.fails(), Error::Cancelled, "before the password is sent");

    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).answers(loading());
    script.is_waiting();
    script.machine.cancel();
    assert_eq!(script.fails(), Error::Cancelled, "during a wait");
}

#[test]
fn a_code_stays_alive_when_the_user_gives_up() {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    script.machine.cancel();
    assert_eq!(script.fails(), Error::Cancelled);
    assert_eq!(script.machine.code(), None, "it is shown no longer");
    assert_eq!(script.machine.to_record().expect("and can be kept").code(), "123456");
}

#[test]
fn what_has_ended_stays_as_it_ended() {
    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).answers(token());
    script.ends();
    script.machine.cancel();
    script.ends();
    // Even if the answer was not polled for yet: the server has handed the token out.
    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).answers(token());
    script.machine.cancel();
    script.ends();

    let mut search = Script::new(Discovery::at(url(SERVER), device()));
    search.sends("GET", INFO).answers(info());
    let found = search.ends();
    search.machine.cancel();
    assert_eq!(search.ends(), found);
}
