//! The way of a request to the server, and of its response back.

use std::{rc::Rc, time::Duration};

use http::Request;
use jellyfin_auth::{Failure, Limits};

use super::{
    agenda::{Agenda, Event, Journey, Outcome, Source},
    dice::Dice,
    facts::Facts,
    faults::Fate,
    front::{Front, PROXIED, busy, home_page},
    incident::Reach,
    neighbourhood::Encounter,
    plan::Plan,
    servers::Servers,
};
use jellyfin_auth_testkit::answer::{ResponseExt as _, marked, unmarked};

/// A request on its way.
pub(super) struct Parcel {
    pub(super) exchange: u32,
    pub(super) request: Rc<Request<Vec<u8>>>,
    pub(super) limits: Limits,
}

/// Plans what becomes of a request that is sent `now`.
pub(super) fn carry(
    parcel: &Parcel,
    now: Duration,
    plan: &mut Plan,
    facts: &Facts,
    servers: &Servers,
    agenda: &mut Agenda,
) {
    let Parcel { exchange, limits, .. } = *parcel;
    let request = &parcel.request;
    let slowest = if facts.healed { 50 } else { plan.faults.slowest };
    let (there, back) = (plan.dice.millis(1, slowest), plan.dice.millis(1, slowest));
    agenda.plan(now + limits.timeout, report(exchange, Outcome::None(Failure::Timeout)));
    match met_on_the_way(request, plan, facts) {
        Met::Nothing => {}
        Met::Silence => return,
        Met::Outcome(outcome) => return agenda.plan(now + there, report(exchange, outcome)),
    }
    let mut deliver = |at, journey| {
        agenda.plan(at, Event::Deliver { exchange, request: Rc::clone(request), journey });
    };
    let fate = if facts.healed {
        Fate::Passes
    } else {
        plan.faults.fate(&mut plan.dice, limits.replayable)
    };
    let arrives = now + there;
    let back = back + time_to_check(request, plan);
    let event = match fate {
        Fate::Passes => return deliver(arrives, Journey::Arrives { after: back }),
        Fate::Garbled => return deliver(arrives, Journey::ArrivesGarbled { after: back }),
        Fate::LostAfter(failure) => {
            return deliver(arrives, Journey::Fails { failure, after: back });
        }
        Fate::FrontAfter(status) => {
            return deliver(arrives, Journey::Replaced { status, after: back });
        }
        Fate::Stalled => {
            return deliver(now + limits.timeout.mul_f64(1.5) + there, Journey::Ignored);
        }
        Fate::Twice => {
            deliver(arrives, Journey::Arrives { after: back });
            return deliver(arrives + plan.dice.seconds(0, 20), Journey::Ignored);
        }
        // The time-out reports it.
        Fate::LostBefore(Failure::Timeout) => return,
        Fate::LostBefore(failure) | Fate::Refused(failure) => {
            report(exchange, Outcome::None(failure))
        }
        Fate::Front(status) => {
            let response = busy(status, retry_after(status, &mut plan.dice));
            report(exchange, Outcome::Response { response, source: Source::Front })
        }
        Fate::BeforeJellyfin(status) => by_server(exchange, unmarked(status), servers),
        Fate::Fault(status) => {
            let response = marked(status).with_body(b"Error processing request.");
            by_server(exchange, servers.seen_from_outside(request, response), servers)
        }
        Fate::TicketDropped => Event::Drop { exchange },
    };
    agenda.plan(arrives, event);
}

/// What a request meets on its way to the server.
enum Met {
    Nothing,
    /// What answers in the server's place.
    Outcome(Outcome),
    /// Nothing ever comes.
    Silence,
}

fn met_on_the_way(request: &Request<Vec<u8>>, plan: &Plan, facts: &Facts) -> Met {
    let by_front = |response| Met::Outcome(Outcome::Response { response, source: Source::Front });
    if let Some(portal) = facts.portal {
        return by_front(portal.answer(request));
    }
    if plan.goal.is_search() {
        match plan.neighbourhood.meets(request) {
            Encounter::Jellyfin => {}
            Encounter::Answer(response) => return by_front(response),
            Encounter::None(failure) => return Met::Outcome(Outcome::None(failure)),
            Encounter::Silence => return Met::Silence,
        }
    }
    if plan.front == Front::HomePage && !request.uri().path().starts_with(PROXIED) {
        return by_front(home_page());
    }
    match (facts.reach, plan.front) {
        (Reach::Up, _) => Met::Nothing,
        (Reach::Refused, Front::Proxy) => by_front(busy(502, None)),
        (Reach::Refused, _) => Met::Outcome(Outcome::None(Failure::Unreachable)),
    }
}

/// A server may ask elsewhere whether a password is right.
fn time_to_check(request: &Request<Vec<u8>>, plan: &Plan) -> Duration {
    let is_password = request.uri().path().ends_with("/AuthenticateByName");
    if is_password { plan.password_check } else { Duration::ZERO }
}

fn report(exchange: u32, outcome: Outcome) -> Event {
    Event::Report { exchange, outcome }
}

fn by_server(exchange: u32, response: http::Response<Vec<u8>>, servers: &Servers) -> Event {
    let source = Source::Server(servers.number());
    report(exchange, Outcome::Response { response, source })
}

fn retry_after(status: u16, dice: &mut Dice) -> Option<&'static str> {
    let time =
        dice.pick(&[None, None, Some("1"), Some("7"), Some("30"), Some("100000"), Some("soon")]);
    time.filter(|_| matches!(status, 429 | 503))
}
