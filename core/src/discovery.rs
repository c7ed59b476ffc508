//! Finding the server that a user means.

use std::{sync::Arc, time::Duration};

use crate::{
    Attempt, Device, Error, Failure, HttpResponse, Machine, Policy, Request, ServerInfo, ServerUrl,
    ServerUrlError, Step, Ticket, Timestamp, Wait, WaitReason,
    engine::{Clock, Engine},
    flow::{Probe, ProbeFlow, Target, how_telling},
};

/// Between the starts of two candidates, unless nothing is under way any more.
const START_DELAY: Duration = Duration::from_millis(250);
/// How long a candidate may take to answer.
const CANDIDATE_TIMEOUT: Duration = Duration::from_secs(4);
/// How long a better candidate is waited for when a worse one was found.
const GRACE: Duration = Duration::from_millis(1500);
/// How long the whole search may take, unless a server is starting.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(10);

/// Finds the server that a user means: a [`Machine`] that ends with a [`Server`].
///
/// Asks all [`candidates`](ServerUrl::candidates), one 250 ms after the other, each for 4 s and all for
/// 10 s; a driver that can do one thing at a time asks them in turn. The first in their order that is
/// a Jellyfin server is taken: a worse one that answers sooner waits until every better one has
/// answered, for 1.5 s at most; a server of another make is taken when there is no other. A redirect to https or to the server's base path is followed. A server
/// that is starting is waited for, for [`patience`](Policy::patience), when no other is found.
///
/// When no candidate is a Jellyfin server, the error is [`Error::NoServer`] with what each of them
/// answered, the most telling one first.
#[derive(Debug)]
pub struct Discovery {
    /// The better ones first.
    candidates: Vec<Candidate>,
    clock: Clock,
    first_found: Option<Duration>,
    end: Option<Result<Server, Error>>,
}

/// A server that was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Server {
    /// Where it is.
    pub url: ServerUrl,
    /// Who it is.
    pub info: ServerInfo,
}

#[derive(Debug)]
struct Candidate {
    url: ServerUrl,
    engine: Engine<ProbeFlow>,
    started: Option<Duration>,
    /// It is starting, and is asked again after this.
    wait: Option<Wait>,
    outcome: Option<Result<Server, Error>>,
}

impl Discovery {
    /// Looks for what the user typed. `device` names the program in the `User-Agent`.
    ///
    /// # Errors
    ///
    /// [`ServerUrlError`] when that can't be an address.
    pub fn new(typed: &str, device: Device) -> Result<Self, ServerUrlError> {
        Ok(Self::of(ServerUrl::candidates(typed)?, device))
    }

    /// Looks at a single address.
    #[must_use]
    pub fn at(url: ServerUrl, device: Device) -> Self {
        Self::of(vec![url], device)
    }

    #[expect(clippy::needless_pass_by_value, reason = "as every machine takes its device")]
    fn of(urls: Vec<ServerUrl>, device: Device) -> Self {
        let candidates = urls.into_iter().map(|url| {
            let target = Target::new(url.clone(), device.clone());
            let engine = Engine::new(ProbeFlow::default(), target, Probe::default());
            Candidate { url, engine, started: None, wait: None, outcome: None }
        });
        let candidates = candidates.collect();
        let search = Self { candidates, clock: Clock::default(), first_found: None, end: None };
        search.with_policy(Policy::default())
    }

    /// Sets how patient the search is with a server that is starting; `retries` don't count here. It
    /// has no effect once the search has been polled.
    #[must_use]
    pub fn with_policy(mut self, policy: impl Into<Arc<Policy>>) -> Self {
        let policy = Policy::clone(&policy.into());
        let request_timeout = policy.request_timeout.min(CANDIDATE_TIMEOUT);
        // A guess that gets no answer is a wrong guess.
        let policy = Arc::new(Policy { retries: 0, request_timeout, ..policy });
        for candidate in &mut self.candidates {
            candidate.engine.set_policy(Arc::clone(&policy));
        }
        self
    }

    /// Starts the candidates that are due, and polls all that have started until one has a request.
    fn poll_candidates(&mut self, now: Timestamp) -> Option<Request> {
        let elapsed = self.clock.now();
        for index in 0..self.candidates.len() {
            let next_start = self.next_start();
            let candidate = &mut self.candidates[index];
            if candidate.outcome.is_none() {
                if candidate.started.is_none() && elapsed < next_start {
                    return None;
                }
                candidate.started.get_or_insert(elapsed);
                match candidate.engine.poll(now) {
                    Ok(Step::Send(request)) => return Some(request),
                    Ok(Step::Pending) => {}
                    Ok(Step::Wait(wait)) => candidate.wait = Some(wait),
                    Ok(Step::Done(server)) => candidate.outcome = Some(Ok(server)),
                    Err(error) => candidate.outcome = Some(Err(error)),
                }
                if elapsed >= SEARCH_TIMEOUT && candidate.wait.is_none() {
                    let failure = Failure::Timeout;
                    candidate.outcome.get_or_insert(Err(Error::NoAnswer { failure }));
                }
            }
            if candidate.was_found() {
                self.first_found.get_or_insert(elapsed);
            }
            // Nothing that comes after it is better.
            if candidate.is_jellyfin() {
                return None;
            }
        }
        None
    }

