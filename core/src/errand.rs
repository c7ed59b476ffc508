//! When to act: what is in flight, waiting, backing off, and the error that stays.

use http::Response;

use crate::{
    Error, Failure, Policy, Request, StaleTicket, Step, Ticket, Timestamp, Wait, WaitReason,
    answer::Answer,
    flow::{Event, Flow, Persistence, Progress},
    machine::Counterfoil,
    pace::{Delay, Pace},
    verdict::{Obstacle, Trouble},
};

use std::{sync::Arc, time::Duration};

/// A flow on its way through time: what every [`Machine`](crate::Machine) of this crate is inside.
#[derive(Debug)]
pub(crate) struct Errand<F: Flow> {
    flow: F,
    policy: Arc<Policy>,
    tickets: Counterfoil,
    phase: Phase<F::Output>,
    pace: Pace,
    /// An answer of this server was signed, so that it signs all of them.
    signs: bool,
}

#[derive(Debug)]
enum Phase<T> {
    /// A request is due.
    Ready,
    InFlight,
    /// Something went wrong; the next poll decides, since it knows the time.
    Troubled(Trouble),
    Waiting {
        until: Until,
        firm: bool,
        reason: WaitReason,
    },
    /// Boxed, since a login that waits shouldn't be as large as one that has ended.
    Done(Box<T>),
    Failed(Error),
}

#[derive(Clone, Copy, Debug)]
enum Until {
    /// A wait begins at the first poll after the answer.
    AfterStart(Duration),
    /// "Next" was pressed before it began.
    Soonest,
    Moment(Duration),
}

impl<F: Flow> Errand<F> {
    pub(crate) fn new(flow: F, policy: Arc<Policy>) -> Self {
        Self {
            flow,
            policy,
            tickets: Counterfoil::default(),
            phase: Phase::Ready,
            pace: Pace::default(),
            signs: false,
        }
    }

    /// The server was heard of before this program started.
    pub(crate) fn for_known_server(mut self) -> Self {
        self.pace.heard();
        self
    }

    pub(crate) fn set_policy(&mut self, policy: Arc<Policy>) {
        self.policy = policy;
    }

    pub(crate) fn flow(&self) -> &F {
        &self.flow
    }

    pub(crate) fn flow_mut(&mut self) -> &mut F {
        &mut self.flow
    }

    pub(crate) fn handle_response<B: AsRef<[u8]>>(
        &mut self,
        ticket: Ticket,
        response: &Response<B>,
    ) -> Result<(), StaleTicket> {
        self.accept(ticket)?;
        self.pace.heard();
        let answer = Answer::new(response);
        self.signs |= answer.is_signed();
        self.take(Event::Answer(&answer));
        Ok(())
    }

    pub(crate) fn handle_failure(
        &mut self,
        ticket: Ticket,
        failure: Failure,
    ) -> Result<(), StaleTicket> {
        self.accept(ticket)?;
        self.take(Event::Failure(failure));
        Ok(())
    }

    pub(crate) fn check_now(&mut self) -> bool {
        let soonest = self.pace.soonest();
        let Phase::Waiting { until, firm: false, .. } = &mut self.phase else {
            return false;
        };
        let shorter = match *until {
            Until::AfterStart(_) => Until::Soonest,
            Until::Moment(end) if soonest < end => Until::Moment(soonest),
            Until::Moment(_) | Until::Soonest => return false,
        };
        *until = shorter;
        true
    }

    pub(crate) fn cancel(&mut self) {
        if !matches!(self.phase, Phase::Done(_) | Phase::Failed(_)) {
            self.flow.wipe();
            self.phase = Phase::Failed(Error::Cancelled);
        }
    }

