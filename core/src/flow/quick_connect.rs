//! Quick Connect.
//!
//! ```text
//! GetServerInfo ─► GetQuickConnectEnabled ─► InitiateQuickConnect
//!                                              │ a code
//!       ┌─────────────────────────────────────►▼
//!       │                                GetQuickConnectState ◄─┐ not approved, or anything else
//! RenewCode ◄─┬─ 404, renewals left ────── │ approved    └──────┘
//!             │                            ▼
//!             └─────────────────────── AuthenticateWithQuickConnect ◄─┐ anything else
//!                                          │ a token        └─────────┘
//!                                          └─► (GetCurrentUser) ─► done
//! ```

mod live_code;

pub(crate) use live_code::{Code, Resumed};

use std::time::Duration;

use super::{
    Content, Context, Flow, Setback, Target, Transition, Visitor,
    probe::Probe,
    verify_token::{self, signed_in},
};
use crate::{
    Error, Policy, Session,
    endpoint::{
        AuthenticateWithQuickConnect, GetQuickConnectEnabled, GetQuickConnectState, InitiateMethod,
        InitiateQuickConnect,
    },
    engine::CodeLifetime,
    reply::Reply,
};

#[derive(Debug, Default)]
pub(crate) struct QuickConnectFlow {
    method: InitiateMethod,
    renewals_used: u32,
    /// `GetQuickConnectEnabled` returned `false` or 401. Some servers hand out codes all the same.
    reported_disabled: bool,
    /// Since when no response but 401 has arrived: Quick Connect is switched off.
    disabled_since: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::enum_variant_names, reason = "they are named after their requests")]
pub(crate) enum State {
    GetServerInfo(Probe),
    GetQuickConnectEnabled,
    InitiateQuickConnect,
    /// `GetServerInfo` with a code from before the program started.
    Resume(Box<Resumed>),
    GetQuickConnectState(Code),
    AuthenticateWithQuickConnect(Code),
    /// `InitiateQuickConnect` for another code.
    RenewCode(CodeLifetime),
    GetCurrentUser(Box<Session>),
}

impl QuickConnectFlow {
    /// Goes on with a code that was shown before the program stopped.
    pub(crate) fn resumed(resumed: Resumed, renewals_used: u32) -> (Self, State) {
        let flow = Self { renewals_used, ..Self::default() };
        (flow, State::Resume(Box::new(resumed)))
    }

    pub(crate) fn renewals_used(&self) -> u32 {
        self.renewals_used
    }
}

impl Flow for QuickConnectFlow {
    type State = State;
    type Output = Session;

    fn begin(&self, state: State, policy: &Policy) -> State {
        match state {
            State::GetServerInfo(_) if !policy.probe => State::GetQuickConnectEnabled,
            // A resumed secret is sent nowhere before the server was asked who it is.
            state => state,
        }
    }

    fn code(state: &State) -> Option<&Code> {
        state.code()
    }

    /// The code stays alive when the user gives up.
    fn kept(state: State) -> Option<State> {
        state.code().is_some().then_some(state)
    }

    fn visit<V: Visitor>(&self, state: &State, target: &Target, visitor: V) -> V::Result {
        let Target { server, device, .. } = target;
        match state {
            State::GetServerInfo(_) | State::Resume(_) => target.visit_get_server_info(visitor),
            State::GetQuickConnectEnabled => {
                visitor.visit(&GetQuickConnectEnabled { server, device }, Content::Enabled)
            }
            State::InitiateQuickConnect | State::RenewCode(_) => {
                let endpoint = InitiateQuickConnect { server, device, method: self.method };
                visitor.visit(&endpoint, Content::NewCode)
            }
            State::GetQuickConnectState(code) => {
                let endpoint = GetQuickConnectState { server, device, secret: &code.secret };
                visitor.visit(&endpoint, Content::Approved)
            }
            State::AuthenticateWithQuickConnect(code) => {
                let endpoint =
                    AuthenticateWithQuickConnect { server, device, secret: &code.secret };
                visitor.visit(&endpoint, |result| Content::Authentication(result.into()))
            }
            State::GetCurrentUser(session) => verify_token::visit(session, visitor),
        }
    }