    /// When the next candidate may start: at once when nothing is under way.
    fn next_start(&self) -> Duration {
        let under_way = self.candidates.iter().any(Candidate::is_under_way);
        let last = self.candidates.iter().filter_map(|one| one.started).max();
        last.filter(|_| under_way).map_or(Duration::ZERO, |last| last.saturating_add(START_DELAY))
    }

    /// The end of the search, if it has come.
    fn conclude(&mut self) -> Option<Result<Server, Error>> {
        let jellyfin = self.candidates.iter().position(Candidate::is_jellyfin);
        let best = jellyfin.or_else(|| self.candidates.iter().position(Candidate::was_found));
        let better = &self.candidates[..jellyfin.unwrap_or(self.candidates.len())];
        let grace = self.first_found.map_or(Duration::MAX, |found| found.saturating_add(GRACE));
        if better.iter().any(|one| one.outcome.is_none()) && self.clock.now() < grace {
            return None;
        }
        if let Some(best) = best {
            return self.candidates[best].outcome.take();
        }
        let tried = self.candidates.iter_mut().filter_map(|one| {
            let error = one.outcome.take()?.err()?;
            Some(Attempt { url: one.url.clone(), error })
        });
        let mut tried: Vec<Attempt> = tried.collect();
        // Stable: among equals the better guess stays first.
        tried.sort_by_key(|attempt| std::cmp::Reverse(how_telling(&attempt.error)));
        Some(Err(Error::NoServer { tried }))
    }

    /// What is waited for: a candidate's turn, a starting server, a better candidate, the end.
    fn wait(&self) -> Wait {
        let now = self.clock.now();
        let next_start = self.candidates.iter().any(|one| one.started.is_none());
        let next_start = next_start.then(|| self.next_start());
        let grace = self.first_found.map(|found| found.saturating_add(GRACE));
        let is_ending = |one: &Candidate| one.outcome.is_none() && one.wait.is_none();
        let end = self.candidates.iter().any(is_ending).then_some(SEARCH_TIMEOUT);
        let timers = [next_start, grace, end].into_iter().flatten();
        let timers = timers.map(|end| end.saturating_sub(now)).filter(|left| !left.is_zero());
        let starting = self.candidates.iter().filter(|one| one.is_under_way());
        let starting: Vec<&Wait> = starting.filter_map(|one| one.wait.as_ref()).collect();
        let delay = timers.chain(starting.iter().map(|wait| wait.delay)).min();
        Wait {
            // Without any, a starting server is being asked: until its answer comes, or nothing does.
            delay: delay.unwrap_or(CANDIDATE_TIMEOUT),
            code: None,
            code_expires_in: None,
            reason: starting.first().map_or(WaitReason::Search, |wait| wait.reason),
        }
    }
}

impl Candidate {
    fn is_under_way(&self) -> bool {
        self.started.is_some() && self.outcome.is_none()
    }

    fn was_found(&self) -> bool {
        matches!(self.outcome, Some(Ok(_)))
    }

    /// No server of another make.
    fn is_jellyfin(&self) -> bool {
        matches!(&self.outcome, Some(Ok(server)) if server.info.product.is_none())
    }
}

impl Machine for Discovery {
    type Output = Server;

    fn handle(&mut self, ticket: Ticket, result: Result<&dyn HttpResponse, Failure>) -> bool {
        let under_way = self.candidates.iter_mut().filter(|one| one.is_under_way());
        let asked = under_way.map(|one| &mut one.engine).find(|engine| engine.awaits(&ticket));
        match asked {
            Some(engine) if self.end.is_none() => engine.handle(ticket, result),
            _ => false,
        }
    }

    fn check_now(&mut self) -> bool {
        let under_way = self.candidates.iter_mut().filter(|one| one.is_under_way());
        let shortened = under_way.map(|one| one.engine.check_now()).filter(|&was| was).count();
        self.end.is_none() && shortened > 0
    }

    fn cancel(&mut self) {
        self.end.get_or_insert(Err(Error::Cancelled));
    }

    fn poll(&mut self, now: Timestamp) -> Result<Step<Server>, Error> {
        self.clock.advance(now);
        if self.end.is_none() {
            if let Some(request) = self.poll_candidates(now) {
                return Ok(Step::Send(request));
            }
            self.end = self.conclude();
        }
        match &self.end {
            Some(end) => end.clone().map(Step::Done),
            None => Ok(Step::Wait(self.wait())),
        }
    }
}
