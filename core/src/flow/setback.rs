//! What a reply other than a success means where the flow has no rule of its own: what ends a flow
//! without a live code, and what is tried again.

use std::time::Duration;

use super::Transition;
use crate::{
    Error, Failure, LoginRefusal, WaitReason,
    endpoint::RequestName::{
        self, AuthenticateByName, AuthenticateWithQuickConnect, AuthorizeQuickConnect,
        GetCurrentUser, GetQuickConnectEnabled, GetQuickConnectState, GetServerInfo,
        InitiateQuickConnect, LogOut, RedeemPin,
    },
    reply::{KnownGateway, Reply, SecondFactor},
};

/// A request that came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Setback {
    /// What it is when it doesn't pass.
    pub(crate) error: Error,
    /// What is shown while it is waited out.
    pub(crate) reason: WaitReason,
    /// What the server asked for.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) budget: Budget,
}

/// What trying again is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Budget {
    /// It isn't tried again.
    Nothing,
    /// [`Policy::retries`](crate::Policy::retries).
    Retries,
    /// [`Policy::patience`](crate::Policy::patience): the server is starting.
    Starting,
    /// `patience`: it is busy.
    Busy,
    /// `patience` if the server is known to exist, else a retry.
    Unreachable,
    /// `patience` if the server was starting or busy just before, else a retry.
    Interrupted,
}

impl Setback {
    /// The rules. A `Success` gets here when it belongs to another request.
    pub(crate) fn of<T>(request: RequestName, reply: Reply<T>) -> Self {
        let (reason, retry_after) = (reason(&reply), retry_after(&reply));
        let (budget, error) = match (request, reply) {
            // Any request.
            (_, Reply::Challenge { scheme, .. }) => ends(Error::ProxyAuthentication { scheme }),
            (_, Reply::Gateway(known)) => {
                let KnownGateway { gateway, page } = *known;
                ends(Error::LoginGateway { gateway, page })
            }
            (_, Reply::SecondFactor(wanted)) => {
                let SecondFactor { methods, page } = *wanted;
                ends(Error::SecondFactorRequired { methods, page })
            }
            (_, Reply::Refused(reason)) => ends(Error::LoginRefused { reason }),
            (_, Reply::Redirect { to, .. }) => ends(Error::Redirected { to }),
            (_, Reply::AddressBlocked) => ends(Error::AddressBlocked),
            (_, Reply::NotSetUp) => ends(Error::ServerNotSetUp),
            (_, Reply::Starting { .. }) => (Budget::Starting, Error::ServerStarting),
            (_, Reply::Busy { status, by_cloudflare, .. }) => {
                (Budget::Busy, Error::ServerBusy { status, by_cloudflare })
            }
            (_, Reply::RequestTimeout) => {
                (Budget::Retries, Error::Unexpected { request, status: 408 })
            }
            (_, Reply::Intercepted { status }) => {
                (Budget::Retries, Error::Intercepted { request, status })
            }
            (_, Reply::NoAnswer(failure)) => (failure_budget(failure), Error::NoAnswer { failure }),

            // Who the server is.
            (GetServerInfo, Reply::NotFound { marked: true }) => ends(Error::WrongBasePath),
            (GetServerInfo, Reply::NotFound { .. } | Reply::Unreadable { status: 200 }) => {
                ends(Error::NotJellyfin)
            }
            (GetServerInfo, Reply::Unauthorized { .. }) => {
                ends(Error::Intercepted { request, status: 401 })
            }
            (GetServerInfo, Reply::Forbidden) => ends(Error::Intercepted { request, status: 403 }),
            (GetServerInfo, Reply::MethodNotAllowed) => {
                ends(Error::Intercepted { request, status: 405 })
            }
            (GetServerInfo, Reply::Unexpected { status: status @ 400..=499 }) => {
                ends(Error::Intercepted { request, status })
            }

            // The password, and its reset.
            (AuthenticateByName, Reply::Unauthorized { .. }) => {
                ends(Error::BadCredentials { hint: None })
            }
            (AuthenticateByName | AuthorizeQuickConnect, Reply::Forbidden) => {
                ends(Error::LoginRefused { reason: LoginRefusal::NotStated })
            }
            (AuthenticateByName, Reply::ServerFault { status }) => {
                ends(Error::ServerFault { request, status })
            }
            (RedeemPin, Reply::NotFound { .. }) => ends(Error::PinRefused),

            // Quick Connect.
            (
                GetQuickConnectEnabled,
                Reply::NotFound { .. } | Reply::MethodNotAllowed | Reply::NotImplemented,
            ) => ends(Error::QuickConnectUnsupported),
            (
                GetQuickConnectEnabled
                | InitiateQuickConnect
                | GetQuickConnectState
                | AuthenticateWithQuickConnect,
                Reply::Unauthorized { .. },
            )
            | (AuthorizeQuickConnect, Reply::Unauthorized { has_body: true }) => {
                ends(Error::QuickConnectDisabled)
            }
            (GetQuickConnectState | AuthenticateWithQuickConnect, Reply::NotFound { .. }) => {
                ends(Error::CodeLost)
            }
            (AuthorizeQuickConnect, Reply::NotFound { .. }) => ends(Error::CodeUnknown),
            (AuthorizeQuickConnect, Reply::ServerFault { status: 500 }) => {
                ends(Error::CodeAlreadyApproved)
            }

            // A token.
            (GetCurrentUser | AuthorizeQuickConnect | LogOut, Reply::Unauthorized { .. }) => {
                ends(Error::TokenRevoked)
            }
            (GetCurrentUser | LogOut, Reply::Forbidden) => ends(Error::NotAllowedNow),
            (LogOut, Reply::NotFound { .. } | Reply::MethodNotAllowed | Reply::NotImplemented) => {
                ends(Error::SignOutUnsupported)
            }

            // Any other request.
            (_, Reply::ServerFault { status }) => {
                (Budget::Retries, Error::ServerFault { request, status })
            }
            (_, Reply::NotImplemented) => {
                (Budget::Retries, Error::ServerFault { request, status: 501 })
            }
            (_, Reply::Unreadable { .. } | Reply::Success(_)) => ends(Error::Malformed { request }),
            (_, Reply::Unauthorized { .. }) => ends(Error::Unexpected { request, status: 401 }),
            (_, Reply::Forbidden) => ends(Error::Unexpected { request, status: 403 }),
            (_, Reply::NotFound { .. }) => ends(Error::Unexpected { request, status: 404 }),
            (_, Reply::MethodNotAllowed) => ends(Error::Unexpected { request, status: 405 }),
            (_, Reply::Unexpected { status }) => ends(Error::Unexpected { request, status }),
        };
        let reason = match error {
            Error::QuickConnectDisabled => WaitReason::Disabled,
            Error::Intercepted { status, .. } => WaitReason::Intercepted { status },
            _ => reason,
        };
        Self { error, reason, retry_after, budget }
    }

