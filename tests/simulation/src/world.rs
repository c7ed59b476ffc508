//! The world: it lets time pass, and everything in it happen.

mod deliveries;
mod program;
mod setting;
mod user;

use std::{collections::BTreeMap, rc::Rc, time::Duration};

use jellyfin_auth::{Device, Error, RequestName, Session, Step, Ticket};

use super::{
    agenda::{Agenda, Event},
    client::{Client, Output},
    facts::{Code, Facts},
    incident::heal,
    judge::judge,
    network::{Parcel, carry},
    oracle::Oracle,
    plan::Plan,
    program_clock::ProgramClock,
    recorder::{Check, Recorder, Violation, check},
    reply::request_name,
    servers::Servers,
    tally::{End, name_of},
};
use program::KeptLogin;

/// More happens in no world that ends.
const MOST_EVENTS: u32 = 60_000;

pub(super) struct World {
    pub(super) plan: Plan,
    pub(super) servers: Servers,
    pub(super) facts: Facts,
    pub(super) clock: ProgramClock,
    recorder: Recorder,
    pub(super) oracle: Oracle,
    agenda: Agenda,
    client: Option<Client>,
    /// What was kept when the program stopped.
    kept: Option<KeptLogin>,
    /// What the program has kept from before, where its goal needs that.
    session: Option<Session>,
    /// What another device shows.
    other_code: String,
    now: Duration,
    asleep_until: Duration,
    device: Device,
    in_flight: Vec<InFlight>,
    exchanges: u32,
    events: u32,
    waits: BTreeMap<String, u64>,
    code_shown: String,
    trace: Option<Vec<String>>,
}

struct InFlight {
    exchange: u32,
    request: RequestName,
    ticket: Ticket,
}

/// When to look at the machine again.
enum Next {
    At(Option<Duration>),
    Again,
    Ended(Result<Output, Error>),
}

