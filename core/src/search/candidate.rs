use std::time::Duration;

use crate::{
    Error, Failure, Request, ServerUrl, Step, Timestamp, Wait, WaitReason,
    engine::Engine,
    flow::{Flow, Located},
};

/// One address of a search.
#[derive(Debug)]
pub(crate) struct Candidate<F: Flow> {
    /// As it was given: redirects may lead on.
    pub(crate) url: ServerUrl,
    pub(crate) engine: Engine<F>,
    started: Option<Duration>,
    /// It is asked again after this.
    wait: Option<Wait>,
    /// Why it was waited for last.
    reason: Option<WaitReason>,
    end: Option<End>,
}

/// What came of a candidate, and how long after its start.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) result: Result<Located, Error>,
    pub(crate) response_time: Duration,
}

impl<F: Flow<Output = Located>> Candidate<F> {
    pub(super) fn new(engine: Engine<F>) -> Self {
        let url = engine.target().server.clone();
        Self { url, engine, started: None, wait: None, reason: None, end: None }
    }

    /// Goes on. It starts if it hasn't yet.
    pub(super) fn poll(&mut self, now: Timestamp, elapsed: Duration) -> Option<Request> {
        self.started.get_or_insert(elapsed);
        self.wait = None;
        match self.engine.poll(now) {
            Ok(Step::Send(request)) => return Some(request),
            Ok(Step::Pending) => {}
            Ok(Step::Wait(wait)) => {
                self.reason = Some(wait.reason);
                self.wait = Some(wait);
            }
            Ok(Step::Done(located)) => self.end(Ok(located), elapsed),
            Err(error) => self.end(Err(error), elapsed),
        }
        None
    }

    fn end(&mut self, result: Result<Located, Error>, elapsed: Duration) {
        let response_time = elapsed.saturating_sub(self.started.unwrap_or(elapsed));
        self.end.get_or_insert(End { result, response_time });
    }

    /// Its time is over, unless it is known to be there.
    pub(super) fn time_out(&mut self, elapsed: Duration) {
        if self.reason.is_none() {
            self.end(Err(Error::NoAnswer { failure: Failure::Timeout }), elapsed);
        }
    }

    pub(super) fn started(&self) -> Option<Duration> {
        self.started
    }

    pub(super) fn is_open(&self) -> bool {
        self.end.is_none()
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.started.is_some() && self.is_open()
    }

    pub(super) fn wait(&self) -> Option<&Wait> {
        self.wait.as_ref()
    }

    pub(super) fn reason(&self) -> Option<WaitReason> {
        self.reason
    }

    pub(super) fn located(&self) -> Option<&Located> {
        self.end.as_ref()?.result.as_ref().ok()
    }

    /// What came of it by now; `None` when it never started.
    pub(super) fn take_end(&mut self, elapsed: Duration) -> Option<End> {
        let error = match self.reason {
            Some(WaitReason::ServerStarting) => Error::ServerStarting,
            Some(WaitReason::NoAnswer(failure)) => Error::NoAnswer { failure },
            _ => Error::NoAnswer { failure: Failure::Timeout },
        };
        self.started?;
        self.end(Err(error), elapsed);
        self.end.take()
    }
}
