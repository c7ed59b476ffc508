//! The protocols: each flow is one `State` enum and one `next` match. Its arms are the rules,
//! and the first that matches applies.
//!
//! A flow waits for nothing: [`engine`](crate::engine) does.

mod approve_quick_connect;
mod discovery;
mod identity;
mod password;
mod probe;
mod quick_connect;
mod session_check;
mod setback;
mod sign_out;
mod target;
mod token_use;
mod verify_token;

pub(crate) use approve_quick_connect::Approval;
pub(crate) use discovery::{Located, ProbeFlow};
pub(crate) use identity::Identity;
pub(crate) use password::{PasswordFlow, State as PasswordState};
pub(crate) use probe::Probe;
pub(crate) use quick_connect::{Code, QuickConnectFlow, Resumed, State as QuickConnectState};
pub(crate) use session_check::TokenCheck;
pub(crate) use setback::{Budget, Setback, single_result};
pub(crate) use sign_out::TokenRemoval;
pub(crate) use target::Target;
pub(crate) use token_use::{FoundSession, Purpose, TokenUse};

use std::fmt;

use crate::{
    Error, Failure, GatewayHeaders, HttpResponse, Limits, Policy, ServerInfo, User,
    endpoint::{Authentication, Endpoint, PendingQuickConnect, RequestName},
    engine::Clock,
    reply::{Reply, classify},
};

/// A protocol, as its engine sees it.
pub(crate) trait Flow {
    type State: fmt::Debug;
    type Output: Clone + fmt::Debug;

    /// The state in which it begins.
    fn begin(&self, state: Self::State, _: &Policy) -> Self::State {
        state
    }

    /// Shows the request of `state` to `visitor`.
    fn visit<V: Visitor>(&self, state: &Self::State, target: &Target, visitor: V) -> V::Result;

    /// The next state, or the end: the table of the flow.
    fn next(
        &mut self,
        state: Self::State,
        reply: Reply<Content>,
        context: Context<'_>,
    ) -> Transition<Self::State, Self::Output>;

    /// The code to show.
    fn code(_: &Self::State) -> Option<&Code> {
        None
    }

    /// What is left of a state when the user gives up.
    fn kept(_: Self::State) -> Option<Self::State> {
        None
    }
}

/// What a flow decides by, beside its state.
#[derive(Debug)]
pub(crate) struct Context<'e> {
    /// The request that was answered.
    pub(crate) request: RequestName,
    pub(crate) target: &'e mut Target,
    pub(crate) clock: &'e Clock,
    pub(crate) policy: &'e Policy,
}

/// What follows from a reply.
#[derive(Debug)]
pub(crate) enum Transition<S, T> {
    /// The request of this state is due at once.
    Send(S),
    /// All is well, and the request of this state is due after the poll interval.
    Pause(S),
    /// It failed and is tried again, as often and as long as the policy allows.
    Retry(S, Setback),
    /// It failed and is tried again without end: the flow itself ends it.
    KeepTrying(S, Setback),
    Done(T),
    Fail(Error),
    /// It ends, but the code of this state may still be alive.
    FailKeeping(S, Error),
}

impl<S, T> Transition<S, T> {
    /// The same for a flow that has this one inside.
    fn map<R, U>(
        self,
        state: impl FnOnce(S) -> R,
        done: impl FnOnce(T) -> Transition<R, U>,
    ) -> Transition<R, U> {
        match self {
            Self::Send(inner) => Transition::Send(state(inner)),
            Self::Pause(inner) => Transition::Pause(state(inner)),
            Self::Retry(inner, setback) => Transition::Retry(state(inner), setback),
            Self::KeepTrying(inner, setback) => Transition::KeepTrying(state(inner), setback),
            Self::Done(output) => done(output),
            Self::Fail(error) => Transition::Fail(error),
            Self::FailKeeping(inner, error) => Transition::FailKeeping(state(inner), error),
        }
    }
}

/// What a success held.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Content {
    ServerInfo(Box<ServerInfo>),
    /// Whether Quick Connect is on.
    Enabled(bool),
    NewCode(PendingQuickConnect),
    /// Whether the code was approved.
    Approved(bool),
    Authentication(Box<Authentication>),
    User(Box<User>),
    Nothing,
}

/// Does something with the request of a state.
pub(crate) trait Visitor {
    type Result;

    fn visit<E: Endpoint>(self, endpoint: &E, content: fn(E::Output) -> Content) -> Self::Result;
}

/// Builds the request and its limits.
pub(crate) struct BuildRequest<'p> {
    pub(crate) policy: &'p Policy,
    pub(crate) gateway_headers: &'p GatewayHeaders,
}

impl Visitor for BuildRequest<'_> {
    type Result = (http::Request<Vec<u8>>, Limits);

    fn visit<E: Endpoint>(self, endpoint: &E, _: fn(E::Output) -> Content) -> Self::Result {
        let Self { policy, gateway_headers } = self;
        let timeout = match E::NAME {
            RequestName::AuthenticateByName => policy.password_timeout,
            _ => policy.request_timeout,
        };
        let limits = Limits { timeout, max_body: policy.max_body, ..endpoint.limits() };
        let mut request = endpoint.request();
        gateway_headers.add_to(&mut request);
        (request, limits)
    }
}

/// Names the request.
pub(crate) struct Name;

impl Visitor for Name {
    type Result = RequestName;

    fn visit<E: Endpoint>(self, _: &E, _: fn(E::Output) -> Content) -> RequestName {
        E::NAME
    }
}

/// Classifies what came of the request.
pub(crate) struct Classify<'r> {
    pub(crate) result: Result<&'r dyn HttpResponse, Failure>,
    pub(crate) sets_marker: bool,
}

impl Visitor for Classify<'_> {
    type Result = Reply<Content>;

    fn visit<E: Endpoint>(self, endpoint: &E, content: fn(E::Output) -> Content) -> Self::Result {
        classify(endpoint, self.result, self.sets_marker, content)
    }
}