impl World {
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
        self.plan_ahead();
        self.start();
        while self.events < MOST_EVENTS {
            let asleep = self.now < self.asleep_until;
            if let Some(event) = self.agenda.take_due(self.now) {
                if asleep && event.is_of_program() {
                    self.agenda.plan(self.asleep_until, event);
                    continue;
                }
                self.events += 1;
                self.note(|_| event.to_string());
                self.happen(event)?;
                continue;
            }
            let until = match if asleep { Next::At(Some(self.asleep_until)) } else { self.step()? }
            {
                Next::At(until) => until,
                Next::Again => continue,
                Next::Ended(end) => return self.end(end),
            };
            self.now = match (until, self.agenda.next_at()) {
                (Some(until), Some(next)) => until.min(next),
                (Some(at), None) | (None, Some(at)) => at,
                (None, None) => return Err("the world stands still".to_owned()),
            };
        }
        Err("it never ends".to_owned())
    }

    /// Asks the machine what is next.
    fn step(&mut self) -> Result<Next, String> {
        let Some(client) = &mut self.client else { return Ok(Next::At(None)) };
        let now = self.clock.poll(self.now);
        let expectation = self.oracle.expects(self.clock.elapsed());
        let step = client.poll(now);
        let expectation =
            expectation.filter(|_| !self.facts.cancelled && !self.plan.goal.is_search());
        if let Some(expectation) = expectation {
            check(expectation.is_met(&step), || {
                format!("{expectation:?} was to come, not {step:?}; last {:?}", self.facts.last)
            })?;
        }
        self.watch_code();
        match step {
            Ok(Step::Send(request)) => {
                self.send(request)?;
                Ok(Next::Again)
            }
            Ok(Step::Wait(wait)) => {
                let is_search = self.plan.goal.is_search();
                check(self.in_flight.is_empty() || is_search, || {
                    "it waits while a request is under way".to_owned()
                })?;
                let client = self.client.as_ref().expect("it was just polled");
                self.recorder.waits(&wait, client)?;
                *self.waits.entry(name_of(&wait.reason())).or_default() += 1;
                self.show(wait.code());
                Ok(Next::At(Some(self.now + wait.delay())))
            }
            Ok(Step::Pending) if self.in_flight.is_empty() => {
                Err("it waits for nothing".to_owned())
            }
            Ok(Step::Pending) => Ok(Next::At(None)),
            Ok(Step::Done(output)) => Ok(Next::Ended(Ok(output))),
            Err(error) => Ok(Next::Ended(Err(error))),
        }
    }

    fn end(&mut self, end: Result<Output, Error>) -> Result<End, String> {
        let client = self.client.as_mut().expect("it has just ended");
        let stays = match (client.poll(self.clock.poll(self.now)), &end) {
            (Ok(Step::Done(again)), Ok(output)) => again == *output,
            (Err(again), Err(error)) => again == *error,
            _ => false,
        };
        check(stays, || "the end didn't stay".to_owned())?;
        self.recorder.check_shown(&(&end, &*client, client.to_record()))?;
        judge(self, &end)?;
        let name = match &end {
            Ok(output) => output.name().to_owned(),
            Err(error) => name_of(error),
        };
        Ok(End {
            error: end.err(),
            name,
            requests: self.exchanges,
            events: self.events,
            waits: std::mem::take(&mut self.waits),
        })
    }

    pub(super) fn now(&self) -> Duration {
        self.now
    }

    /// The token that the program has kept.
    pub(super) fn token(&self) -> &str {
        self.session.as_ref().map_or("", |session| session.access_token().expose())
    }

    pub(super) fn other_code(&self) -> &str {
        &self.other_code
    }

    fn send(&mut self, request: jellyfin_auth::Request) -> Check {
        let is_search = self.plan.goal.is_search();
        check(self.in_flight.is_empty() || is_search, || "two requests at once".to_owned())?;
        self.recorder.check_shown(&request)?;
        let (request, ticket, limits) = request.into_parts();
        let name = request_name(request.uri().path()).ok_or("an unknown request")?;
        let client = self.client.as_ref().expect("it has just asked");
        let elapsed = self.clock.elapsed();
        self.recorder.sends((name, &request), client, &self.plan.policy, elapsed)?;
        self.oracle.sends(&request, elapsed);
        self.facts.approved_meanwhile = false;
        self.note(|_| format!("{} {}", request.method(), request.uri()));
        self.exchanges += 1;
        self.events += 1;
        let exchange = self.exchanges;
        self.in_flight.push(InFlight { exchange, request: name, ticket });
        let parcel = Parcel { exchange, request: Rc::new(request), limits };
        let Self { plan, facts, servers, agenda, .. } = self;
        carry(&parcel, self.now, plan, facts, servers, agenda);
        Ok(())
    }

    fn happen(&mut self, event: Event) -> Check {
        match event {
            Event::Deliver { exchange, request, journey } => {
                self.deliver(exchange, &request, journey);
            }
            Event::Report { exchange, outcome } => self.report(exchange, Some(outcome))?,
            Event::Drop { exchange } => self.report(exchange, None)?,
            Event::Befall(incident) => {
                if !self.facts.healed {
                    let Self { servers, facts, agenda, .. } = self;
                    incident.befall(self.now, servers, facts, agenda);
                }
            }
            Event::Person(act) => self.act(act),
            Event::PressNext => {
                if self.client.as_mut().is_some_and(Client::check_now) {
                    self.recorder.next_was_pressed();
                }
            }
            Event::Stop { pause } => self.stop(pause),
            Event::Start => self.start(),
            Event::Cancel => {
                if let Some(client) = &mut self.client {
                    client.cancel();
                    self.facts.cancelled = true;
                    self.in_flight.clear();
                    self.agenda.abandon();
                }
            }
            Event::Sleep { time, clock_stands_still } => {
                self.asleep_until = self.now + time;
                if clock_stands_still { self.clock.lose(time) } else { self.clock.skip(time) }
            }
            Event::SetClockBack(time) => self.clock.lose(time),
            Event::SetClockForward(time) => self.clock.gain(time),
            Event::Heal => heal(&mut self.servers, &mut self.facts),
        }
        Ok(())
    }

    /// Notices a new code.
    fn watch_code(&mut self) {
        let code = self.client.as_ref().and_then(Client::code);
        if let Some(code) = code.filter(|code| !self.facts.holds(code)) {
            let (text, drawn) = (code.to_owned(), self.facts.code_drawn);
            self.facts.code = Some(Code { text, drawn });
        }
    }

    fn note(&mut self, line: impl FnOnce(&Self) -> String) {
        if let Some(mut trace) = self.trace.take() {
            trace.push(format!("{:>10.3} s  {}", self.now.as_secs_f64(), line(self)));
            self.trace = Some(trace);
        }
    }
}
