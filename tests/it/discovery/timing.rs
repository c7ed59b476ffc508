//! Several candidates at the same time: when each starts, and what is waited for.

use std::time::Duration;

use jellyfin_auth::{
    Discovery, Error, Failure, Found, Machine as _, Policy, Server, Step, Ticket, WaitReason,
};
use jellyfin_auth_testkit::Clock;

use crate::given::*;

const CANDIDATES: [&str; 4] = ["https://nas", "http://nas:8096", "http://nas", "https://nas:8920"];

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

struct Search {
    machine: Discovery,
    clock: Clock,
    /// When each address was asked, and the ticket.
    asked: Vec<(String, Duration, Option<Ticket>)>,
}

impl Search {
    fn new() -> Self {
        Self::of(Discovery::new("nas", device()).expect("an address"))
    }

    fn of(machine: Discovery) -> Self {
        Self { machine, clock: Clock::default(), asked: Vec::new() }
    }

    fn go_on(&mut self) -> Result<Step<Found>, Error> {
        loop {
            match self.machine.poll(self.clock.now())? {
                Step::Send(request) => {
                    let (request, ticket, limits) = request.into_parts();
                    assert_eq!((limits.timeout, limits.replayable), (seconds(4), true));
                    let uri = request.uri().to_string();
                    let address = uri.strip_suffix(INFO).expect("a probe").to_owned();
                    self.asked.push((address, self.clock.now().since_origin(), Some(ticket)));
                }
                step => return Ok(step),
            }
        }
    }

    /// Lets time pass, wait by wait.
    fn pass(&mut self, time: Duration) {
        let end = self.clock.now().since_origin() + time;
        loop {
            let left = end.saturating_sub(self.clock.now().since_origin());
            match self.go_on() {
                Ok(Step::Wait(wait)) => {
                    assert!(!wait.delay().is_zero());
                    assert_eq!(wait.reason(), WaitReason::Search);
                    if wait.delay() >= left {
                        return self.clock.advance(left);
                    }
                    self.clock.advance(wait.delay());
                }
                other => panic!("it should go on: {other:?}"),
            }
        }
    }

    fn result(&mut self, address: &str, happening: &Happening) {
        let mut asked = self.asked.iter_mut();
        let (.., ticket) = asked.find(|(known, ..)| known == address).expect("it was asked");
        let ticket = ticket.take().expect("it is under way");
        assert!(match happening {
            Ok(response) => self.machine.handle(ticket, Ok(response)),
            Err(failure) => self.machine.handle(ticket, Err(*failure)),
        });
    }

    fn found(&mut self) -> String {
        match self.go_on() {
            Ok(Step::Done(found)) => found.into_best().address().to_owned(),
            other => panic!("it should have found one: {other:?}"),
        }
    }

    fn starts(&self) -> Vec<(&str, Duration)> {
        self.asked.iter().map(|(address, at, _)| (address.as_str(), *at)).collect()
    }
}

#[test]
fn a_silent_candidate_holds_the_next_one_up_for_a_quarter_of_a_second() {
    let mut search = Search::new();
    search.pass(seconds(1));
    let starts: Vec<_> = CANDIDATES.into_iter().zip([0, 250, 500, 750].map(ms)).collect();
    assert_eq!(search.starts(), starts);
}

#[test]
fn one_that_has_failed_doesnt() {
    let mut search = Search::new();
    search.pass(ms(100));
    search.result("https://nas", &Err(Failure::Unreachable));
    search.pass(ms(100));
    assert_eq!(search.starts(), [("https://nas", ms(0)), ("http://nas:8096", ms(100))]);
}

#[test]
fn where_all_answer_at_once_nothing_is_waited_for() {
    let mut search = Search::new();
    search.pass(ms(0));
    search.result("https://nas", &Err(Failure::Tls));
    search.pass(ms(0));
    search.result("http://nas:8096", &Ok(info()));
    // No http is better, and this https is.
    search.pass(ms(0));
    search.result("https://nas:8920", &Err(Failure::Unreachable));
    assert_eq!(search.found(), "http://nas:8096");
    assert_eq!(search.clock.now().since_origin(), ms(0));
}

#[test]
fn the_best_that_answers_is_taken_at_once() {
    let mut search = Search::new();
    search.pass(seconds(1));
    search.result("https://nas", &Ok(info()));
    assert_eq!(search.found(), "https://nas");
}

#[test]
fn no_worse_one_is_asked_once_there_is_a_server() {
    let mut search = Search::new();
    search.pass(ms(300));
    search.result("http://nas:8096", &Ok(info()));
    search.pass(ms(1400));
    let asked: Vec<_> = search.starts().into_iter().map(|(address, _)| address).collect();
    assert_eq!(asked, ["https://nas", "http://nas:8096", "https://nas:8920"], "https is better");
}

#[test]
fn a_worse_one_waits_for_a_better_one_for_a_second_and_a_half() {
    let mut search = Search::new();
    search.pass(ms(300));
    search.result("http://nas:8096", &Ok(info()));
    search.pass(ms(1499));
    search.result("https://nas", &Ok(info()));
    assert_eq!(search.found(), "https://nas", "in time");

    let mut search = Search::new();
    search.pass(ms(300));
    search.result("http://nas:8096", &Ok(info()));
    search.pass(ms(1500));
    assert_eq!(search.found(), "http://nas:8096", "nobody else came");
}

