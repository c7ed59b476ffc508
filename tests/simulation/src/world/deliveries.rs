use std::time::Duration;

use http::Request;
use jellyfin_auth::{Failure, RequestName};

use super::World;
use crate::{
    agenda::{Event, Journey, Outcome, Source},
    front::busy,
    recorder::{Check, check},
    reply::request_name,
};

impl World {
    /// The server gets a request, and acts.
    pub(super) fn deliver(&mut self, exchange: u32, request: &Request<Vec<u8>>, journey: Journey) {
        let mut response = self.servers.handle(self.now, request);
        let is_initiate =
            request_name(request.uri().path()) == Some(RequestName::InitiateQuickConnect);
        if is_initiate && matches!(journey, Journey::Arrives { .. }) {
            self.facts.code_drawn = self.now;
        }
        self.recorder.learn(response.body());
        self.note(|world| format!("server {} acts: {}", world.servers.number(), response.status()));
        let source = Source::Server(self.servers.number());
        let (outcome, after) = match journey {
            Journey::Arrives { after } => (Outcome::Response { response, source }, after),
            Journey::ArrivesGarbled { after } => {
                let half = response.body().len() / 2;
                response.body_mut().truncate(half);
                (Outcome::Response { response, source }, after)
            }
            Journey::Fails { failure, after } => (Outcome::None(failure), after),
            Journey::Replaced { status, after } => {
                let response = busy(status, None);
                (Outcome::Response { response, source: Source::Front }, after)
            }
            Journey::Ignored => return,
        };
        self.agenda.plan(self.now + after, Event::Report { exchange, outcome });
    }

    /// The driver reports what came of a request, or loses its ticket.
    pub(super) fn report(&mut self, exchange: u32, outcome: Option<Outcome>) -> Check {
        let Some(index) = self.in_flight.iter().position(|flight| flight.exchange == exchange)
        else {
            return Ok(());
        };
        let flight = self.in_flight.swap_remove(index);
        self.agenda.forget(exchange);
        let elapsed: Duration = self.clock.elapsed_by(self.now);
        let dropped = outcome.is_none();
        let outcome = outcome.unwrap_or(Outcome::None(Failure::Interrupted));
        let client = self.client.as_mut().expect("a request is under way");
        if !dropped && !client.handle(flight.ticket, &outcome) {
            // Of several addresses one was taken, and what the others say is late.
            return check(self.plan.goal.is_search(), || {
                "it doesn't take the answer to its own request".to_owned()
            });
        }
        self.oracle.take_reply(flight.request, &outcome);
        self.facts.take_reply(flight.request, &outcome, self.oracle.sets_marker());
        self.recorder.take_reply(flight.request, &outcome, elapsed);
        self.recorder.check_shown(client)
    }
}
