//! One server, many addresses: where a session's token goes, and where it doesn't.

use std::time::Duration;

use http::{Response, header};
use jellyfin_auth::{
    CheckedSession, Discovery, Error, Failure, HttpResponse, Machine, Policy, Session,
    SessionCheck, SessionState, SignOut, Step, Ticket, WaitReason,
};
use jellyfin_auth_testkit::{Clock, answer, answer::ResponseExt as _};
use serde_json::json;

use crate::given::*;

const HOME: &str = "http://192.0.2.7:8096";
const OUTSIDE: &str = "https://nas.example";
const VPN: &str = "https://nas.vpn.example/jf";

/// A session that was won at `OUTSIDE`, and is looked for at home first.
fn at_home_first() -> Session {
    let mut session = session();
    session.add_address(url(HOME));
    session.add_address(url(VPN));
    session.prefer_address(&url(HOME));
    session
}

fn me() -> Response<Vec<u8>> {
    answer::marked(200).with_json(&json!({"Id": "6eec", "Name": "alice"}))
}

/// A machine with several requests under way.
struct Race<M: Machine> {
    machine: M,
    clock: Clock,
    under_way: Vec<(String, Ticket)>,
}

impl<M: Machine<Output: std::fmt::Debug>> Race<M> {
    fn of(machine: M) -> Self {
        Self { machine, clock: Clock::default(), under_way: Vec::new() }
    }

    /// Sends as long as there is something to send, and returns what follows.
    fn go_on(&mut self) -> Result<Step<M::Output>, Error> {
        loop {
            match self.machine.poll(self.clock.now())? {
                Step::Send(request) => {
                    let (request, ticket, _) = request.into_parts();
                    let uri = request.uri().to_string();
                    let has_token = request.headers().get(header::AUTHORIZATION).is_some();
                    assert_eq!(has_token, !uri.ends_with(INFO), "{uri}");
                    self.under_way.push((uri, ticket));
                }
                other => return Ok(other),
            }
        }
    }

    /// Lets time pass, wait by wait.
    fn pass(&mut self, time: Duration) {
        let end = self.clock.now().since_origin() + time;
        loop {
            let left = end.saturating_sub(self.clock.now().since_origin());
            let delay = match self.go_on() {
                Ok(Step::Wait(wait)) => wait.delay(),
                Ok(Step::Pending) => Duration::MAX,
                other => panic!("it should go on: {other:?}"),
            };
            if delay >= left {
                return self.clock.advance(left);
            }
            self.clock.advance(delay);
        }
    }

    fn happens(&mut self, uri: &str, happening: &Happening) {
        let at = self.under_way.iter().position(|(known, _)| known == uri);
        let at = at.unwrap_or_else(|| panic!("{uri} is not under way: {:?}", self.under_way));
        let (_, ticket) = self.under_way.remove(at);
        let result = happening.as_ref().map(|response| response as &dyn HttpResponse);
        assert!(self.machine.handle(ticket, result.map_err(|failure| *failure)));
    }

    fn identifies(&mut self, address: &str, happening: &Happening) {
        self.happens(&format!("{address}{INFO}"), happening);
    }

    fn uris(&self) -> Vec<&str> {
        self.under_way.iter().map(|(uri, _)| uri.as_str()).collect()
    }
}

/// All addresses are asked, and nobody has answered yet.
fn all_asked() -> Race<SessionCheck> {
    let mut race = Race::of(SessionCheck::new(at_home_first()));
    race.pass(seconds(1));
    assert_eq!(race.uris(), [HOME, OUTSIDE, VPN].map(|address| format!("{address}{INFO}")));
    assert_eq!(race.machine.server_url().as_str(), HOME, "the first, until it was found");
    race
}

