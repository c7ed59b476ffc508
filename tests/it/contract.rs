//! The contract between a machine and its driver, rule by rule.

use std::time::Duration;

use jellyfin_auth::{
    Discovery, Error, Failure, Login, Machine, Request, Session, SessionCheck, StaleTicket, Step,
    Ticket, Timestamp, Wait, WaitReason,
};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

const SERVER: &str = "https://nas.example";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn asking_again_without_news_gives_the_same_answer_and_a_request_is_given_once() {
    let mut script = quick_connect_login(SERVER);
    let exchange = script.sends("GET", INFO);
    let ticket = exchange.into_ticket();
    for _ in 0..3 {
        assert!(matches!(script.machine.poll(script.clock.now()), Ok(Step::Pending)));
    }
    script.machine.handle_response(ticket, answer::server_info(SERVER_ID, "12.0.0")).expect("ok");
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(pending());
    let first = script.is_waiting();
    for _ in 0..3 {
        assert_eq!(script.is_waiting(), first);
    }
    assert_eq!(first.code(), Some("123456"));
}

#[test]
fn what_is_left_of_a_wait_shrinks() {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    for left in [5, 4, 3, 2, 1] {
        assert_eq!(script.is_waiting().delay(), seconds(left));
        script.clock.advance(seconds(1));
    }
    script.sends("GET", POLL).answers(pending());
}

#[test]
fn a_wait_begins_at_the_first_poll_after_the_answer() {
    let mut script = probed(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).takes(20).answers(pending());
    script.clock.advance(seconds(40));
    assert_eq!(script.is_waiting().delay(), seconds(5));
}

#[test]
fn a_clock_that_goes_back_or_restarts_costs_only_the_time_it_lost() {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    script.clock.advance(seconds(1000));
    assert_eq!(script.is_waiting().delay(), seconds(5));
    script.clock.advance(seconds(2));
    assert_eq!(script.is_waiting().delay(), seconds(3));
    script.clock.go_back(seconds(5000));
    assert_eq!(script.is_waiting().delay(), seconds(3));
    script.clock.advance(seconds(3));
    script.sends("GET", POLL).answers(pending());
}

#[test]
fn any_timestamp_is_taken() {
    let mut login = Login::quick_connect(url(SERVER), device());
    for time in [Duration::MAX, Duration::ZERO, Duration::MAX, Duration::from_nanos(1)] {
        let step = login.poll(Timestamp::new(time)).expect("no error");
        if let Step::Send(request) = step {
            let (_, ticket) = request.into_parts();
            login.handle_failure(ticket, Failure::Timeout).expect("current");
        }
    }
}

#[test]
fn a_timestamp_is_the_time_since_the_origin() {
    assert_eq!(Timestamp::from(seconds(7)), Timestamp::new(seconds(7)));
    assert_eq!(Timestamp::from(seconds(7)).since_origin(), seconds(7));
}

#[test]
fn a_ticket_of_another_machine_changes_nothing() {
    let mut other = quick_connect_login(SERVER);
    let foreign = other.sends("GET", INFO).into_ticket();
    let mut script = quick_connect_login(SERVER);
    let own = script.sends("GET", INFO).into_ticket();
    let response = answer::server_info(SERVER_ID, "12.0.0");
    assert_eq!(script.machine.handle_response(foreign, response.clone()), Err(StaleTicket));
    assert!(matches!(script.machine.poll(script.clock.now()), Ok(Step::Pending)));
    script.machine.handle_response(own, response).expect("its own");
    script.sends("GET", ENABLED).answers(on());
}

#[test]
fn a_ticket_from_before_a_cancel_is_stale() {
    let mut script = quick_connect_login(SERVER);
    let ticket = script.sends("GET", INFO).into_ticket();
    script.machine.cancel();
    assert_eq!(script.machine.handle_failure(ticket, Failure::Timeout), Err(StaleTicket));
    assert!(matches!(script.fails(), Error::Cancelled { .. }));
}

