//! The world: it lets time pass, and everything in it happen.

mod program;
mod user;

use std::{rc::Rc, time::Duration};

use http::Request;
use jellyfin_auth::{
    Device, DeviceId, Error, Failure, Login, Renewals, Saved, Session, Step, Ticket, Timestamp,
};

use super::{
    agenda::{Agenda, Event, Journey, Outcome},
    cause,
    facts::{Asked, Code, Facts},
    incident::heal,
    plan::{Account, Move, Plan},
    tally::End,
    weather::{Front, Parcel, busy},
    witness::{Check, PASSWORD, Violation, Witness, check_wait},
};
use crate::fake_server::FakeServer;

/// More happens in no sign-in that ends.
const MOST_EVENTS: u32 = 60_000;

pub(super) struct World {
    pub(super) plan: Plan,
    pub(super) server: FakeServer,
    pub(super) facts: Facts,
    witness: Witness,
    agenda: Agenda,
    login: Option<Login>,
    /// What was kept when the program stopped.
    saved: Option<Saved>,
    now: Duration,
    device: Device,
    in_flight: Option<InFlight>,
    exchanges: u32,
    events: u32,
    code_shown: String,
    trace: Option<Vec<String>>,
}

struct InFlight {
    exchange: u32,
    stage: Asked,
    ticket: Ticket,
}

impl World {
    pub(super) fn new(plan: Plan, traced: bool) -> Self {
        let mut server = FakeServer::with_seed(plan.version, plan.seed);
        server.add_user("alice", PASSWORD);
        server.add_user("mallory", "pw");
        match plan.account {
            Account::Good => {}
            Account::WrongPassword => "another".clone_into(&mut server.user_mut("alice").password),
            Account::Disabled => server.user_mut("alice").is_disabled = true,
            Account::ServerNotSetUp => server.settings_mut().wizard_completed = false,
        }
        let id = DeviceId::new("d-1").expect("a device id");
        Self {
            server,
            facts: Facts::default(),
            witness: Witness::new(),
            agenda: Agenda::default(),
            login: None,
            saved: None,
            now: Duration::from_secs(1000),
            device: Device::new("Example", "1.0", "Test", id).expect("a device"),
            in_flight: None,
            exchanges: 0,
            events: 0,
            code_shown: String::new(),
            trace: traced.then(Vec::new),
            plan,
        }
    }

    pub(super) fn run(mut self) -> (Result<End, Violation>, Vec<String>) {
        let seed = self.plan.seed;
        self.note(|world| format!("{:?}", world.plan));
        let result = self.live().map_err(|what| Violation { seed, what });
        match &result {
            Ok(end) => self.note(|_| end.to_string()),
            Err(violation) => self.note(|_| violation.to_string()),
        }
        (result, self.trace.unwrap_or_default())
    }

    fn live(&mut self) -> Result<End, String> {
        let begin = self.now;
        for (at, incident) in std::mem::take(&mut self.plan.incidents) {
            self.agenda.plan(begin + at, Event::Befall(incident));
        }
        for (at, step) in std::mem::take(&mut self.plan.moves) {
            let event = match step {
                Move::PressNext => Event::PressNext,
                Move::Stop { pause } => Event::Stop { pause },
                Move::Cancel => Event::Cancel,
                Move::SetClockBack(lost) => Event::SetClockBack(lost),
            };
            self.agenda.plan(begin + at, event);
        }
        self.agenda.plan(begin + self.plan.heal_at, Event::Heal);
        self.start();
        while self.events < MOST_EVENTS {
            if let Some(event) = self.agenda.take_due(self.now) {
                self.events += 1;
                self.note(|_| event.to_string());
                self.happen(event)?;
                continue;
            }
            let until = match self.step()? {
                Next::At(until) => until,
                Next::Again => continue,
                Next::Ended(end) => return self.judge(end),
            };
            let next = self.agenda.next_at();
            self.now = match (until, next) {
                (Some(until), Some(next)) => until.min(next),
                (Some(at), None) | (None, Some(at)) => at,
                (None, None) => return Err("the world stands still".to_owned()),
            };
        }
        Err("it never ends".to_owned())
    }

    /// What the computer's clock says.
    fn clock(&self) -> Timestamp {
        Timestamp::new(self.now.saturating_sub(self.facts.clock_lost))
    }

    fn step(&mut self) -> Result<Next, String> {
        let now = self.clock();
        let Some(login) = &mut self.login else { return Ok(Next::At(None)) };
        match login.poll(now) {
            Ok(Step::Send(request)) => {
                if self.in_flight.is_some() {
                    return Err("two requests at once".to_owned());
                }
                self.send(request)?;
                Ok(Next::Again)
            }
            Ok(Step::Wait(wait)) => {
                if self.in_flight.is_some() {
                    return Err("it waits while a request is under way".to_owned());
                }
                check_wait(&wait, login)?;
                self.show(wait.code());
                Ok(Next::At(Some(self.now + wait.delay())))
            }
            Ok(Step::Pending) if self.in_flight.is_some() => Ok(Next::At(None)),
            Ok(Step::Pending) => Err("it waits for nothing".to_owned()),
            Ok(Step::Done(session)) => Ok(Next::Ended(Ok(session))),
            Err(error) => Ok(Next::Ended(Err(error))),
        }
    }

    fn judge(&mut self, end: Result<Session, Error>) -> Result<End, String> {
        let login = self.login.as_mut().expect("it has just ended");
        match (login.poll(Timestamp::new(self.now)), &end) {
            (Ok(Step::Done(again)), Ok(session)) if again == *session => {}
            (Err(again), Err(error)) if again == *error => {}
            _ => return Err("the end didn't stay".to_owned()),
        }
        self.witness.looks(&(&end, &*login, login.saved()))?;
        match &end {
            Ok(session) => cause::of_success(self, session)?,
            Err(error) => cause::of_error(self, error)?,
        }
        Ok(End { error: end.err(), requests: self.exchanges, events: self.events })
    }

