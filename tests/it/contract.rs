//! The contract between a machine and its driver, rule by rule.

mod commands;
mod several_requests;
mod tickets;
mod time;
mod types;

use std::time::Duration;

use jellyfin_auth::{
    Discovery, Error, Login, Machine, Policy, Renewals, Session, SessionCheck, SignOut, Step,
    Timestamp,
};
use jellyfin_auth_testkit::{Script, answer};

use crate::given::*;

// Rule 1: level-triggered.

#[test]
fn polling_again_without_news_returns_the_same_and_a_request_once() {
    let mut script = quick_connect_login(SERVER);
    let ticket = script.sends("GET", INFO).into_ticket();
    for _ in 0..3 {
        assert!(matches!(script.machine.poll(script.clock.now()), Ok(Step::Pending)));
    }
    assert!(script.machine.handle(ticket, Ok(&info())));
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(pending());
    let first = script.is_waiting();
    for _ in 0..3 {
        assert_eq!(script.is_waiting(), first);
    }
    assert_eq!(first.code(), Some("123456"));
}

#[test]
fn the_end_stays_the_end() {
    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).answers(token());
    let session = script.ends();
    script.clock.advance(minutes(60));
    assert_eq!(script.ends(), session);
}

// Rule 4: errors stay.

#[test]
fn an_error_stays_whatever_happens_next() {
    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).answers(refusal(401));
    let error = script.fails();
    script.machine.cancel();
    assert!(!script.machine.check_now());
    script.clock.advance(minutes(2000));
    assert_eq!(script.fails(), error);
    assert_eq!(error.clone(), error);
}

// Rule 5: no wait is under a second.

#[test]
fn no_wait_is_under_a_second() {
    let hasty = |policy: &mut Policy| {
        policy.poll_interval = Duration::ZERO;
        policy.renewals = Renewals::Unlimited;
    };
    for header in ["0", "00", "-1", "0.5", "soon"] {
        let busy =
            || answer::ResponseExt::with_header(answer::unmarked(429), "retry-after", header);
        let mut script = password_login(SERVER);
        script.sends("GET", INFO).answers(busy());
        script.waits(1);
        let mut script = showing_a_code(with_policy(quick_connect_login(SERVER), hasty));
        script.waits(1);
        script.sends("GET", POLL).answers(busy());
        script.waits(1);
    }
}

// Rule 8: one trait, one loop, object-safe; a policy in any order, and none after the first poll.

#[test]
fn machines_of_one_output_can_be_driven_through_one_reference() {
    let mut by_password = Login::password(url(SERVER), device(), "alice", "pw").expect("a name");
    let mut by_code = Login::quick_connect(url(SERVER), device());
    let machines: [&mut dyn Machine<Output = Session>; 2] = [&mut by_password, &mut by_code];
    for machine in machines {
        let Ok(Step::Send(request)) = machine.poll(Timestamp::ORIGIN) else { panic!("it sends") };
        let (request, ticket, _) = request.into_parts();
        assert_eq!(request.uri().path(), INFO);
        assert!(machine.handle(ticket, Ok(&info())));
        assert!(!machine.check_now());
        machine.cancel();
        assert_eq!(machine.poll(Timestamp::ORIGIN).expect_err("cancelled"), Error::Cancelled);
    }
    let mut boxed: Vec<Box<dyn Machine<Output = ()>>> = vec![Box::new(SignOut::new(session()))];
    assert!(matches!(boxed[0].poll(Timestamp::ORIGIN), Ok(Step::Send(_))));
}

#[test]
fn a_response_of_any_bytes_is_taken_and_can_be_used_afterwards() {
    let mut login = Login::quick_connect(url(SERVER), device());
    let Ok(Step::Send(request)) = login.poll(Timestamp::ORIGIN) else { panic!("it sends") };
    let response = info();
    let borrowed = response.clone().map(|_| response.body().as_slice());
    assert!(login.handle(request.into_parts().1, Ok(&borrowed)));
    assert!(!borrowed.body().is_empty(), "it is read, not consumed");
    let Ok(Step::Send(request)) = login.poll(Timestamp::ORIGIN) else { panic!("it sends") };
    assert!(login.handle(request.into_parts().1, Ok(&on().map(|_| "true"))));
    let Ok(Step::Send(request)) = login.poll(Timestamp::ORIGIN) else { panic!("it sends") };
    assert_eq!(request.http().uri().path(), INITIATE);
}

#[test]
fn a_lent_machine_can_be_looked_at_after_the_run() {
    let mut login = Login::quick_connect(url(SERVER), device());
    let mut lent = Script::new(&mut login);
    lent.sends("GET", INFO).answers(info());
    lent.sends("GET", ENABLED).answers(on());
    lent.sends("POST", INITIATE).answers(pending());
    lent.is_waiting();
    assert!(lent.machine.check_now(), "a machine that is lent takes commands, too");
    lent.waits(1);
    lent.machine.cancel();
    assert_eq!(lent.fails(), Error::Cancelled);
    assert_eq!(login.to_record().expect("the code is alive").code(), "123456");
    assert_eq!(login.server_info().expect("it was asked").version, "12.0.0");
}

