//! By password. It is never sent twice unless the response shows that nobody looked at it.
//!
//! ```text
//! GetServerInfo ─► AuthenticateByName ─► (GetCurrentUser) ─► done
//! ```

use super::{
    Budget, Content, Context, Flow, Setback, Target, Transition, Visitor,
    probe::{Probe, Probed},
    verify_token::{self, signed_in},
};
use crate::{
    Error, Failure, Password, Policy, Session, UserNameHint, endpoint::AuthenticateByName,
    reply::Reply,
};

#[derive(Debug)]
pub(crate) struct PasswordFlow;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum State {
    GetServerInfo(Probe, Credentials),
    AuthenticateByName(Credentials),
    GetCurrentUser(Box<Session>),
}

/// Wiped as soon as no state needs it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Credentials {
    user_name: Box<str>,
    password: Password,
}

impl State {
    /// # Errors
    ///
    /// [`Error::BlankUserName`].
    pub(crate) fn new(user_name: String, password: Password) -> Result<Self, Error> {
        if user_name.trim().is_empty() {
            return Err(Error::BlankUserName);
        }
        let credentials = Credentials { user_name: user_name.into(), password };
        Ok(Self::GetServerInfo(Probe::default(), credentials))
    }
}

impl Flow for PasswordFlow {
    type State = State;
    type Output = Session;

    fn begin(&self, state: State, policy: &Policy) -> State {
        match state {
            State::GetServerInfo(_, credentials) if !policy.probe => {
                State::AuthenticateByName(credentials)
            }
            state => state,
        }
    }

    fn visit<V: Visitor>(&self, state: &State, target: &Target, visitor: V) -> V::Result {
        match state {
            State::GetServerInfo(..) => target.visit_get_server_info(visitor),
            State::AuthenticateByName(Credentials { user_name, password }) => {
                let Target { server, device, .. } = target;
                let endpoint = AuthenticateByName { server, device, user_name, password };
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
        use State::{AuthenticateByName, GetCurrentUser, GetServerInfo};
        match (state, reply) {
            (GetServerInfo(probe, credentials), reply) => match probe.next(reply, &mut context) {
                Probed::Found(info) => {
                    context.target.info = Some(info);
                    Transition::Send(AuthenticateByName(credentials))
                }
                Probed::Ask(probe) => Transition::Send(GetServerInfo(probe, credentials)),
                Probed::Retry(probe, setback) => {
                    Transition::Retry(GetServerInfo(probe, credentials), setback)
                }
                Probed::Fail(setback) => Transition::Fail(setback.error),
            },
            (AuthenticateByName(_), Reply::Success(Content::Authentication(authentication))) => {
                signed_in(*authentication, &context).map(GetCurrentUser, Transition::Done)
            }
            (AuthenticateByName(credentials), Reply::Unauthorized { .. }) => {
                let hint = UserNameHint::of(&credentials.user_name);
                Transition::Fail(Error::BadCredentials { hint })
            }
            // Nobody looked at the password.
            (
                AuthenticateByName(credentials),
                reply @ (Reply::Starting { .. } | Reply::Busy { status: 429, .. }),
            ) => {
                let setback = Setback::of(context.request, reply);
                let setback = Setback { budget: Budget::Retries, ..setback };
                Transition::Retry(AuthenticateByName(credentials), setback)
            }
            (
                AuthenticateByName(credentials),
                reply @ Reply::NoAnswer(Failure::Unreachable | Failure::HostNotFound),
            ) => Setback::of(context.request, reply).after(AuthenticateByName(credentials)),
            // Anything else may have been sent after the password was looked at.
            (AuthenticateByName(_), Reply::NoAnswer(Failure::Timeout)) => {
                Transition::Fail(Error::PasswordTimeout)
            }
            (AuthenticateByName(_), reply) => {
                Transition::Fail(Setback::of(context.request, reply).error)
            }
            (GetCurrentUser(session), reply) => {
                verify_token::next(session, reply).map(GetCurrentUser, Transition::Done)
            }
        }
    }
}