#[test]
fn a_worse_one_is_taken_as_soon_as_every_better_one_has_failed() {
    let mut search = Search::new();
    search.pass(seconds(1));
    search.result("http://nas", &Ok(info()));
    search.pass(ms(100));
    search.result("http://nas:8096", &Err(Failure::Unreachable));
    search.pass(ms(100));
    search.result("https://nas", &Err(Failure::Tls));
    search.pass(ms(100));
    search.result("https://nas:8920", &Err(Failure::Unreachable));
    assert_eq!(search.found(), "http://nas");
}

#[test]
fn the_grace_begins_with_the_first_that_is_found_and_not_anew() {
    let mut search = Search::new();
    search.pass(seconds(1));
    search.result("http://nas", &Ok(info()));
    search.pass(seconds(1));
    search.result("http://nas:8096", &Ok(info()));
    search.pass(ms(500));
    assert_eq!(search.found(), "http://nas:8096");
}

#[test]
fn https_is_better_than_http_wherever_it_stands() {
    let mut search = Search::new();
    search.pass(seconds(1));
    search.result("http://nas:8096", &Ok(info()));
    search.pass(seconds(1));
    search.result("https://nas:8920", &Ok(info()));
    search.pass(ms(500));
    let Ok(Step::Done(found)) = search.go_on() else { panic!("https://nas had its time") };
    let servers: Vec<_> = found.servers().iter().map(Server::address).collect();
    assert_eq!(servers, ["https://nas:8920", "http://nas:8096"], "one server, two addresses");
}

#[test]
fn of_what_was_never_asked_nothing_is_told() {
    let https = (1..10).map(|host| url(&format!("https://192.0.2.{host}")));
    let addresses: Vec<_> = [url("http://192.0.2.0")].into_iter().chain(https).collect();
    let mut search = Search::of(Discovery::among(addresses, device()));
    search.pass(ms(100));
    search.result("http://192.0.2.0", &Ok(info()));
    search.pass(ms(1500));
    let Ok(Step::Done(found)) = search.go_on() else { panic!("the grace is over") };
    let tried: Vec<_> = found.tried().iter().map(|attempt| attempt.url.as_str()).collect();
    let asked: Vec<_> = search.starts()[1..].iter().map(|(address, _)| *address).collect();
    assert_eq!(tried, asked);
    assert!((5..9).contains(&asked.len()), "{asked:?}");
}

#[test]
fn an_http_candidate_that_leads_to_https_is_as_good_as_one() {
    let mut search = Search::new();
    search.pass(ms(300));
    search.result("http://nas:8096", &Ok(redirect(302, "https://nas:8443/System/Info/Public")));
    search.pass(ms(100));
    search.result("https://nas:8443", &Ok(info()));
    search.result("https://nas", &Err(Failure::Tls));
    assert_eq!(search.found(), "https://nas:8443", "before https://nas:8920 was asked");
}

#[test]
fn who_answers_how_fast_is_measured_from_each_candidates_start() {
    let mut search = Search::new();
    search.pass(ms(800));
    search.result("http://nas:8096", &Ok(info()));
    search.pass(ms(100));
    search.result("https://nas:8920", &Err(Failure::Tls));
    search.pass(ms(1400));
    let Ok(Step::Done(found)) = search.go_on() else { panic!("its grace is over") };
    assert_eq!(found.servers()[0].response_time(), ms(550));
    let tried: Vec<_> =
        found.tried().iter().map(|one| (one.url.as_str(), one.response_time)).collect();
    // http://nas could not have become the best.
    assert_eq!(tried, [("https://nas:8920", ms(150)), ("https://nas", ms(2300))]);
}

#[test]
fn a_request_has_four_seconds_or_less_if_the_policy_says_so() {
    for (timeout, limit) in [(1, 1), (4, 4), (30, 4)] {
        let mut policy = Policy::default();
        policy.request_timeout = seconds(timeout);
        let mut search = Discovery::at(url(SERVER), device()).with_policy(policy);
        let step = search.poll(Clock::default().now());
        let Ok(Step::Send(request)) = step else { panic!("it sends") };
        assert_eq!(request.limits().timeout, seconds(limit));
    }
}

#[test]
fn the_search_is_over_after_ten_seconds_even_if_a_driver_never_answers() {
    let mut search = Search::new();
    search.pass(seconds(10));
    match search.go_on() {
        Err(Error::NoServer { tried, .. }) => {
            assert_eq!(tried.len(), 4);
            for attempt in tried {
                let failure = Failure::Timeout;
                assert!(
                    matches!(attempt.error, Error::NoAnswer { failure: f, .. } if f == failure)
                );
            }
        }
        other => panic!("it should be over: {other:?}"),
    }
    let (.., ticket) = search.asked.pop().expect("it was asked");
    let late = ticket.expect("it is under way");
    assert!(!search.machine.handle(late, Ok(&info())), "too late");
}

#[test]
fn a_lost_ticket_fails_its_candidate() {
    let mut search = Search::new();
    search.pass(seconds(1));
    search.asked.clear();
    match search.go_on() {
        Err(Error::NoServer { tried, .. }) => assert!(tried.iter().all(|attempt| matches!(
            attempt.error,
            Error::NoAnswer { failure: Failure::Interrupted, .. }
        ))),
        other => panic!("it should be over: {other:?}"),
    }
}

#[test]
fn next_shortens_nothing_while_all_are_under_way() {
    let mut search = Search::new();
    search.pass(seconds(1));
    assert!(!search.machine.check_now());
}