#[test]
fn a_dropped_ticket_is_noticed_and_counts_as_interrupted() {
    let mut script = quick_connect_login(SERVER);
    for delay in [1, 2, 4] {
        script.sends("GET", INFO).is_forgotten();
        let wait = script.waits(delay);
        assert_eq!(wait.reason(), WaitReason::NoAnswer(Failure::Interrupted));
    }
    script.sends("GET", INFO).is_forgotten();
    assert!(matches!(script.fails(), Error::NoAnswer { failure: Failure::Interrupted, .. }));
}

#[test]
fn a_request_dropped_unsent_heals_by_itself_while_a_code_is_alive() {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    script.waits(5);
    for delay in [5, 5, 5, 8] {
        drop(script.machine.poll(script.clock.now()));
        script.waits(delay);
    }
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn errors_stay_whatever_happens_next() {
    let mut script = probed(password_login(SERVER));
    script.sends("POST", AUTHENTICATE).answers(refusal(401));
    let error = script.fails();
    script.machine.cancel();
    assert!(!script.machine.check_now());
    script.clock.advance(seconds(100_000));
    assert_eq!(script.fails(), error);
}

#[test]
fn next_ends_a_wait_but_never_sooner_than_a_second_after_the_last_request() {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    script.is_waiting();
    assert!(script.machine.check_now());
    assert_eq!(script.waits(1).reason(), WaitReason::Poll);
    script.sends("GET", POLL).answers(pending());
    script.is_waiting();
    script.clock.advance(seconds(3));
    script.is_waiting();
    assert!(script.machine.check_now());
    script.sends("GET", POLL).answers(pending());
}

#[test]
fn next_before_the_wait_was_seen_counts_too() {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    script.waits(5);
    script.sends("GET", POLL).takes(3).answers(pending());
    assert!(script.machine.check_now());
    assert!(!script.machine.check_now(), "there is nothing left to shorten");
    script.sends("GET", POLL).answers(pending());
}

#[test]
fn next_says_no_when_nothing_was_shortened() {
    let mut script = quick_connect_login(SERVER);
    assert!(!script.machine.check_now(), "nothing is waited for");
    let ticket = script.sends("GET", INFO).into_ticket();
    assert!(!script.machine.check_now(), "a request is under way");
    script.machine.handle_failure(ticket, Failure::Timeout).expect("current");
    assert_eq!(script.is_waiting().delay(), seconds(1));
    assert!(!script.machine.check_now(), "less than a second after the last request");
    script.waits(1);
    script.sends("GET", INFO).answers(answer::unsigned(503).with_header("retry-after", "30"));
    script.is_waiting();
    assert!(!script.machine.check_now(), "the server asked for that time");
    script.waits(30);
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
    script.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
}

#[test]
fn cancel_ends_every_state() {
    let mut script = quick_connect_login(SERVER);
    script.machine.cancel();
    assert!(matches!(script.fails(), Error::Cancelled { .. }));

    let mut script = showing_a_code(quick_connect_login(SERVER));
    script.machine.cancel();
    assert!(matches!(script.fails(), Error::Cancelled { .. }));
    assert_eq!(script.machine.code(), None);
    assert!(script.machine.saved().is_none());

    let mut script = probed(password_login(SERVER));
    script.sends("POST", AUTHENTICATE).answers(token());
    script.ends();
    script.machine.cancel();
    script.ends();
}

#[test]
fn requests_carry_their_limits() {
    let script = with_policy(password_login(SERVER), |policy| {
        policy.request_timeout = seconds(7);
        policy.max_body = 4711;
    });
    let mut script = script;
    let Ok(Step::Send(probe)) = script.machine.poll(script.clock.now()) else {
        panic!("a request is due")
    };
    assert_eq!((probe.timeout(), probe.max_body()), (seconds(7), 4711));
    assert!(probe.is_replayable());
    let (_, ticket) = probe.into_parts();
    script.machine.handle_response(ticket, answer::server_info("ab", "12.0.0")).expect("current");
    let Ok(Step::Send(login)) = script.machine.poll(script.clock.now()) else {
        panic!("a request is due")
    };
    assert!(!login.is_replayable(), "a password is never sent twice");
}

#[test]
fn the_debug_of_a_request_shows_method_and_path_alone() {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    script.waits(5);
    let Ok(step) = script.machine.poll(script.clock.now()) else { panic!("a request is due") };
    let shown = format!("{step:?} {step:#?}");
    assert!(shown.contains("/QuickConnect/Connect") && shown.contains("GET"));
    assert!(!shown.contains("5EC4E7") && !shown.contains("MediaBrowser"), "{shown}");
}

#[test]
fn everything_can_be_sent_to_another_thread() {
    fn sendable<T: Send + 'static>() {}
    fn shareable<T: Send + Sync + 'static>() {}
    sendable::<Step<Session>>();
    sendable::<Wait>();
    sendable::<Request>();
    sendable::<Ticket>();
    sendable::<Failure>();
    sendable::<Error>();
    sendable::<Session>();
    shareable::<Login>();
    shareable::<SessionCheck>();
    shareable::<Discovery>();
}

#[test]
fn a_machine_can_be_driven_through_the_trait() {
    fn drive<M: Machine>(mut machine: M) -> Result<M::Output, Error> {
        let mut polls = 0;
        loop {
            polls += 1;
            assert!(polls < 100, "it ends");
            match machine.poll(Timestamp::ORIGIN)? {
                Step::Send(request) => {
                    let probing = request.http().uri().path() == INFO;
                    let (_, ticket) = request.into_parts();
                    let response =
                        if probing { answer::server_info("ab", "12.0.0") } else { token() };
                    machine.handle_response(ticket, response).expect("current");
                }
                Step::Wait(_) | Step::Pending => machine.cancel(),
                Step::Done(output) => return Ok(output),
            }
        }
    }
    let login = Login::password(url(SERVER), device(), "alice", "pw").expect("a user name");
    assert_eq!(drive(login).expect("signed in").user().id, "6eec632a");
}

#[test]
fn a_lent_machine_can_be_looked_at_after_the_run() {
    let mut login = Login::quick_connect(url(SERVER), device());
    let mut lent = Script::new(&mut login);
    lent.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
    lent.sends("GET", ENABLED).answers(on());
    lent.sends("POST", INITIATE).answers(pending());
    lent.waits(5);
    assert!(lent.machine.check_now(), "a machine that is lent takes commands, too");
    assert_eq!(login.saved().expect("a code is alive").code(), "123456");
    assert_eq!(login.server_info().expect("it was asked").version, "12.0.0");
}

#[test]
fn a_lent_machine_passes_every_command_on() {
    fn next<M: Machine>(mut lent: M) -> bool {
        lent.check_now()
    }
    fn fail<M: Machine>(mut lent: M, ticket: Ticket) -> Result<(), StaleTicket> {
        lent.handle_failure(ticket, Failure::Unreachable)
    }
    fn give_up<M: Machine>(mut lent: M) {
        lent.cancel();
    }
    let mut script = showing_a_code(quick_connect_login(SERVER));
    assert!(next(&mut script.machine));
    script.waits(1);
    assert!(!next(&mut script.machine), "there is no wait left to shorten");
    let ticket = script.sends("GET", POLL).into_ticket();
    fail(&mut script.machine, ticket).expect("current");
    assert_eq!(script.is_waiting().reason(), WaitReason::NoAnswer(Failure::Unreachable));
    give_up(&mut script.machine);
    assert!(matches!(script.fails(), Error::Cancelled { .. }));
}

#[test]
fn nothing_but_quick_connect_shows_a_code() {
    let starting = || answer::signed(503).with_html("loading");
    let mut login = password_login(SERVER);
    login.sends("GET", INFO).answers(starting());
    let mut check = Script::new(SessionCheck::new(session()));
    check.sends("GET", INFO).answers(starting());
    let mut search = Script::new(Discovery::at(url(SERVER), device()));
    search.sends("GET", INFO).answers(starting());
    for wait in [login.is_waiting(), check.is_waiting(), search.is_waiting()] {
        assert_eq!((wait.code(), wait.code_expires_in()), (None, None));
    }
}