fn ends_at(mut race: Race<SessionCheck>, address: &str) -> CheckedSession {
    let step = race.go_on();
    assert!(matches!(step, Ok(Step::Pending)), "{step:?}");
    assert_eq!(race.machine.server_url().as_str(), address);
    race.happens(&format!("{address}{ME}"), &Ok(me()));
    match race.go_on() {
        Ok(Step::Done(checked)) => {
            let SessionState::Valid(session) = &checked.state else { panic!("{checked:?}") };
            assert_eq!(session.server().as_str(), address);
            assert_eq!(session.addresses(), at_home_first().addresses());
            checked
        }
        other => panic!("{other:?}"),
    }
}

fn tried(checked: &CheckedSession) -> Vec<(&str, &Error)> {
    checked.tried.iter().map(|attempt| (attempt.url.as_str(), &attempt.error)).collect()
}

#[test]
fn they_are_asked_one_after_the_other_and_the_preferred_one_is_taken_at_once() {
    let mut race = Race::of(SessionCheck::new(at_home_first()));
    race.pass(Duration::from_millis(249));
    assert_eq!(race.uris(), [format!("{HOME}{INFO}")]);
    race.identifies(HOME, &Ok(info()));
    let checked = ends_at(race, HOME);
    assert!(checked.tried.is_empty(), "no other was needed");
}

#[test]
fn a_worse_one_waits_for_the_better_ones_for_a_second_and_a_half() {
    let mut race = all_asked();
    race.identifies(VPN, &Ok(info()));
    race.pass(seconds(1));
    race.identifies(OUTSIDE, &Ok(info()));
    race.pass(Duration::from_millis(500));
    let checked = ends_at(race, OUTSIDE);
    let timeout = Error::from(Failure::Timeout);
    assert_eq!(tried(&checked), [(HOME, &timeout)]);
}

#[test]
fn it_is_taken_as_soon_as_every_better_one_is_another_server_or_none() {
    let mut race = all_asked();
    race.identifies(OUTSIDE, &Ok(info()));
    race.pass(Duration::from_millis(100));
    // Somebody else's network, where another server has this address.
    race.identifies(HOME, &Ok(other_info()));
    let checked = ends_at(race, OUTSIDE);
    let tried = tried(&checked);
    assert!(matches!(tried[..], [(HOME, Error::DifferentServer { .. })]), "{tried:?}");
}

#[test]
fn one_that_cant_be_reached_is_tried_again_until_another_is_found() {
    let mut race = all_asked();
    race.identifies(HOME, &Err(Failure::Unreachable));
    let Ok(Step::Wait(wait)) = race.go_on() else { panic!("it is asked again") };
    assert_eq!(wait.delay(), seconds(1));
    assert_eq!(wait.reason(), WaitReason::NoAnswer(Failure::Unreachable));
    race.pass(seconds(1));
    race.identifies(OUTSIDE, &Ok(info()));
    race.pass(Duration::from_millis(1500));
    let checked = ends_at(race, OUTSIDE);
    let unreachable = Error::from(Failure::Unreachable);
    assert_eq!(tried(&checked), [(HOME, &unreachable)]);
}

