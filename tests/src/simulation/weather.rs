use std::{rc::Rc, time::Duration};

use http::{Request, Response};
use jellyfin_auth::Failure;

use super::{
    agenda::{Agenda, Event, Journey, Outcome},
    dice::Dice,
    facts::Facts,
    incident::{Portal, Reach},
    plan::Trouble,
};
use crate::answer::{ResponseExt as _, unsigned};

/// How likely each single request is to fail, and how slow the network is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weather {
    faults: u64,
    slowest: u64,
}

/// What stands between the network and the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Front {
    Nothing,
    /// It answers in the place of a server that is down.
    Proxy,
    /// The client doesn't see the server's signature.
    HidesTheSignature,
}

impl Front {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        dice.weigh(&[(65, Self::Nothing), (25, Self::Proxy), (10, Self::HidesTheSignature)])
    }
}

/// A request on its way, as the network sees it.
pub(super) struct Parcel {
    pub(super) exchange: u32,
    pub(super) request: Rc<Request<Vec<u8>>>,
    pub(super) replayable: bool,
    pub(super) timeout: Duration,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Passes,
    Refused,
    LostBefore(Failure),
    LostAfter(Failure),
    Stalled,
    Twice,
    Busy(u16),
    /// The server acted, and a proxy says that it didn't.
    BusyAfter(u16),
    TicketDropped,
}

impl Weather {
    pub(super) fn draw(dice: &mut Dice, trouble: Trouble) -> Self {
        let faults = match trouble {
            Trouble::Calm => 0,
            Trouble::Some => dice.pick(&[0, 2, 5]),
            Trouble::Much => dice.pick(&[5, 15, 40]),
        };
        Self { faults, slowest: dice.pick(&[50, 400, 3000]) }
    }

    /// Plans what becomes of a request that is sent `now`.
    pub(super) fn carry(
        self,
        parcel: &Parcel,
        now: Duration,
        facts: &Facts,
        front: Front,
        dice: &mut Dice,
        agenda: &mut Agenda,
    ) {
        let Parcel { exchange, timeout, .. } = *parcel;
        let slowest = if facts.healed { 50 } else { self.slowest };
        let (there, back) = (dice.millis(1, slowest), dice.millis(1, slowest));
        let tell = |outcome| Event::Tell { exchange, outcome };
        let deliver =
            |journey| Event::Deliver { exchange, request: Rc::clone(&parcel.request), journey };
        agenda.plan(now + timeout, tell(Outcome::None(Failure::Timeout)));
        if let Some(portal) = facts.portal {
            let answer = page_of(portal, &parcel.request);
            return agenda.plan(now + there, tell(Outcome::FromFront(answer)));
        }
        if facts.reach == Reach::Refused {
            let outcome = match front {
                Front::Proxy => Outcome::FromFront(busy(502, None)),
                _ => Outcome::None(Failure::Unreachable),
            };
            return agenda.plan(now + there, tell(outcome));
        }
        let fate = if !facts.healed && dice.chance(self.faults) {
            fate(dice, parcel.replayable)
        } else {
            Fate::Passes
        };
        let arrives = Journey::Arrives { after: back };
        match fate {
            Fate::Passes => agenda.plan(now + there, deliver(arrives)),
            Fate::Refused => agenda.plan(now + there, tell(Outcome::None(Failure::Unreachable))),
            // The time-out tells.
            Fate::LostBefore(Failure::Timeout) => {}
            Fate::LostBefore(failure) => agenda.plan(now + there, tell(Outcome::None(failure))),
            Fate::LostAfter(failure) => {
                agenda.plan(now + there, deliver(Journey::Fails { failure, after: back }));
            }
            Fate::Stalled => {
                let late = timeout.mul_f64(1.5) + there;
                agenda.plan(now + late, deliver(Journey::Ignored));
            }
            Fate::Twice => {
                agenda.plan(now + there, deliver(arrives));
                agenda.plan(now + there + dice.seconds(0, 20), deliver(Journey::Ignored));
            }
            Fate::Busy(status) => {
                let answer = busy(status, retry_after(dice));
                agenda.plan(now + there, tell(Outcome::FromFront(answer)));
            }
            Fate::BusyAfter(status) => {
                agenda.plan(now + there, deliver(Journey::Replaced { status, after: back }));
            }
            Fate::TicketDropped => agenda.plan(now + there, Event::Drop { exchange }),
        }
    }
}

fn fate(dice: &mut Dice, replayable: bool) -> Fate {
    let failure = dice.weigh(&[
        (8, Failure::Interrupted),
        (4, Failure::Timeout),
        (2, Failure::Other),
        (1, Failure::Tls),
        (1, Failure::TooLarge),
        (1, Failure::Proxy),
        (1, Failure::Redirected),
    ]);
    let status = dice.pick(&[429, 502, 503, 504]);
    dice.weigh(&[
        (5, Fate::Refused),
        (6, Fate::LostBefore(failure)),
        (6, Fate::LostAfter(failure)),
        (2, Fate::Stalled),
        // Nothing that repeats requests on its own repeats a POST with a password.
        (2, if replayable { Fate::Twice } else { Fate::Refused }),
        (4, Fate::Busy(status)),
        (2, Fate::BusyAfter(if status == 502 { 502 } else { 504 })),
        (1, Fate::TicketDropped),
    ])
}

fn retry_after(dice: &mut Dice) -> Option<&'static str> {
    dice.pick(&[None, None, Some("1"), Some("7"), Some("30"), Some("100000"), Some("soon")])
}

/// What a proxy says when the server doesn't answer.
pub(super) fn busy(status: u16, retry_after: Option<&str>) -> Response<Vec<u8>> {
    let answer = unsigned(status).with_html("<html><body>Bad day</body></html>");
    match retry_after {
        Some(time) => answer.with_header("retry-after", time),
        None => answer,
    }
}

fn page_of(portal: Portal, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    const PAGE: &str = "<html><body><form>Log in to this network</form></body></html>";
    match portal {
        Portal::Page => unsigned(200).with_html(PAGE),
        Portal::Redirect => {
            unsigned(302).with_header("location", "http://portal.example/login?then=nas")
        }
        Portal::RedirectHere => {
            let path = request.uri().path();
            unsigned(302).with_header("location", &format!("/login?then={path}"))
        }
        Portal::Challenge => {
            unsigned(401).with_html(PAGE).with_header("www-authenticate", "Basic realm=\"home\"")
        }
        Portal::NotFound => unsigned(404).with_body(b"404 page not found\n"),
        Portal::Forbidden => unsigned(403).with_html(PAGE),
        Portal::EmptyOk => unsigned(200),
    }
}
