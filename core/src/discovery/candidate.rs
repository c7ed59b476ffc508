use std::time::Duration;

use crate::{
    Error, Failure, Request, ServerUrl, Step, Timestamp, Wait,
    engine::Engine,
    flow::{Located, Probe, ProbeFlow, Target},
};

/// One address of a search.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) url: ServerUrl,
    pub(super) engine: Engine<ProbeFlow>,
    started: Option<Duration>,
    /// It is starting, and is asked again after this.
    wait: Option<Wait>,
    end: Option<End>,
}

/// What came of a candidate, and how long after its start.
#[derive(Debug)]
pub(super) struct End {
    pub(super) result: Result<Located, Error>,
    pub(super) response_time: Duration,
}

/// How good a server is: the least is the best.
pub(super) type Rank = (bool, bool, usize);

impl Candidate {
    pub(super) fn new(target: Target) -> Self {
        let url = target.server.clone();
        let engine = Engine::new(ProbeFlow::default(), target, Probe::default());
        Self { url, engine, started: None, wait: None, end: None }
    }

    /// Goes on. It starts if it hasn't yet.
    pub(super) fn poll(&mut self, now: Timestamp, elapsed: Duration) -> Option<Request> {
        self.started.get_or_insert(elapsed);
        self.wait = None;
        match self.engine.poll(now) {
            Ok(Step::Send(request)) => return Some(request),
            Ok(Step::Pending) => {}
            Ok(Step::Wait(wait)) => self.wait = Some(wait),
            Ok(Step::Done(located)) => self.end(Ok(located), elapsed),
            Err(error) => self.end(Err(error), elapsed),
        }
        None
    }

    fn end(&mut self, result: Result<Located, Error>, elapsed: Duration) {
        let response_time = elapsed.saturating_sub(self.started.unwrap_or(elapsed));
        self.end.get_or_insert(End { result, response_time });
    }

    /// Its time is over, unless it is starting.
    pub(super) fn time_out(&mut self, elapsed: Duration) {
        if !self.is_starting() {
            self.end(Err(Error::NoAnswer { failure: Failure::Timeout }), elapsed);
        }
    }

    pub(super) fn started(&self) -> Option<Duration> {
        self.started
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.started.is_some() && self.end.is_none()
    }

    pub(super) fn is_starting(&self) -> bool {
        self.is_under_way() && self.engine.flow().is_starting
    }

    pub(super) fn wait(&self) -> Option<&Wait> {
        self.wait.as_ref()
    }

    /// A server of Jellyfin's own is better than one of another make, and https is better than http.
    /// `None` when no server was found here.
    pub(super) fn rank(&self, index: usize) -> Option<Rank> {
        let Located { url, info } = self.end.as_ref()?.result.as_ref().ok()?;
        Some((info.product.is_some(), !url.is_encrypted(), index))
    }

    /// What it can become at best; `None` when it is over.
    pub(super) fn best_rank(&self, index: usize) -> Option<Rank> {
        self.end.is_none().then(|| (false, !self.url.is_encrypted(), index))
    }

    /// What came of it by now, and after how long; `None` when it never started.
    pub(super) fn into_result(self, elapsed: Duration) -> Option<(ServerUrl, End)> {
        let started = self.started?;
        let error = if self.is_starting() {
            Error::ServerStarting
        } else {
            Error::NoAnswer { failure: Failure::Timeout }
        };
        let response_time = elapsed.saturating_sub(started);
        Some((self.url, self.end.unwrap_or(End { result: Err(error), response_time })))
    }
}