    fn next(
        &mut self,
        state: State,
        reply: Reply<Content>,
        mut context: Context<'_>,
    ) -> Transition<State, Session> {
        use State as S;
        if !matches!(reply, Reply::Unauthorized { .. } | Reply::NoAnswer(_)) {
            self.disabled_since = None;
        }
        match (state, reply) {
            // A code is alive.
            (S::GetQuickConnectState(code), Reply::Success(Content::Approved(true))) => {
                Transition::Send(S::AuthenticateWithQuickConnect(code.seen_alive(context.clock)))
            }
            (S::GetQuickConnectState(code), Reply::Success(Content::Approved(false))) => {
                Transition::Pause(S::GetQuickConnectState(code.seen_alive(context.clock)))
            }
            (
                S::AuthenticateWithQuickConnect(_),
                Reply::Success(Content::Authentication(authentication)),
            ) => signed_in(*authentication, &context).map(S::GetCurrentUser, Transition::Done),
            (
                S::GetQuickConnectState(code) | S::AuthenticateWithQuickConnect(code),
                Reply::NotFound { .. },
            ) => {
                let expired = code.lifetime.has_expired(context.clock);
                let error = if expired { Error::CodeExpired } else { Error::CodeLost };
                self.renew_or(error, &context)
            }
            // The server knows the code, and wants more than it.
            (
                state @ S::AuthenticateWithQuickConnect(_),
                reply @ (Reply::SecondFactor(_) | Reply::Refused(_)),
            ) => Transition::FailKeeping(state, Setback::of(context.request, reply).error),
            (
                S::InitiateQuickConnect | S::RenewCode(_),
                Reply::Success(Content::NewCode(pending)),
            ) => {
                let code = Code::of_response(pending, context.clock);
                Transition::Pause(S::GetQuickConnectState(code))
            }
            // 10.8 takes nothing but GET here.
            (state @ (S::InitiateQuickConnect | S::RenewCode(_)), Reply::MethodNotAllowed)
                if self.method == InitiateMethod::Post =>
            {
                self.method = InitiateMethod::Get;
                Transition::Send(state)
            }
            // What refused POST before may have stood in front of the server.
            (state @ S::RenewCode(_), reply @ Reply::MethodNotAllowed) => {
                self.method = InitiateMethod::Post;
                self.keep_alive(state, Setback::of(context.request, reply), &context)
            }
            (S::Resume(resumed), reply) => {
                let probed = resumed.probe.clone().next(reply, &mut context);
                self.after_probe(probed, resumed, &mut context)
            }
            (live, reply @ Reply::Unauthorized { .. }) if live.is_live() => {
                self.switched_off(live, Setback::of(context.request, reply), &context)
            }
            (live, other) if live.is_live() => {
                self.keep_alive(live, Setback::of(context.request, other), &context)
            }

            // No code is alive.
            (S::GetServerInfo(probe), reply) => probe.next(reply, &mut context).then(
                |info| {
                    context.target.info = Some(info);
                    Transition::Send(S::GetQuickConnectEnabled)
                },
                S::GetServerInfo,
            ),
            (S::GetQuickConnectEnabled, Reply::Success(Content::Enabled(enabled))) => {
                self.reported_disabled = !enabled;
                Transition::Send(S::InitiateQuickConnect)
            }
            (S::GetQuickConnectEnabled, Reply::Unauthorized { .. }) => {
                self.reported_disabled = true;
                Transition::Send(S::InitiateQuickConnect)
            }
            (S::InitiateQuickConnect, other)
                if self.reported_disabled && !matches!(other, Reply::Gateway(_)) =>
            {
                let setback = Setback::of(context.request, other);
                Setback { error: Error::QuickConnectDisabled, ..setback }
                    .after(S::InitiateQuickConnect)
            }
            (S::GetCurrentUser(session), reply) => {
                verify_token::next(session, reply).map(S::GetCurrentUser, Transition::Done)
            }
            (state, other) => Setback::of(context.request, other).after(state),
        }
    }
}

impl State {
    /// A code is alive, or is being replaced: everything else is outlasted.
    fn is_live(&self) -> bool {
        matches!(self, Self::RenewCode(_)) || self.code().is_some()
    }

    /// The kept login that is on its way back to its server.
    pub(crate) fn resumed(&self) -> Option<&Resumed> {
        match self {
            Self::Resume(resumed) => Some(resumed),
            _ => None,
        }
    }

    pub(crate) fn code(&self) -> Option<&Code> {
        match self {
            Self::Resume(resumed) => Some(&resumed.code),
            Self::GetQuickConnectState(code) | Self::AuthenticateWithQuickConnect(code) => {
                Some(code)
            }
            _ => None,
        }
    }
}
