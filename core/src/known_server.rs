//! What is done with a session's token: its server is looked for at each of its addresses without the
//! token, and only the server that shows the session's id gets it.

use std::sync::Arc;

use crate::{
    Attempt, Error, Failure, HttpResponse, Policy, ServerUrl, Session, Step, Ticket, Timestamp,
    engine::Engine,
    flow::{FoundSession, Identity, Located, Probe, Purpose, Target, TokenUse},
    search::{Order, Outcome, Search},
};

#[derive(Debug)]
pub(crate) struct KnownServer<P: Purpose> {
    session: Session,
    policy: Arc<Policy>,
    phase: Phase<P>,
}

#[derive(Debug)]
enum Phase<P: Purpose> {
    Searching { search: Search<Identity>, purpose: P },
    UsingToken(Box<Engine<TokenUse<P>>>),
    Failed(Error),
}

impl<P: Purpose + Clone> KnownServer<P> {
    pub(crate) fn new(session: Session, purpose: P) -> Self {
        let engines = session.addresses().iter().map(|address| {
            let server_id = session.server_id().map(Into::into);
            let target = Target::new(address.clone(), session.device().clone());
            Engine::new(Identity { server_id }, target, Probe::default()).for_known_server()
        });
        let mut search = Search::new(engines, Order::AsGiven);
        search.set_gateway_headers(session.gateway_headers());
        Self { session, policy: Arc::default(), phase: Phase::Searching { search, purpose } }
    }

    /// Where the server was found, or is looked for first.
    pub(crate) fn server_url(&self) -> &ServerUrl {
        match &self.phase {
            Phase::UsingToken(engine) => &engine.target().server,
            Phase::Searching { search, .. } => {
                search.first().map_or(self.session.server(), |first| &first.target().server)
            }
            Phase::Failed(_) => self.session.server(),
        }
    }

    pub(crate) fn set_policy(&mut self, policy: Arc<Policy>) {
        let is_taken = match &mut self.phase {
            Phase::Searching { search, .. } => search.set_policy(&policy),
            Phase::UsingToken(_) | Phase::Failed(_) => false,
        };
        if is_taken {
            self.policy = policy;
        }
    }

    pub(crate) fn is_concurrent(&self) -> bool {
        matches!(&self.phase, Phase::Searching { search, .. } if search.is_concurrent())
    }

    pub(crate) fn handle(
        &mut self,
        ticket: Ticket,
        result: Result<&dyn HttpResponse, Failure>,
    ) -> bool {
        match &mut self.phase {
            Phase::Searching { search, .. } => search.handle(ticket, result),
            Phase::UsingToken(engine) => engine.handle(ticket, result),
            Phase::Failed(_) => false,
        }
    }

    pub(crate) fn check_now(&mut self) -> bool {
        match &mut self.phase {
            Phase::Searching { search, .. } => search.check_now(),
            Phase::UsingToken(engine) => engine.check_now(),
            Phase::Failed(_) => false,
        }
    }

    pub(crate) fn cancel(&mut self) {
        match &mut self.phase {
            Phase::Searching { .. } => self.phase = Phase::Failed(Error::Cancelled),
            Phase::UsingToken(engine) => engine.cancel(),
            Phase::Failed(_) => {}
        }
    }

    pub(crate) fn poll(&mut self, now: Timestamp) -> Result<Step<P::Output>, Error> {
        loop {
            match &mut self.phase {
                Phase::Searching { search, purpose } => {
                    if let Some(request) = search.poll(now) {
                        return Ok(Step::Send(request));
                    }
                    if !search.is_over() {
                        return Ok(search.wait().map_or(Step::Pending, Step::Wait));
                    }
                    let (outcomes, purpose) = (search.take_outcomes(), purpose.clone());
                    self.phase = self.use_token(outcomes, purpose);
                }
                Phase::UsingToken(engine) => return engine.poll(now),
                Phase::Failed(error) => return Err(error.clone()),
            }
        }
    }

    /// Goes on at the best address where the server was found.
    fn use_token(&self, mut outcomes: Vec<Outcome<Identity>>, purpose: P) -> Phase<P> {
        outcomes.sort_by_key(|outcome| outcome.rank.is_none());
        let mut outcomes = outcomes.into_iter();
        let best = outcomes.next();
        let tried: Vec<Attempt> = outcomes.filter_map(|one| one.into_attempt().err()).collect();
        match best.map(Outcome::into_attempt) {
            Some(Ok((candidate, Located { url, info }))) => {
                let session = self.session.clone().found_at(&candidate.url, url);
                let session = session.with_server_info(&info);
                let target = candidate.engine.target().clone();
                let flow = TokenUse { found: FoundSession { session, tried }, purpose };
                let mut engine = Engine::new(flow, target, ()).for_known_server();
                engine.set_policy(Arc::clone(&self.policy));
                Phase::UsingToken(Box::new(engine))
            }
            Some(Err(only)) if tried.is_empty() => Phase::Failed(only.error),
            Some(Err(first)) => {
                let tried = [first].into_iter().chain(tried).collect();
                Phase::Failed(Error::no_server(tried))
            }
            None => Phase::Failed(Error::no_server(tried)),
        }
    }
}
