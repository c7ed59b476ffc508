//! Several addresses asked at the same time: which of them to take, and when.

mod candidate;

pub(crate) use candidate::{Candidate, End};

use std::{sync::Arc, time::Duration};

use crate::{
    Attempt, Failure, GatewayHeaders, HttpResponse, Policy, Request, Ticket, Timestamp, Wait,
    WaitReason,
    engine::{Clock, Engine},
    flow::{Flow, Located},
};

/// Between the starts of two candidates, unless nothing is under way any more.
const START_DELAY: Duration = Duration::from_millis(250);
/// How long a better candidate is waited for when a worse one was found.
const GRACE: Duration = Duration::from_millis(1500);

/// Looks for a server at several addresses, one request under way for each.
#[derive(Debug)]
pub(crate) struct Search<F: Flow> {
    /// The better ones first.
    candidates: Vec<Candidate<F>>,
    order: Order,
    /// How long it may take, unless a candidate is known to be there.
    timeout: Option<Duration>,
    clock: Clock,
    first_found: Option<Duration>,
}

/// What makes one server better than another.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    /// The order in which the addresses are given.
    AsGiven,
    /// A server of Jellyfin's own before one of another make, https before http, then the order.
    ByEncryption,
}

/// How good a server is: the least is the best.
pub(crate) type Rank = (bool, bool, usize);

/// A candidate that was asked, and what came of it.
#[derive(Debug)]
pub(crate) struct Outcome<F: Flow> {
    pub(crate) candidate: Candidate<F>,
    pub(crate) rank: Option<Rank>,
    pub(crate) end: End,
}

impl<F: Flow> Outcome<F> {
    /// The candidate and what was found there.
    ///
    /// # Errors
    ///
    /// Why nothing was found.
    pub(crate) fn into_attempt(self) -> Result<(Candidate<F>, Located), Attempt> {
        let Self { candidate, end: End { result, response_time }, .. } = self;
        match result {
            Ok(located) => Ok((candidate, located)),
            Err(error) => Err(Attempt { url: candidate.url, error, response_time }),
        }
    }
}

impl<F: Flow<Output = Located>> Search<F> {
    pub(crate) fn new(engines: impl Iterator<Item = Engine<F>>, order: Order) -> Self {
        let candidates = engines.map(Candidate::new).collect();
        Self { candidates, order, timeout: None, clock: Clock::default(), first_found: None }
    }

    pub(crate) fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    /// Once the search has been polled, its policy stays: `false`.
    pub(crate) fn set_policy(&mut self, policy: &Arc<Policy>) -> bool {
        for candidate in &mut self.candidates {
            candidate.engine.set_policy(Arc::clone(policy));
        }
        self.candidates.iter().all(|one| one.started().is_none())
    }

    pub(crate) fn set_gateway_headers(&mut self, headers: &GatewayHeaders) {
        for candidate in &mut self.candidates {
            candidate.engine.set_gateway_headers(headers.clone());
        }
    }

    pub(crate) fn is_concurrent(&self) -> bool {
        self.candidates.len() > 1
    }

    pub(crate) fn first(&self) -> Option<&Engine<F>> {
        self.candidates.first().map(|candidate| &candidate.engine)
    }

    pub(crate) fn handle(
        &mut self,
        ticket: Ticket,
        result: Result<&dyn HttpResponse, Failure>,
    ) -> bool {
        let mut open = self.candidates.iter_mut().filter(|one| one.is_open());
        match open.find(|one| one.engine.awaits(&ticket)) {
            Some(candidate) => candidate.engine.handle(ticket, result),
            None => false,
        }
    }

    pub(crate) fn check_now(&mut self) -> bool {
        let under_way = self.candidates.iter_mut().filter(|one| one.is_under_way());
        under_way.map(|one| one.engine.check_now()).filter(|&was| was).count() > 0
    }

    /// Starts the candidates that are due, and polls all that have started until one has a request.
    pub(crate) fn poll(&mut self, now: Timestamp) -> Option<Request> {
        self.clock.advance(now);
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
            if self.timeout.is_some_and(|timeout| elapsed >= timeout) {
                candidate.time_out(elapsed);
            }
            if candidate.located().is_some() {
                self.first_found.get_or_insert(elapsed);
            }
        }
        None
    }

    /// Whether it was found, or can't be any more.
    pub(crate) fn is_over(&self) -> bool {
        let in_time = self.grace().is_none_or(|grace| self.clock.now() < grace);
        !(in_time && (0..self.candidates.len()).any(|index| self.can_be_best(index)))
    }

    /// What is waited for beside the requests: a candidate's turn, one that is asked again, a better one,
    /// the end.
    pub(crate) fn wait(&self) -> Option<Wait> {
        let now = self.clock.now();
        let open = || {
            let all = self.candidates.iter().enumerate();
            all.filter(|(index, _)| self.can_be_best(*index)).map(|(_, candidate)| candidate)
        };
        let next_start = open().any(|one| one.started().is_none()).then(|| self.next_start());
        let end = self.timeout.filter(|_| open().any(|one| one.reason().is_none()));
        let timers = [next_start, self.grace(), end].into_iter().flatten();
        let timers = timers.map(|end| end.saturating_sub(now)).filter(|left| !left.is_zero());
        let delay = timers.chain(open().filter_map(|one| one.wait().map(Wait::delay))).min()?;
        let reason = open().find_map(Candidate::reason).unwrap_or(WaitReason::Search);
        Some(Wait { delay, code: None, code_expires_in: None, reason })
    }

    /// What came of the candidates. Those that were cut off and couldn't have become better than the best
    /// are left out.
    pub(crate) fn take_outcomes(&mut self) -> Vec<Outcome<F>> {
        let elapsed = self.clock.now();
        let wanted: Vec<bool> = (0..self.candidates.len())
            .map(|index| !self.candidates[index].is_open() || self.can_be_best(index))
            .collect();
        let ranks: Vec<_> = (0..self.candidates.len()).map(|index| self.rank(index)).collect();
        let candidates = std::mem::take(&mut self.candidates).into_iter().zip(wanted).zip(ranks);
        let outcomes = candidates.filter_map(|((mut candidate, wanted), rank)| {
            let end = candidate.take_end(elapsed).filter(|_| wanted)?;
            Some(Outcome { candidate, rank, end })
        });
        outcomes.collect()
    }

    /// When the next candidate may start: at once when nothing is under way.
    fn next_start(&self) -> Duration {
        let under_way = self.candidates.iter().any(Candidate::is_under_way);
        let last = self.candidates.iter().filter_map(Candidate::started).max();
        last.filter(|_| under_way).map_or(Duration::ZERO, |last| last.saturating_add(START_DELAY))
    }

    fn grace(&self) -> Option<Duration> {
        self.first_found.map(|found| found.saturating_add(GRACE))
    }

    /// How good the server is that was found there.
    fn rank(&self, index: usize) -> Option<Rank> {
        let Located { url, info } = self.candidates[index].located()?;
        Some(match self.order {
            Order::AsGiven => (false, false, index),
            Order::ByEncryption => (info.product.is_some(), !url.is_encrypted(), index),
        })
    }

    /// Whether it isn't over, and may be better than what was found.
    fn can_be_best(&self, index: usize) -> bool {
        let candidate = &self.candidates[index];
        let rank = match self.order {
            Order::AsGiven => (false, false, index),
            Order::ByEncryption => (false, !candidate.url.is_encrypted(), index),
        };
        let best = (0..self.candidates.len()).filter_map(|index| self.rank(index)).min();
        candidate.is_open() && best.is_none_or(|best| rank < best)
    }
}