    /// An error that no reply alone leads to.
    pub(super) fn ending(error: Error, reason: WaitReason) -> Self {
        Self { error, reason, retry_after: None, budget: Budget::Nothing }
    }

    /// What a flow without a live code does.
    pub(super) fn after<S, T>(self, state: S) -> Transition<S, T> {
        match self.budget {
            Budget::Nothing => Transition::Fail(self.error),
            _ => Transition::Retry(state, self),
        }
    }
}

fn ends(error: Error) -> (Budget, Error) {
    (Budget::Nothing, error)
}

fn failure_budget(failure: Failure) -> Budget {
    match failure {
        Failure::Tls
        | Failure::UntrustedCertificate
        | Failure::CertificateChanged
        | Failure::ClientCertificateRequired
        | Failure::NoTls
        | Failure::TooLarge
        | Failure::Proxy
        | Failure::Redirected => Budget::Nothing,
        Failure::Unreachable | Failure::HostNotFound => Budget::Unreachable,
        Failure::Interrupted => Budget::Interrupted,
        Failure::Timeout | Failure::Other => Budget::Retries,
    }
}

fn reason<T>(reply: &Reply<T>) -> WaitReason {
    match *reply {
        Reply::Starting { .. } => WaitReason::ServerStarting,
        Reply::Busy { .. } => WaitReason::Busy,
        Reply::Gateway(_) => WaitReason::Gateway,
        Reply::ServerFault { status } => WaitReason::ServerFault { status },
        Reply::NotImplemented => WaitReason::ServerFault { status: 501 },
        Reply::NoAnswer(failure) => WaitReason::NoAnswer(failure),
        Reply::RequestTimeout => WaitReason::NoAnswer(Failure::Timeout),
        Reply::Intercepted { status }
        | Reply::Challenge { status, .. }
        | Reply::Redirect { status, .. } => WaitReason::Intercepted { status },
        _ => WaitReason::Other,
    }
}

fn retry_after<T>(reply: &Reply<T>) -> Option<Duration> {
    match *reply {
        Reply::Starting { retry_after } | Reply::Busy { retry_after, .. } => retry_after,
        _ => None,
    }
}

/// What a single request ends with, when nobody waits and tries again.
///
/// # Errors
///
/// The error that the reply means.
pub(crate) fn single_result<T>(request: RequestName, reply: Reply<T>) -> Result<T, Error> {
    match reply {
        Reply::Success(content) => Ok(content),
        other => Err(Setback::of(request, other).error),
    }
}