#[test]
fn the_getters_show_it_as_of_the_last_poll() {
    let mut script = password_login("https://nas.example/");
    let ticket = script.sends("GET", INFO).into_ticket();
    assert!(script.machine.handle(ticket, Ok(&redirect(302, "/jf/web/"))));
    assert_eq!(script.machine.server_url().as_str(), SERVER);
    let ticket = script.sends("GET", &format!("/jf{INFO}")).into_ticket();
    assert_eq!(script.machine.server_url().as_str(), "https://nas.example/jf");
    assert!(script.machine.handle(ticket, Ok(&info())));
    assert_eq!(script.machine.server_info(), None);
    script.sends("POST", &format!("/jf{AUTHENTICATE}")).answers(token());
    assert_eq!(script.machine.server_info().expect("it was asked").id, SERVER_ID);
}

fn blind() -> Policy {
    let mut policy = Policy::default();
    policy.probe = false;
    policy
}

#[test]
fn the_last_policy_before_the_first_poll_counts() {
    let login = || Login::password(url(SERVER), device(), "alice", "pw").expect("a user name");
    let mut script = Script::new(login().with_policy(blind()));
    script.sends("POST", AUTHENTICATE).answers(token());
    // On again is on, as if it had never been off.
    let mut script = Script::new(login().with_policy(blind()).with_policy(Policy::default()));
    script.sends("GET", INFO).answers(info());
    script.sends("POST", AUTHENTICATE).answers(token());
    assert_eq!(script.ends().server_version(), Some("12.0.0"));
}

#[test]
fn after_the_first_poll_a_policy_is_refused_as_a_whole() {
    let mut changed = blind();
    changed.request_timeout = seconds(1);
    changed.retries = 0;
    changed.patience = seconds(0);
    changed.poll_interval = seconds(60);
    changed.renewals = Renewals::Unlimited;

    let mut script = quick_connect_login(SERVER);
    let ticket = script.sends("GET", INFO).into_ticket();
    let mut script = Script::new(script.machine.with_policy(changed.clone()));
    assert!(script.machine.handle(ticket, Err(jellyfin_auth::Failure::Timeout)));
    script.waits(1);
    let Ok(Step::Send(request)) = script.machine.poll(script.clock.now()) else {
        panic!("it sends")
    };
    assert_eq!(request.limits().timeout, seconds(30));
    assert!(script.machine.handle(request.into_parts().1, Ok(&info())));
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(pending());
    let mut script = Script { machine: script.machine.with_policy(changed), clock: script.clock };
    script.waits(5);
    script.sends("GET", POLL).answers(refusal(404));
    assert_eq!(script.fails(), Error::CodeLost, "no renewals");

    let mut impatient = Policy::default();
    impatient.retries = 0;
    let mut script = Script::new(SessionCheck::new(session()));
    let ticket = script.sends("GET", INFO).into_ticket();
    let machine = script.machine.with_policy(impatient);
    let mut script = Script { machine, clock: script.clock };
    assert!(script.machine.handle(ticket, Ok(&info())));
    script.sends("GET", ME).fails(jellyfin_auth::Failure::Timeout);
    script.waits(1);
}

fn timeout(mut machine: impl Machine) -> Duration {
    let Ok(Step::Send(request)) = machine.poll(Timestamp::ORIGIN) else { panic!("it sends") };
    request.limits().timeout
}

#[test]
fn a_policy_is_given_to_every_machine_in_the_same_way() {
    let mut policy = Policy::default();
    policy.request_timeout = seconds(3);
    let shared = std::sync::Arc::new(policy);
    let record = polling().machine.to_record().expect("a code is alive");
    let resumed = Login::resume(record).expect("a login");
    assert_eq!(timeout(resumed.with_policy(shared.clone())), seconds(3));
    let login = Login::quick_connect(url(SERVER), device());
    assert_eq!(timeout(login.with_policy(shared.clone())), seconds(3));
    assert_eq!(timeout(SessionCheck::new(session()).with_policy(shared.clone())), seconds(3));
    assert_eq!(timeout(SignOut::new(session()).with_policy(shared.clone())), seconds(3));
    let approve = jellyfin_auth::ApproveQuickConnect::new(session(), "123456").expect("a code");
    assert_eq!(timeout(approve.with_policy(shared.clone())), seconds(3));
    let search = Discovery::at(url(SERVER), device());
    assert_eq!(timeout(search.with_policy(shared)), seconds(3));
}
