//! Rule 2: a ticket is the right to answer one request once.

use jellyfin_auth::{Error, Failure, Login, Machine as _, SessionCheck, Step, WaitReason};
use jellyfin_auth_testkit::{Script, answer};

use crate::given::*;

#[test]
fn a_ticket_of_another_machine_changes_nothing() {
    let foreign = || quick_connect_login(SERVER).sends("GET", INFO).into_ticket();
    let of_a_check = || Script::new(SessionCheck::new(session())).sends("GET", INFO).into_ticket();
    let mut script = quick_connect_login(SERVER);
    assert!(!script.machine.handle(foreign(), Ok(&info())), "before its own request");
    let own = script.sends("GET", INFO).into_ticket();
    assert!(!script.machine.handle(foreign(), Ok(&info())));
    assert!(!script.machine.handle(of_a_check(), Err(Failure::Tls)));
    assert!(matches!(script.machine.poll(script.clock.now()), Ok(Step::Pending)));
    assert!(script.machine.handle(own, Ok(&info())));
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(pending());
    let wait = script.is_waiting();
    assert!(!script.machine.handle(foreign(), Err(Failure::Tls)), "during a wait");
    assert_eq!(script.is_waiting(), wait);
}

#[test]
fn a_late_reply_after_a_cancel_changes_nothing() {
    let late: [Happening; 3] = [Ok(info()), Ok(answer::marked(404)), Err(Failure::Timeout)];
    for reply in late {
        let mut script = quick_connect_login(SERVER);
        let ticket = script.sends("GET", INFO).into_ticket();
        script.machine.cancel();
        let taken = match &reply {
            Ok(response) => script.machine.handle(ticket, Ok(response)),
            Err(failure) => script.machine.handle(ticket, Err(*failure)),
        };
        assert!(!taken);
        assert_eq!(script.fails(), Error::Cancelled);
        assert_eq!(script.machine.server_info(), None);
    }
}

#[test]
fn a_late_token_after_a_cancel_signs_nobody_in() {
    let mut script = asked_for_password();
    let ticket = script.sends("POST", AUTHENTICATE).into_ticket();
    script.machine.cancel();
    assert!(!script.machine.handle(ticket, Ok(&token())));
    assert_eq!(script.fails(), Error::Cancelled);
}

#[test]
fn a_dropped_ticket_is_noticed_at_the_next_poll_and_counts_as_interrupted() {
    let mut script = quick_connect_login(SERVER);
    for seconds in [1, 2, 4] {
        script.sends("GET", INFO).is_forgotten();
        let wait = script.waits(seconds);
        assert_eq!(wait.reason(), WaitReason::NoAnswer(Failure::Interrupted));
    }
    script.sends("GET", INFO).is_forgotten();
    assert!(matches!(script.fails(), Error::NoAnswer { failure: Failure::Interrupted, .. }));
}

#[test]
fn a_request_dropped_unsent_heals_by_itself_while_a_code_is_alive() {
    let mut script = polling();
    for seconds in [5, 5, 5, 8] {
        drop(script.machine.poll(script.clock.now()));
        script.waits(seconds);
    }
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn a_request_without_its_ticket_and_the_ticket_without_its_request_are_both_fine() {
    let mut login = Login::quick_connect(url(SERVER), device());
    let Ok(Step::Send(request)) = login.poll(jellyfin_auth::Timestamp::ORIGIN) else {
        panic!("it sends")
    };
    let (http, ticket, limits) = request.into_parts();
    assert_eq!((http.uri().path(), limits.timeout), (INFO, seconds(30)));
    drop(http);
    assert!(login.handle(ticket, Ok(&info())));
}