    pub(crate) fn poll(&mut self, now: Timestamp) -> Result<Step<F::Output>, Error> {
        self.pace.advance(now);
        if matches!(self.phase, Phase::InFlight) && self.tickets.is_abandoned() {
            self.take(Event::Failure(Failure::Interrupted));
        }
        self.pace.settle();
        self.decide();
        if let Some(wait) = self.wait() {
            return Ok(Step::Wait(wait));
        }
        match &self.phase {
            Phase::InFlight => Ok(Step::Pending),
            Phase::Done(output) => Ok(Step::Done(F::Output::clone(output))),
            Phase::Failed(error) => Err(error.clone()),
            Phase::Ready | Phase::Troubled(_) | Phase::Waiting { .. } => {
                Ok(Step::Send(self.send()))
            }
        }
    }

    fn accept(&self, ticket: Ticket) -> Result<(), StaleTicket> {
        let expected = matches!(self.phase, Phase::InFlight) && self.tickets.matches(&ticket);
        drop(ticket);
        if expected { Ok(()) } else { Err(StaleTicket) }
    }

    fn take(&mut self, event: Event<'_>) {
        let before = self.flow.persistence();
        self.phase = match self.flow.handle(event, self.signs) {
            Ok(progress) => {
                self.succeeded(before);
                match progress {
                    Progress::Proceed => Phase::Ready,
                    Progress::Pause => Phase::Waiting {
                        until: Until::AfterStart(self.policy.poll_interval()),
                        firm: false,
                        reason: WaitReason::Poll,
                    },
                    Progress::Done(output) => {
                        self.flow.wipe();
                        Phase::Done(Box::new(output))
                    }
                }
            }
            Err(Obstacle::Again(trouble)) => Phase::Troubled(trouble),
            Err(Obstacle::Fail(error)) => self.ended_by(error),
        };
    }

    fn succeeded(&mut self, before: Persistence) {
        self.pace.succeeded();
        if self.flow.persistence() == Persistence::WhileCodeLives {
            if before == Persistence::WhileCodeLives {
                self.pace.code_is_alive();
            } else {
                self.pace.code_was_born();
            }
        }
    }

    /// Decides what comes of trouble: another try after a while, or the end.
    fn decide(&mut self) {
        let Phase::Troubled(trouble) = &mut self.phase else { return };
        let trouble = std::mem::replace(trouble, Trouble::CodeGone);
        let reason = trouble.reason();
        let delay = self.pace.after(
            trouble,
            self.flow.persistence(),
            self.flow.is_replayable(),
            self.flow.retries(&self.policy),
            &self.policy,
        );
        self.phase = match delay {
            Ok(Delay { time, firm }) => {
                Phase::Waiting { until: Until::AfterStart(time), firm, reason }
            }
            Err(error) => self.ended_by(error),
        };
    }

    fn wait(&mut self) -> Option<Wait> {
        let (now, soonest) = (self.pace.elapsed(), self.pace.soonest());
        let Phase::Waiting { until, reason, .. } = &mut self.phase else { return None };
        let end = match *until {
            Until::AfterStart(delay) => now.saturating_add(delay),
            Until::Soonest => soonest,
            Until::Moment(end) => end,
        };
        *until = Until::Moment(end);
        let delay = end.saturating_sub(now);
        if delay.is_zero() {
            return None;
        }
        let reason = *reason;
        let code = self.flow.code().map(Box::from);
        let knows_age = code.is_some() && self.flow.knows_code_age();
        let code_expires_in = knows_age.then(|| self.pace.code_expires_in());
        Some(Wait { delay, code, code_expires_in, reason })
    }

    fn send(&mut self) -> Request {
        self.pace.sent();
        self.phase = Phase::InFlight;
        Request {
            http: self.flow.request(),
            ticket: self.tickets.issue(),
            timeout: self.policy.request_timeout,
            max_body: self.policy.max_body,
            replayable: self.flow.is_replayable(),
        }
    }

    /// The phase after an error: the end, unless the flow knows another way.
    fn ended_by(&mut self, error: Error) -> Phase<F::Output> {
        match self.flow.give_up(error) {
            Ok(()) => {
                self.pace.begin_anew();
                self.signs = false;
                Phase::Ready
            }
            Err(error) => {
                self.flow.wipe();
                Phase::Failed(error)
            }
        }
    }
}