#[test]
fn when_none_is_the_server_each_says_why_and_the_token_goes_nowhere() {
    let mut policy = Policy::default();
    (policy.retries, policy.patience) = (0, Duration::ZERO);
    let mut race = Race::of(SessionCheck::new(at_home_first()).with_policy(policy));
    race.pass(seconds(1));
    race.identifies(HOME, &Err(Failure::Unreachable));
    race.identifies(OUTSIDE, &Ok(answer::unmarked(404)));
    race.identifies(VPN, &Ok(other_info()));
    match race.go_on() {
        Err(Error::NoServer { tried, .. }) => {
            let urls: Vec<_> = tried.iter().map(|attempt| attempt.url.as_str()).collect();
            assert_eq!(urls, [VPN, HOME, OUTSIDE], "the most telling first");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_address_that_leads_on_is_replaced_by_where_it_led() {
    for (there, others, addresses) in [
        ("https://nas.example:8920", &[VPN][..], &["https://nas.example:8920", OUTSIDE, VPN][..]),
        // It was one of them already.
        (OUTSIDE, &[VPN], &[OUTSIDE, VPN]),
        (OUTSIDE, &[], &[OUTSIDE]),
    ] {
        let mut session = session();
        session.add_address(url("http://nas.example:8096"));
        for other in others {
            session.add_address(url(other));
        }
        session.prefer_address(&url("http://nas.example:8096"));
        let mut race = Race::of(SessionCheck::new(session));
        race.pass(Duration::from_millis(100));
        race.identifies("http://nas.example:8096", &Ok(redirect(301, &format!("{there}{INFO}"))));
        race.pass(Duration::from_millis(100));
        race.identifies(there, &Ok(info()));
        let step = race.go_on();
        assert!(matches!(step, Ok(Step::Pending)), "{step:?}");
        race.happens(&format!("{there}{ME}"), &Ok(me()));
        let Ok(Step::Done(checked)) = race.go_on() else { panic!("it works") };
        let SessionState::Valid(session) = checked.state else { panic!("it works") };
        assert_eq!(session.addresses(), addresses.iter().map(|one| url(one)).collect::<Vec<_>>());
        assert_eq!(Session::try_from(session.to_record()).as_ref(), Ok(&*session));
    }
}

#[test]
fn signing_out_finds_the_server_in_the_same_way() {
    let mut race = Race::of(SignOut::new(at_home_first()));
    race.pass(seconds(1));
    race.identifies(HOME, &Ok(other_info()));
    race.identifies(OUTSIDE, &Ok(info()));
    let step = race.go_on();
    assert!(matches!(step, Ok(Step::Pending)), "{step:?}");
    race.happens(&format!("{OUTSIDE}/Sessions/Logout"), &Ok(answer::marked(204)));
    assert!(matches!(race.go_on(), Ok(Step::Done(()))));
}

#[test]
fn cancelling_ends_the_search_and_late_answers_change_nothing() {
    let mut race = all_asked();
    race.machine.cancel();
    assert!(matches!(race.go_on(), Err(Error::Cancelled)));
    let (_, late) = race.under_way.pop().expect("it was asked");
    assert!(!race.machine.handle(late, Ok(&info())));
    assert!(!race.machine.check_now());
}

#[test]
fn a_driver_needs_to_send_several_requests_at_once_only_while_there_are_several_addresses() {
    assert!(!SessionCheck::new(session()).is_concurrent());
    assert!(!SignOut::new(session()).is_concurrent());
    let mut race = all_asked();
    assert!(race.machine.is_concurrent());
    race.identifies(HOME, &Ok(info()));
    let step = race.go_on();
    assert!(matches!(step, Ok(Step::Pending)), "{step:?}");
    assert!(!race.machine.is_concurrent(), "the token goes to one of them");

    assert!(Discovery::new("nas", device()).expect("an address").is_concurrent());
    assert!(!Discovery::at(url(OUTSIDE), device()).is_concurrent());
    assert!(!quick_connect_login(SERVER).machine.is_concurrent());
    let mut lent = SessionCheck::new(at_home_first());
    assert!(<&mut SessionCheck as Machine>::is_concurrent(&&mut lent));
}

#[test]
fn next_asks_an_address_again_at_once() {
    let mut race = all_asked();
    race.identifies(HOME, &Err(Failure::Unreachable));
    let Ok(Step::Wait(wait)) = race.go_on() else { panic!("it is asked again") };
    assert_eq!(wait.delay(), seconds(1));
    race.identifies(OUTSIDE, &Err(Failure::Unreachable));
    race.pass(Duration::from_millis(500));
    assert!(race.machine.check_now());
    assert!(matches!(race.go_on(), Ok(Step::Pending)), "nothing is waited for any more");
    assert_eq!(race.uris(), [VPN, HOME, OUTSIDE].map(|address| format!("{address}{INFO}")));
    assert!(!race.machine.check_now());
}
