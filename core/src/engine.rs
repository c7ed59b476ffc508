//! When to act: what is under way, what is waited for, when to try again, and the error that stays.
//! The engine never looks at a response: a [`Flow`] decides what follows from one.

mod clock;
mod code_lifetime;
mod retries;

pub(crate) use clock::Clock;
pub(crate) use code_lifetime::CodeLifetime;

use std::{sync::Arc, time::Duration};

use crate::{
    Error, Failure, GatewayHeaders, HttpResponse, Policy, Request, Step, Ticket, Timestamp, Wait,
    WaitReason,
    flow::{BuildRequest, Classify, Content, Context, Flow, Name, Target, Transition},
    machine::TicketIssuer,
    reply::Reply,
};
use retries::Retries;

/// A flow on its way through time, with at most one request under way.
#[derive(Debug)]
pub(crate) struct Engine<F: Flow> {
    flow: F,
    target: Target,
    /// `None` when the machine has ended and nothing of it is left to be kept.
    state: Option<F::State>,
    phase: Phase<F::Output>,
    policy: Arc<Policy>,
    clock: Clock,
    retries: Retries,
    tickets: TicketIssuer,
}

#[derive(Debug)]
enum Phase<T> {
    /// It was never polled: its first request is due.
    New,
    /// A request is due.
    Ready,
    UnderWay,
    /// What came of the request. The next poll acts on it, since it knows the time.
    Answered(Reply<Content>),
    Waiting {
        until: Duration,
        /// The end of the server's `Retry-After`.
        not_before: Duration,
        reason: WaitReason,
    },
    /// Boxed, as the error is, since a login that waits shouldn't be as large as one that has ended.
    Done(Box<T>),
    Failed(Box<Error>),
}

impl<F: Flow> Engine<F> {
    pub(crate) fn new(flow: F, target: Target, state: F::State) -> Self {
        Self {
            flow,
            target,
            state: Some(state),
            phase: Phase::New,
            policy: Arc::default(),
            clock: Clock::default(),
            retries: Retries::default(),
            tickets: TicketIssuer::default(),
        }
    }

    /// The server answered before this program started: being unreachable is no reason to doubt
    /// that it exists.
    pub(crate) fn for_known_server(mut self) -> Self {
        self.retries.record_known_server();
        self
    }

    pub(crate) fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Once the machine has been polled, its policy stays.
    pub(crate) fn set_policy(&mut self, policy: Arc<Policy>) {
        if matches!(self.phase, Phase::New) {
            self.policy = policy;
        }
    }

    /// They go with the next request.
    pub(crate) fn set_gateway_headers(&mut self, headers: GatewayHeaders) {
        self.target.gateway_headers = headers;
    }

    pub(crate) fn flow(&self) -> &F {
        &self.flow
    }

    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    pub(crate) fn target_mut(&mut self) -> &mut Target {
        &mut self.target
    }

