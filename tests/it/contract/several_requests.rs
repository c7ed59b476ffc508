//! Rule 0: several requests may be under way, each with its own ticket.

use std::time::Duration;

use jellyfin_auth::{
    Discovery, Error, Failure, Found, HttpResponse, Machine as _, Step, Ticket, Timestamp,
    WaitReason,
};
use jellyfin_auth_testkit::{Clock, answer};

use crate::given::*;

const STEP: Duration = Duration::from_millis(250);

struct Search {
    machine: Discovery,
    clock: Clock,
    /// What is under way, by its address.
    under_way: Vec<(String, Ticket)>,
}

impl Search {
    fn of(typed: &str) -> Self {
        let machine = Discovery::new(typed, device()).expect("an address");
        Self { machine, clock: Clock::default(), under_way: Vec::new() }
    }

    /// Sends as long as it gets requests, and returns what follows.
    fn send_all(&mut self) -> Result<Step<Found>, Error> {
        loop {
            match self.machine.poll(self.clock.now())? {
                Step::Send(request) => {
                    let (request, ticket, _) = request.into_parts();
                    let uri = request.uri().to_string();
                    let address = uri.strip_suffix(INFO).expect("a probe").to_owned();
                    self.under_way.push((address, ticket));
                }
                other => return Ok(other),
            }
        }
    }

    fn waits(&mut self) -> Duration {
        match self.send_all() {
            Ok(Step::Wait(wait)) => wait.delay(),
            other => panic!("it should wait: {other:?}"),
        }
    }

    fn addresses(&self) -> Vec<&str> {
        self.under_way.iter().map(|(address, _)| address.as_str()).collect()
    }

    fn ticket(&mut self, address: &str) -> Ticket {
        let at = self.under_way.iter().position(|(known, _)| known == address);
        self.under_way.remove(at.expect("it is under way")).1
    }
}

/// All four candidates of `nas` are under way.
fn all_under_way() -> Search {
    let mut search = Search::of("nas");
    for _ in 0..3 {
        assert_eq!(search.waits(), STEP);
        search.clock.advance(STEP);
    }
    assert!(matches!(search.send_all(), Ok(Step::Wait(_))));
    let candidates = ["https://nas", "http://nas:8096", "http://nas", "https://nas:8920"];
    assert_eq!(search.addresses(), candidates);
    search
}

#[test]
fn one_starts_after_the_other_while_they_are_under_way() {
    let mut search = all_under_way();
    assert_eq!(search.waits(), Duration::from_millis(9250), "until the search is over");
}

#[test]
fn each_is_answered_with_its_own_ticket_in_any_order() {
    let mut search = all_under_way();
    for address in ["https://nas:8920", "https://nas", "http://nas:8096"] {
        let ticket = search.ticket(address);
        assert!(search.machine.handle(ticket, Err(Failure::Unreachable)), "{address}");
        search.waits();
    }
    let ticket = search.ticket("http://nas");
    assert!(search.machine.handle(ticket, Ok(&info())));
    match search.send_all() {
        Ok(Step::Done(found)) => assert_eq!(found.into_best().address(), "http://nas"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn several_answers_between_two_polls_are_all_taken() {
    let mut search = all_under_way();
    let results = [
        ("http://nas", Ok(info())),
        ("https://nas", Err(Failure::Tls)),
        ("https://nas:8920", Err(Failure::Unreachable)),
        ("http://nas:8096", Ok(info())),
    ];
    for (address, result) in &results {
        let ticket = search.ticket(address);
        let result =
            result.as_ref().map(|info| info as &dyn HttpResponse).map_err(|failure| *failure);
        assert!(search.machine.handle(ticket, result));
    }
    match search.send_all() {
        Ok(Step::Done(found)) => {
            assert_eq!(found.servers()[0].address(), "http://nas:8096", "the best first");
            assert_eq!(found.tried().len(), 2);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_dropped_ticket_costs_its_own_request_alone() {
    let mut search = all_under_way();
    drop(search.ticket("https://nas"));
    drop(search.ticket("http://nas:8096"));
    drop(search.ticket("https://nas:8920"));
    search.waits();
    let ticket = search.ticket("http://nas");
    assert!(search.machine.handle(ticket, Ok(&info())));
    match search.send_all() {
        Ok(Step::Done(found)) => assert_eq!(found.into_best().address(), "http://nas"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_ticket_of_another_search_changes_nothing() {
    let mut search = all_under_way();
    let foreign = Search::of("nas").machine.poll(Timestamp::ORIGIN).map(|step| match step {
        Step::Send(request) => request.into_parts().1,
        other => panic!("it sends: {other:?}"),
    });
    assert!(!search.machine.handle(foreign.expect("it sends"), Ok(&info())));
    assert!(matches!(search.send_all(), Ok(Step::Wait(_))));
}

#[test]
fn answers_after_the_end_or_a_cancel_change_nothing() {
    let mut search = all_under_way();
    let late = search.ticket("http://nas");
    let ticket = search.ticket("https://nas");
    assert!(search.machine.handle(ticket, Ok(&info())));
    let Ok(Step::Done(found)) = search.send_all() else { panic!("it is found") };
    assert!(!search.machine.handle(late, Ok(&other_info())));
    assert!(matches!(search.send_all(), Ok(Step::Done(again)) if again == found));

    let mut search = all_under_way();
    let late = search.ticket("https://nas");
    search.machine.cancel();
    assert!(!search.machine.handle(late, Ok(&info())));
    assert_eq!(search.send_all().expect_err("cancelled"), Error::Cancelled);
}

#[test]
fn a_driver_that_does_one_thing_at_a_time_stays_correct() {
    // Each request is handled before the next poll; the last candidate is the server.
    let mut machine = Discovery::new("nas", device()).expect("an address");
    let mut clock = Clock::default();
    let mut asked = Vec::new();
    let found = loop {
        match machine.poll(clock.now()).expect("it finds one") {
            Step::Send(request) => {
                let (request, ticket, limits) = request.into_parts();
                assert_eq!(limits.timeout, seconds(4));
                let uri = request.uri().to_string();
                let answers = uri.starts_with("https://nas:8920");
                asked.push(uri);
                clock.advance(seconds(1));
                let taken = if answers {
                    machine.handle(ticket, Ok(&info()))
                } else {
                    machine.handle(ticket, Ok(&answer::unmarked(404)))
                };
                assert!(taken);
            }
            Step::Done(server) => break server,
            other => panic!("it never waits, since nothing is under way: {other:?}"),
        }
    };
    assert_eq!(found.into_best().address(), "https://nas:8920");
    assert_eq!(asked.len(), 4);
}

#[test]
fn a_sign_in_has_one_request_under_way() {
    let mut script = quick_connect_login(SERVER);
    let ticket = script.sends("GET", INFO).into_ticket();
    script.clock.advance(minutes(1));
    assert!(matches!(script.machine.poll(script.clock.now()), Ok(Step::Pending)));
    assert!(script.machine.handle(ticket, Err(Failure::Timeout)));
    assert_eq!(script.waits(1).reason(), WaitReason::NoAnswer(Failure::Timeout));
}
