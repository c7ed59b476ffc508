use std::{fmt, rc::Rc, time::Duration};

use http::{Request, Response};
use jellyfin_auth::Failure;

use super::{incident::Incident, person::Act};

/// Something that will happen.
pub(super) enum Event {
    /// The server gets a request.
    Deliver {
        exchange: u32,
        request: Rc<Request<Vec<u8>>>,
        journey: Journey,
    },
    /// The driver reports what came of a request.
    Report {
        exchange: u32,
        outcome: Outcome,
    },
    /// The driver loses the ticket of a request.
    Drop {
        exchange: u32,
    },
    Befall(Incident),
    Person(Act),
    PressNext,
    /// The program ends, to be started again later.
    Stop {
        pause: Duration,
    },
    Start,
    Cancel,
    /// The program's computer sleeps, and its clock goes on or stands still.
    Sleep {
        time: Duration,
        clock_stands_still: bool,
    },
    SetClockBack(Duration),
    SetClockForward(Duration),
    /// Nothing goes wrong any more.
    Heal,
}

/// What becomes of the server's response.
#[derive(Clone, Copy, Debug)]
pub(super) enum Journey {
    Arrives {
        after: Duration,
    },
    /// Its body is damaged on the way.
    ArrivesGarbled {
        after: Duration,
    },
    Fails {
        failure: Failure,
        after: Duration,
    },
    /// Something in front of the server answers although the server acted.
    Replaced {
        status: u16,
        after: Duration,
    },
    /// Nobody waits for it.
    Ignored,
}

/// What the driver reports.
pub(super) enum Outcome {
    Response { response: Response<Vec<u8>>, source: Source },
    None(Failure),
}

/// Who answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The server with this number: see [`Servers`](super::servers::Servers).
    Server(usize),
    /// Something in front of it.
    Front,
}

impl Event {
    /// Whether it is the program that does it: not while its computer sleeps.
    pub(super) fn is_of_program(&self) -> bool {
        matches!(
            self,
            Self::Report { .. }
                | Self::Drop { .. }
                | Self::PressNext
                | Self::Stop { .. }
                | Self::Start
                | Self::Cancel
        )
    }
}

/// As a line of a trace.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deliver { exchange, journey, .. } => {
                write!(f, "request {exchange} arrives; the response: {journey:?}")
            }
            Self::Report { exchange, outcome } => write!(f, "request {exchange}: {outcome}"),
            Self::Drop { exchange } => write!(f, "request {exchange}: the ticket is dropped"),
            Self::Befall(incident) => write!(f, "{incident:?}"),
            Self::Person(act) => write!(f, "the user: {act:?}"),
            Self::PressNext => f.write_str("the user presses \"next\""),
            Self::Stop { pause } => write!(f, "the program stops for {pause:?}"),
            Self::Start => f.write_str("the program starts"),
            Self::Cancel => f.write_str("the program cancels"),
            Self::Sleep { time, clock_stands_still: true } => {
                write!(f, "the computer sleeps for {time:?}, and so does its clock")
            }
            Self::Sleep { time, .. } => write!(f, "the computer sleeps for {time:?}"),
            Self::SetClockBack(time) => write!(f, "the computer's clock goes back by {time:?}"),
            Self::SetClockForward(time) => {
                write!(f, "the computer's clock goes forward by {time:?}")
            }
            Self::Heal => f.write_str("nothing goes wrong any more"),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None(failure) => write!(f, "{failure}"),
            Self::Response { response, source } => {
                let body = String::from_utf8_lossy(response.body());
                let (status, start) = (response.status(), body.chars().take(100));
                write!(f, "{source:?} answers {status} {:?}", start.collect::<String>())
            }
        }
    }
}

/// All that will happen, in its order; at the same moment what was planned first comes first.
#[derive(Default)]
pub(super) struct Agenda {
    planned: u32,
    events: Vec<(Duration, u32, Event)>,
}

impl Agenda {
    pub(super) fn plan(&mut self, at: Duration, event: Event) {
        self.planned += 1;
        self.events.push((at, self.planned, event));
    }

    pub(super) fn next_at(&self) -> Option<Duration> {
        self.events.iter().map(|(at, ..)| *at).min()
    }

    /// Takes the next event that is due by `now`.
    pub(super) fn take_due(&mut self, now: Duration) -> Option<Event> {
        let due = self.events.iter().enumerate().filter(|(_, (at, ..))| *at <= now);
        let (index, _) = due.min_by_key(|(_, (at, number, _))| (*at, *number))?;
        Some(self.events.swap_remove(index).2)
    }

    /// Forgets what was to be reported of an exchange that is over.
    pub(super) fn forget(&mut self, over: u32) {
        self.events.retain(|(_, _, event)| {
            !matches!(event, Event::Report { exchange, .. } | Event::Drop { exchange } if *exchange == over)
        });
    }

    /// The program stopped: what is on its way to the server still arrives, nothing is reported.
    pub(super) fn abandon(&mut self) {
        self.events
            .retain(|(_, _, event)| !matches!(event, Event::Report { .. } | Event::Drop { .. }));
    }
}