    pub(crate) fn state(&self) -> Option<&F::State> {
        self.state.as_ref()
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Done(_) | Phase::Failed(_))
    }

    /// Whether `ticket` is that of the request under way.
    pub(crate) fn awaits(&self, ticket: &Ticket) -> bool {
        matches!(self.phase, Phase::UnderWay) && self.tickets.issued(ticket)
    }

    pub(crate) fn handle(
        &mut self,
        ticket: Ticket,
        result: Result<&dyn HttpResponse, Failure>,
    ) -> bool {
        let awaited = self.awaits(&ticket);
        drop(ticket);
        if awaited {
            self.classify(result);
        }
        awaited
    }

    fn classify(&mut self, result: Result<&dyn HttpResponse, Failure>) {
        let Some(state) = &self.state else { return };
        if let Ok(response) = result {
            self.retries.record_known_server();
            self.target.record_marker(response);
        }
        let classify = Classify { result, sets_marker: self.target.sets_marker };
        self.phase = Phase::Answered(self.flow.visit(state, &self.target, classify));
    }

    pub(crate) fn check_now(&mut self) -> bool {
        let soonest = self.clock.soonest();
        let Phase::Waiting { until, not_before, .. } = &mut self.phase else { return false };
        let shorter = soonest.max(*not_before);
        let is_shorter = shorter < *until;
        *until = shorter;
        is_shorter
    }

    pub(crate) fn cancel(&mut self) {
        self.act_on_reply();
        if !self.is_over() {
            self.state = self.state.take().and_then(F::kept);
            self.phase = Phase::Failed(Error::Cancelled.into());
        }
    }

    pub(crate) fn poll(&mut self, now: Timestamp) -> Result<Step<F::Output>, Error> {
        self.clock.advance(now);
        if matches!(self.phase, Phase::New) {
            self.state = self.state.take().map(|state| self.flow.begin(state, &self.policy));
        }
        if matches!(self.phase, Phase::UnderWay) && self.tickets.is_dropped() {
            self.classify(Err(Failure::Interrupted));
        }
        self.act_on_reply();
        if let Some(wait) = self.wait() {
            return Ok(Step::Wait(wait));
        }
        match (&self.phase, &self.state) {
            (Phase::Done(output), _) => Ok(Step::Done(F::Output::clone(output))),
            (Phase::Failed(error), _) => Err(Error::clone(error)),
            (Phase::UnderWay | Phase::Answered(_), _) | (_, None) => Ok(Step::Pending),
            (Phase::New | Phase::Ready | Phase::Waiting { .. }, Some(state)) => {
                let gateway_headers = &self.target.gateway_headers;
                let build = BuildRequest { policy: &self.policy, gateway_headers };
                let (http, limits) = self.flow.visit(state, &self.target, build);
                self.clock.sent();
                self.phase = Phase::UnderWay;
                Ok(Step::Send(Request { http, ticket: self.tickets.issue(), limits }))
            }
        }
    }

    /// What is waited for, while there is time left.
    fn wait(&self) -> Option<Wait> {
        let (Phase::Waiting { until, reason, .. }, Some(state)) = (&self.phase, &self.state) else {
            return None;
        };
        let delay = until.saturating_sub(self.clock.now());
        if delay.is_zero() {
            return None;
        }
        let code = F::code(state);
        let code_expires_in = code.and_then(|code| code.lifetime.code_expires_in(&self.clock));
        let code = code.map(|code| code.text.clone());
        Some(Wait { delay, code, code_expires_in, reason: *reason })
    }

    /// Moves on by what came of the request.
    fn act_on_reply(&mut self) {
        if !matches!(self.phase, Phase::Answered(_)) {
            return;
        }
        let answered = std::mem::replace(&mut self.phase, Phase::Ready);
        let (Phase::Answered(reply), Some(state)) = (answered, self.state.take()) else { return };
        let request = self.flow.visit(&state, &self.target, Name);
        let Self { target, clock, policy, .. } = self;
        let transition = self.flow.next(state, reply, Context { request, target, clock, policy });
        let (state, phase) = match transition {
            Transition::Send(state) => {
                self.retries.reset();
                (Some(state), Phase::Ready)
            }
            Transition::Pause(state) => {
                self.retries.reset();
                let pause = self.policy.poll_interval();
                (Some(state), self.waiting(pause, None, WaitReason::Approval))
            }
            Transition::Retry(state, setback) => {
                let (reason, retry_after) = (setback.reason, setback.retry_after);
                match self.retries.spend(setback, &self.clock, &self.policy) {
                    Ok(backoff) => (Some(state), self.waiting(backoff, retry_after, reason)),
                    Err(error) => (None, Phase::Failed(error.into())),
                }
            }
            Transition::KeepTrying(state, setback) => {
                let pause = self.retries.keep_trying(&setback, &self.clock, &self.policy);
                (Some(state), self.waiting(pause, setback.retry_after, setback.reason))
            }
            Transition::Done(output) => (None, Phase::Done(Box::new(output))),
            Transition::Fail(error) => (None, Phase::Failed(error.into())),
            Transition::FailKeeping(state, error) => (Some(state), Phase::Failed(error.into())),
        };
        (self.state, self.phase) = (state, phase);
    }

    /// A wait that begins now.
    fn waiting(
        &self,
        pause: Duration,
        retry_after: Option<Duration>,
        reason: WaitReason,
    ) -> Phase<F::Output> {
        let now = self.clock.now();
        let not_before = now.saturating_add(retry_after.unwrap_or_default());
        Phase::Waiting { until: now.saturating_add(pause).max(not_before), not_before, reason }
    }
}
