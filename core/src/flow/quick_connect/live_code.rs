//! A live code: what outlasts what, and what becomes of it when it is gone.

use super::{QuickConnectFlow, State};
use crate::{
    Error, QuickConnectSecret, Renewals, ServerUrl, Session,
    endpoint::PendingQuickConnect,
    engine::{Clock, CodeLifetime},
    flow::{
        Context, Setback, Transition,
        probe::{Probe, Probed},
    },
};

/// A code that may be alive, with the secret to redeem it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Code {
    pub(crate) text: Box<str>,
    pub(crate) secret: QuickConnectSecret,
    pub(crate) lifetime: CodeLifetime,
}

/// A code from before the program started, and the server that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Resumed {
    pub(crate) code: Code,
    /// Where the server was.
    pub(crate) home: ServerUrl,
    /// `None` when nobody knows which server it was: the first one that answers will do.
    pub(crate) server_id: Option<Box<str>>,
    pub(crate) probe: Probe,
}

impl Code {
    pub(crate) fn new(pending: PendingQuickConnect, lifetime: CodeLifetime) -> Self {
        let PendingQuickConnect { code: text, secret } = pending;
        Self { text, secret, lifetime }
    }

    pub(super) fn of_response(pending: PendingQuickConnect, clock: &Clock) -> Self {
        Self::new(pending, CodeLifetime::of_new_code(clock))
    }

    pub(super) fn seen_alive(self, clock: &Clock) -> Self {
        Self { lifetime: self.lifetime.seen_alive(clock), ..self }
    }
}

impl QuickConnectFlow {
    /// The code is gone.
    pub(super) fn renew_or(
        &mut self,
        error: Error,
        context: &Context<'_>,
    ) -> Transition<State, Session> {
        if context.policy.renewals.allow(self.renewals_used) {
            self.renewals_used = self.renewals_used.saturating_add(1);
            Transition::Send(State::RenewCode(CodeLifetime::of_renewal(context.clock)))
        } else {
            Transition::Fail(error)
        }
    }

    /// Waits the failure out, until neither the code nor its result can be alive any more.
    pub(super) fn keep_alive(
        &mut self,
        state: State,
        setback: Setback,
        context: &Context<'_>,
    ) -> Transition<State, Session> {
        match &state {
            State::RenewCode(lifetime)
                if lifetime.is_over(context.clock)
                    && context.policy.renewals != Renewals::Unlimited =>
            {
                Transition::Fail(setback.error)
            }
            other if other.code().is_some_and(|code| code.lifetime.is_over(context.clock)) => {
                self.renew_or(setback.error, context)
            }
            _ => Transition::KeepTrying(state, setback),
        }
    }

    /// 401: it may be switched on again, and the code is then still good.
    pub(super) fn switched_off(
        &mut self,
        state: State,
        setback: Setback,
        context: &Context<'_>,
    ) -> Transition<State, Session> {
        let since = *self.disabled_since.get_or_insert(context.clock.now());
        if context.clock.now().saturating_sub(since) >= context.policy.patience {
            return Transition::FailKeeping(state, setback.error);
        }
        self.keep_alive(state, setback, context)
    }

    /// `GetServerInfo` with a live code: only another server, or one that isn't set up, ends it. After any
    /// other failure it is asked again where it was.
    pub(super) fn after_probe(
        &mut self,
        probed: Probed,
        resumed: Box<Resumed>,
        context: &mut Context<'_>,
    ) -> Transition<State, Session> {
        match probed {
            Probed::Found(info)
                if resumed.server_id.as_deref().is_some_and(|expected| expected != info.id) =>
            {
                let error = Error::DifferentServer { found: info };
                Transition::FailKeeping(State::Resume(resumed), error)
            }
            Probed::Found(info) => {
                context.target.info = Some(info);
                Transition::Send(State::GetQuickConnectState(resumed.code))
            }
            Probed::Ask(probe) => {
                Transition::Send(State::Resume(Box::new(Resumed { probe, ..*resumed })))
            }
            Probed::Fail(Setback { error: error @ Error::ServerNotSetUp, .. }) => {
                Transition::FailKeeping(State::Resume(resumed), error)
            }
            Probed::Retry(_, setback) | Probed::Fail(setback) => {
                context.target.adopt(resumed.home.clone());
                let anew = Resumed { probe: Probe::default(), ..*resumed };
                self.keep_alive(State::Resume(Box::new(anew)), setback, context)
            }
        }
    }
}
