//! What an answer means: who spoke, and whether to go on, to try again or to end.
//!
//! The rules apply in this order, and the first that matches wins:
//!
//! 1. a challenge is a proxy's, a redirect is not followed, a signed answer without the body that is
//!    due comes from the address filter, 503 and 429 are a server that is starting or busy, and so
//!    are 502 and 504 unless the password was sent;
//! 2. once this server is known to sign, an answer without the signature is something else's;
//! 3. what the endpoint says about its own statuses;
//! 4. a success that can't be read is malformed, 5xx is the server's fault, all else is unexpected.

use std::time::Duration;

use crate::{Error, Failure, ServerUrl, Stage, WaitReason, answer::Answer, server_url::Redirect};

/// What an answer means for the request that it answers.
pub(crate) type Verdict<T> = Result<T, Obstacle>;

/// What an answer, or a missing one, is when it isn't the success that was looked for.
#[derive(Debug)]
pub(crate) enum Obstacle {
    /// It may pass.
    Again(Trouble),
    /// It ends a flow without a live code.
    Fail(Error),
}

/// What stands between a request and its success, and may pass.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Trouble {
    Starting {
        retry_after: Option<Duration>,
    },
    Busy {
        status: u16,
        retry_after: Option<Duration>,
    },
    NoAnswer(Failure),
    ServerFault {
        status: u16,
    },
    Intercepted {
        status: u16,
    },
    /// Quick Connect was switched off while a code is shown.
    Disabled,
    /// The server doesn't know the code any more.
    CodeGone,
    /// An error that ends a flow without a live code, and that one with a live code outlasts.
    Outlasted {
        error: Error,
        status: u16,
    },
}

impl Trouble {
    pub(crate) fn reason(&self) -> WaitReason {
        match *self {
            Self::Starting { .. } => WaitReason::ServerStarting,
            Self::Busy { .. } => WaitReason::Busy,
            Self::NoAnswer(failure) => WaitReason::NoAnswer(failure),
            Self::Intercepted { status }
            | Self::Outlasted {
                error: Error::ProxyAuthentication { .. } | Error::Redirected { .. },
                status,
            } => WaitReason::Intercepted { status },
            Self::Disabled => WaitReason::Disabled,
            Self::ServerFault { .. } | Self::CodeGone | Self::Outlasted { .. } => WaitReason::Other,
        }
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match *self {
            Self::Starting { retry_after } | Self::Busy { retry_after, .. } => retry_after,
            _ => None,
        }
    }

    /// The error that this trouble is when it doesn't pass.
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Starting { .. } => Error::ServerStarting,
            Self::Busy { status, .. } => Error::ServerBusy { status },
            Self::NoAnswer(failure) => Error::NoAnswer { failure },
            Self::ServerFault { status } => Error::ServerFault { status },
            Self::Intercepted { status } => Error::Intercepted { status },
            Self::Disabled => Error::QuickConnectDisabled,
            Self::CodeGone => Error::CodeLost,
            Self::Outlasted { error, .. } => error,
        }
    }
}

impl From<Obstacle> for Error {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::Again(trouble) => trouble.into_error(),
            Obstacle::Fail(error) => error,
        }
    }
}

impl From<Error> for Obstacle {
    fn from(error: Error) -> Self {
        Self::Fail(error)
    }
}

/// What a missing answer means for a request that may be sent again.
pub(crate) fn missing(failure: Failure) -> Obstacle {
    match failure {
        Failure::Tls | Failure::TooLarge | Failure::Proxy | Failure::Redirected => {
            Obstacle::Fail(Error::NoAnswer { failure })
        }
        _ => Obstacle::Again(Trouble::NoAnswer(failure)),
    }
}

/// An endpoint, as far as reading its answer goes.
pub(crate) trait Judged {
    type Output;

    const STAGE: Stage;

    /// Whether a success has a body.
    const HAS_BODY: bool = true;

    /// Where the request went: what a relative redirect is relative to.
    fn target(&self) -> (&ServerUrl, &'static str);

    /// Reads a success. `None` when it can't be read.
    fn success(&self, answer: &Answer<'_>) -> Option<Self::Output>;

    /// What the statuses mean that are this endpoint's own.
    fn own(&self, answer: &Answer<'_>) -> Option<Verdict<Self::Output>>;
}

/// Judges an answer. `signs`: this server is known to sign its answers.
pub(crate) fn judge<E: Judged>(
    endpoint: &E,
    answer: &Answer<'_>,
    signs: bool,
) -> Verdict<E::Output> {
    let status = answer.status();
    if let Some(scheme) = answer.challenge() {
        return Err(Obstacle::Fail(Error::ProxyAuthentication { scheme }));
    }
    if answer.is_redirect() {
        let (server, path) = endpoint.target();
        let to = Redirect::target(server, path, answer.location());
        return Err(Obstacle::Fail(Error::Redirected { to }));
    }
    if answer.is_signed() && answer.body().is_empty() && blocked_shape::<E>(answer) {
        return Err(Obstacle::Fail(Error::AddressBlocked));
    }
    if let Some(trouble) = starting_or_busy(answer, E::STAGE) {
        return Err(Obstacle::Again(trouble));
    }
    if signs && !answer.is_signed() && !answer.is_below_jellyfin() {
        return match answer.is_success().then(|| endpoint.success(answer)).flatten() {
            Some(output) => Ok(output),
            // The password may have been looked at: asking again would be another attempt.
            None if E::STAGE == Stage::Authenticate => {
                Err(Obstacle::Fail(Error::Intercepted { status }))
            }
            None => Err(Obstacle::Again(Trouble::Intercepted { status })),
        };
    }
    if let Some(verdict) = endpoint.own(answer) {
        return verdict;
    }
    if answer.is_success() {
        return match endpoint.success(answer) {
            Some(output) => Ok(output),
            None => Err(Obstacle::Fail(Error::Malformed { step: E::STAGE })),
        };
    }
    if answer.is_server_error() {
        return match E::STAGE {
            // The server looked at the password: asking again would be another attempt at it.
            Stage::Authenticate => Err(Obstacle::Fail(Error::ServerFault { status })),
            _ => Err(Obstacle::Again(Trouble::ServerFault { status })),
        };
    }
    Err(Obstacle::Fail(Error::Unexpected { step: E::STAGE, status }))
}

/// The address filter says 503 without a body on 9 to 12, and 200 without one on 7 and 8 (protocol
/// facts, section 8.5).
fn blocked_shape<E: Judged>(answer: &Answer<'_>) -> bool {
    match answer.status() {
        503 => true,
        200 => E::HAS_BODY,
        _ => false,
    }
}

fn starting_or_busy(answer: &Answer<'_>, stage: Stage) -> Option<Trouble> {
    let (status, retry_after) = (answer.status(), answer.retry_after());
    match status {
        503 if answer.is_signed() || answer.has_retry_after() => {
            Some(Trouble::Starting { retry_after })
        }
        503 | 429 => Some(Trouble::Busy { status, retry_after }),
        502 | 504 if !answer.is_signed() && stage != Stage::Authenticate => {
            Some(Trouble::Busy { status, retry_after })
        }
        _ => None,
    }
}
