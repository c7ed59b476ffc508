//! Block 0: 401 to a live code. Quick Connect was switched off, and may be switched on again with the
//! same secret.

use jellyfin_auth::{Error, Failure, Login, Machine as _, WaitReason};
use jellyfin_auth_testkit::{Script, answer};

use crate::given::*;

/// Says that it is switched off every 5 s, until `patience` is all but over.
fn off_for_two_minutes(script: &mut Script<Login>, target: (&str, &str)) {
    for seconds in [5, 5, 5, 8, 16, 30, 30, 30] {
        script.sends(target.0, target.1).answers(refusal(401));
        assert_eq!(script.waits(seconds).reason(), WaitReason::Disabled);
    }
}

#[test]
fn a_401_is_waited_out_by_poll_and_exchange() {
    let mut script = polling();
    script.sends("GET", POLL).answers(refusal(401));
    let wait = script.waits(5);
    assert_eq!((wait.code(), wait.reason()), (Some("123456"), WaitReason::Disabled));
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(refusal(401));
    assert_eq!(script.waits(5).reason(), WaitReason::Disabled);
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn for_all_of_the_patience_it_is_the_end_and_the_code_can_still_be_kept() {
    let mut script = polling();
    off_for_two_minutes(&mut script, ("GET", POLL));
    script.sends("GET", POLL).answers(refusal(401));
    assert_eq!(script.fails(), Error::QuickConnectDisabled);
    assert_eq!(script.machine.to_record().expect("it may be alive").code(), "123456");
    assert_eq!(script.machine.code(), None, "nothing is shown any more");

    let mut script = polling();
    script.sends("GET", POLL).answers(approved());
    off_for_two_minutes(&mut script, ("POST", EXCHANGE));
    script.sends("POST", EXCHANGE).answers(refusal(401));
    assert_eq!(script.fails(), Error::QuickConnectDisabled);
    assert!(script.machine.to_record().is_some());
}

#[test]
fn it_is_the_end_no_sooner() {
    let mut script = polling();
    script.sends("GET", POLL).answers(refusal(401));
    script.waits(5);
    script.clock.advance(seconds(114));
    script.sends("GET", POLL).answers(refusal(401));
    assert_eq!(script.waits(5).reason(), WaitReason::Disabled);
    script.sends("GET", POLL).answers(refusal(401));
    assert_eq!(script.fails(), Error::QuickConnectDisabled);
}

#[test]
fn the_patience_is_the_policys() {
    let mut script = polling_with(|policy| policy.patience = seconds(0));
    script.sends("GET", POLL).answers(refusal(401));
    assert_eq!(script.fails(), Error::QuickConnectDisabled);
}

#[test]
fn a_lost_packet_between_doesnt_begin_the_patience_anew() {
    let mut script = polling();
    script.sends("GET", POLL).answers(refusal(401));
    script.waits(5);
    script.sends("GET", POLL).fails(Failure::Timeout);
    script.waits(5);
    script.clock.advance(seconds(110));
    script.sends("GET", POLL).answers(refusal(401));
    assert_eq!(script.fails(), Error::QuickConnectDisabled);
}

#[test]
fn whatever_else_is_heard_begins_the_patience_anew() {
    for other in [pending(), refusal(500), answer::unmarked(502), answer::unmarked(401)] {
        let mut script = polling();
        script.sends("GET", POLL).answers(refusal(401));
        script.waits(5);
        script.sends("GET", POLL).answers(other);
        script.waits(5);
        script.clock.advance(minutes(2));
        script.sends("GET", POLL).answers(refusal(401));
        assert_eq!(script.is_waiting().reason(), WaitReason::Disabled);
    }
}

#[test]
fn a_401_of_a_server_without_the_marker_is_its_own() {
    let mut script = polling_unmarked();
    script.sends("GET", POLL).answers(without_marker(refusal(401)));
    assert_eq!(script.waits(5).reason(), WaitReason::Disabled);
    script.sends("GET", POLL).answers(without_marker(approved()));
    script.sends("POST", EXCHANGE).answers(without_marker(token()));
    script.ends();
}

#[test]
fn next_doesnt_begin_the_patience_anew() {
    let mut script = polling();
    for _ in 0..120 {
        script.sends("GET", POLL).answers(refusal(401));
        script.is_waiting();
        assert!(script.machine.check_now());
        assert_eq!(script.waits(1).reason(), WaitReason::Disabled);
    }
    script.sends("GET", POLL).answers(refusal(401));
    assert_eq!(script.fails(), Error::QuickConnectDisabled);
}