    pub(super) fn now(&self) -> Duration {
        self.now
    }

    fn send(&mut self, request: jellyfin_auth::Request) -> Check {
        let (timeout, replayable) = (request.timeout(), request.is_replayable());
        self.witness.looks(&request)?;
        let (request, ticket) = request.into_parts();
        let stage = Asked::of(request.uri().path()).ok_or("an unknown request")?;
        let login = self.login.as_ref().expect("it has just asked");
        let interval = self.plan.policy.poll_interval;
        self.witness.sends(&request, stage, login, &self.facts, interval, self.now)?;
        self.note(|_| format!("{} {}", request.method(), request.uri().path()));
        if stage == Asked::Initiate {
            self.facts.initiated = self.now;
            self.facts.renewals += u32::from(self.facts.code.take().is_some());
        }
        self.exchanges += 1;
        self.events += 1;
        let exchange = self.exchanges;
        self.in_flight = Some(InFlight { exchange, stage, ticket });
        let parcel = Parcel { exchange, request: Rc::new(request), replayable, timeout };
        let Plan { weather, front, dice, .. } = &mut self.plan;
        weather.carry(&parcel, self.now, &self.facts, *front, dice, &mut self.agenda);
        Ok(())
    }

    fn happen(&mut self, event: Event) -> Check {
        match event {
            Event::Deliver { exchange, request, journey } => {
                self.deliver(exchange, &request, journey);
            }
            Event::Tell { exchange, outcome } => self.tell(exchange, outcome)?,
            Event::Drop { exchange } => {
                if let Some(flight) = self.in_flight.take_if(|flight| flight.exchange == exchange) {
                    self.agenda.forget(exchange);
                    self.facts.told(flight.stage, &Outcome::None(Failure::Interrupted), self.now);
                    self.witness.told(&self.facts, self.now);
                }
            }
            Event::Befall(incident) => {
                if !self.facts.healed {
                    incident.befall(self.now, &mut self.server, &mut self.facts, &mut self.agenda);
                }
            }
            Event::Person(act) => self.act(act),
            Event::PressNext => {
                if self.login.as_mut().is_some_and(Login::check_now) {
                    self.witness.next_was_pressed();
                }
            }
            Event::Stop { pause } => self.stop(pause),
            Event::Start => self.start(),
            Event::Cancel => {
                if let Some(login) = &mut self.login {
                    login.cancel();
                    self.facts.cancelled = true;
                    self.in_flight = None;
                    self.agenda.abandon();
                }
            }
            Event::SetClockBack(lost) => {
                self.facts.clock_lost += lost;
            }
            Event::Heal => heal(&mut self.server, &mut self.facts),
        }
        Ok(())
    }

    fn deliver(&mut self, exchange: u32, request: &Request<Vec<u8>>, journey: Journey) {
        let mut response = self.server.handle(self.now, request);
        if Asked::of(request.uri().path()) == Some(Asked::Initiate)
            && matches!(journey, Journey::Arrives { .. })
        {
            self.facts.code_created = self.now;
        }
        self.witness.learn(response.body());
        self.note(|_| format!("the server acts: {}", response.status()));
        if self.plan.front == Front::HidesTheSignature {
            response.headers_mut().remove("x-response-time-ms");
        }
        let (outcome, after) = match journey {
            Journey::Arrives { after } => (Outcome::FromServer(response), after),
            Journey::Fails { failure, after } => (Outcome::None(failure), after),
            Journey::Replaced { status, after } => (Outcome::FromFront(busy(status, None)), after),
            Journey::Ignored => return,
        };
        self.agenda.plan(self.now + after, Event::Tell { exchange, outcome });
    }

    fn tell(&mut self, exchange: u32, outcome: Outcome) -> Check {
        let Some(flight) = self.in_flight.take_if(|flight| flight.exchange == exchange) else {
            return Ok(());
        };
        self.agenda.forget(exchange);
        self.facts.told(flight.stage, &outcome, self.now);
        self.witness.told(&self.facts, self.now);
        let login = self.login.as_mut().expect("a request is under way");
        let told = match outcome {
            Outcome::FromServer(response) | Outcome::FromFront(response) => {
                login.handle_response(flight.ticket, response)
            }
            Outcome::None(failure) => login.handle_failure(flight.ticket, failure),
        };
        told.map_err(|stale| stale.to_string())?;
        self.witness.looks(login)?;
        self.watch_code();
        Ok(())
    }

    /// Notices a new code.
    fn watch_code(&mut self) {
        let code = self.login.as_ref().and_then(Login::code);
        if let Some(code) = code.filter(|code| !self.facts.holds(code)) {
            let (text, now) = (code.to_owned(), self.now);
            let Facts { initiated, code_created, .. } = self.facts;
            self.facts.code =
                Some(Code { text, initiated, created: code_created, heard_alive: now });
        }
    }

    pub(super) fn may_renew(&self) -> bool {
        match self.plan.policy.renewals {
            Renewals::Unlimited => true,
            Renewals::Times(most) => self.facts.renewals < most,
            _ => false,
        }
    }

    fn note(&mut self, line: impl FnOnce(&Self) -> String) {
        if let Some(mut trace) = self.trace.take() {
            trace.push(format!("{:>10.3} s  {}", self.now.as_secs_f64(), line(self)));
            self.trace = Some(trace);
        }
    }
}

/// When to look at the login again.
enum Next {
    At(Option<Duration>),
    Again,
    Ended(Result<Session, Error>),
}
