//! Finding the server that a user means.

mod candidate;
mod found;

pub use found::{Found, NoHttps, Server, Unencrypted};

use std::{sync::Arc, time::Duration};

use crate::{
    Device, Error, Failure, HttpResponse, Machine, Policy, Request, ServerUrl, ServerUrlError,
    Step, Ticket, Timestamp, Wait, WaitReason, engine::Clock, flow::Target,
};
use candidate::{Candidate, Rank};

/// Between the starts of two candidates, unless nothing is under way any more.
const START_DELAY: Duration = Duration::from_millis(250);
/// How long a candidate may take to answer.
const CANDIDATE_TIMEOUT: Duration = Duration::from_secs(4);
/// How long a better candidate is waited for when a worse one was found.
const GRACE: Duration = Duration::from_millis(1500);
/// How long the whole search may take, unless a server is starting.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(10);

/// Finds the server that a user means: a [`Machine`] that ends with what it [`Found`].
///
/// Asks all [`candidates`](ServerUrl::candidates), one 250 ms after the other, each for 4 s and all for
/// 10 s; a driver that can do one thing at a time asks them in turn. A redirect to https or to the
/// server's base path is followed. The best is not the fastest: a Jellyfin server goes before one of
/// another make, https before http, and then their order counts. One that answers sooner waits until
/// every better one has answered, for 1.5 s at most. A server that is starting is waited for, for
/// [`patience`](Policy::patience), when no other is found.
///
/// An http address that was guessed is not handed out unasked: see [`Server::url`].
///
/// When no candidate is a server, the error is [`Error::NoServer`] with what each of them answered, the
/// most telling one first.
///
/// ```
/// # use jellyfin_auth::{Device, Discovery, Failure, Limits, Timestamp, drive};
/// # fn ask_user(question: &str) -> bool { !question.is_empty() }
/// # fn search(
/// #     device: Device,
/// #     send: impl FnMut(http::Request<Vec<u8>>, Limits) -> Result<http::Response<Vec<u8>>, Failure>,
/// #     now: impl FnMut() -> Timestamp,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// let found = drive(Discovery::new("nas", device)?, send, |_| {}, now)?;
/// let server = match found.into_best().url() {
///     Ok(server) => server,
///     Err(unencrypted) if ask_user(&format!("{unencrypted}. Go on?")) => unencrypted.accept(),
///     Err(unencrypted) => return Err(unencrypted.into()),
/// };
/// # drop(server);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Discovery {
    /// The better guesses first.
    candidates: Vec<Candidate>,
    /// Nobody typed their scheme.
    is_guess: bool,
    clock: Clock,
    first_found: Option<Duration>,
    end: Option<Result<Found, Error>>,
}

impl Discovery {
    /// Looks for what the user typed. `device` names the program in the `User-Agent`.
    ///
    /// # Errors
    ///
    /// [`ServerUrlError`] when that can't be an address.
    pub fn new(typed: &str, device: Device) -> Result<Self, ServerUrlError> {
        let candidates = ServerUrl::candidates(typed)?;
        let is_guess = candidates.len() > 1;
        Ok(Self::of(candidates, is_guess, device))
    }

    /// Looks at a single address, which the user gave with its scheme.
    #[must_use]
    pub fn at(url: ServerUrl, device: Device) -> Self {
        Self::of(vec![url], false, device)
    }

    /// Looks at addresses that nobody typed, the better ones first: those of an
    /// [`Announcement`](crate::lan::Announcement), for instance. Over http they count as guesses.
    #[must_use]
    pub fn among(urls: Vec<ServerUrl>, device: Device) -> Self {
        Self::of(urls, true, device)
    }

    #[expect(clippy::needless_pass_by_value, reason = "as every machine takes its device")]
    fn of(urls: Vec<ServerUrl>, is_guess: bool, device: Device) -> Self {
        let candidates =
            urls.into_iter().map(|url| Candidate::new(Target::new(url, device.clone())));
        let candidates = candidates.collect();
        let clock = Clock::default();
        let search = Self { candidates, is_guess, clock, first_found: None, end: None };
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
            let is_wanted = self.can_be_best(index);
            let candidate = &mut self.candidates[index];
            let is_due = candidate.started().is_some() || next_start <= elapsed;
            if !(is_wanted && is_due) {
                continue;
            }
            if let Some(request) = candidate.poll(now, elapsed) {
                return Some(request);
            }
            if elapsed >= SEARCH_TIMEOUT {
                candidate.time_out(elapsed);
            }
            if candidate.rank(index).is_some() {
                self.first_found.get_or_insert(elapsed);
            }
        }
        None
    }

    /// When the next candidate may start: at once when nothing is under way.
    fn next_start(&self) -> Duration {
        let under_way = self.candidates.iter().any(Candidate::is_under_way);
        let last = self.candidates.iter().filter_map(Candidate::started).max();
        last.filter(|_| under_way).map_or(Duration::ZERO, |last| last.saturating_add(START_DELAY))
    }

    fn best(&self) -> Option<Rank> {
        let ranks = self.candidates.iter().enumerate();
        ranks.filter_map(|(index, candidate)| candidate.rank(index)).min()
    }

    /// Whether it isn't over, and may be better than what was found.
    fn can_be_best(&self, index: usize) -> bool {
        let rank = self.candidates[index].best_rank(index);
        rank.is_some_and(|rank| self.best().is_none_or(|best| rank < best))
    }

    fn grace(&self) -> Option<Duration> {
        self.first_found.map(|found| found.saturating_add(GRACE))
    }

    /// The end of the search, if it has come.
    fn conclude(&mut self) -> Option<Result<Found, Error>> {
        let in_time = self.grace().is_none_or(|grace| self.clock.now() < grace);
        if in_time && (0..self.candidates.len()).any(|index| self.can_be_best(index)) {
            return None;
        }
        let best = self.best();
        let candidates = std::mem::take(&mut self.candidates);
        Some(Found::of(candidates, best, self.clock.now(), self.is_guess))
    }

    /// What is waited for: a candidate's turn, a starting server, a better candidate, the end.
    fn wait(&self) -> Wait {
        let now = self.clock.now();
        let open = || {
            let all = self.candidates.iter().enumerate();
            all.filter(|(index, _)| self.can_be_best(*index)).map(|(_, candidate)| candidate)
        };
        let next_start = open().any(|one| one.started().is_none()).then(|| self.next_start());
        let end = open().any(|one| !one.is_starting()).then_some(SEARCH_TIMEOUT);
        let timers = [next_start, self.grace(), end].into_iter().flatten();
        let timers = timers.map(|end| end.saturating_sub(now)).filter(|left| !left.is_zero());
        let delay = timers.chain(open().filter_map(|one| one.wait().map(Wait::delay))).min();
        let is_starting = open().any(Candidate::is_starting);
        Wait {
            // A starting server that is being asked has its own time limit.
            delay: delay.unwrap_or(CANDIDATE_TIMEOUT),
            code: None,
            code_expires_in: None,
            reason: if is_starting { WaitReason::ServerStarting } else { WaitReason::Search },
        }
    }
}

impl Machine for Discovery {
    type Output = Found;

    fn is_concurrent(&self) -> bool {
        self.candidates.len() > 1
    }

    fn handle(&mut self, ticket: Ticket, result: Result<&dyn HttpResponse, Failure>) -> bool {
        let engines = self.candidates.iter_mut().map(|one| &mut one.engine);
        match engines.into_iter().find(|engine| engine.awaits(&ticket)) {
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

    fn poll(&mut self, now: Timestamp) -> Result<Step<Found>, Error> {
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
