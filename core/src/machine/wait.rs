use std::{fmt, time::Duration};

use super::Failure;

/// A pause until the next request, and what to show the user meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    pub(crate) delay: Duration,
    pub(crate) code: Option<Box<str>>,
    pub(crate) code_expires_in: Option<Duration>,
    pub(crate) reason: WaitReason,
}

impl Wait {
    /// How long to sleep before polling again. Polling earlier does no harm.
    #[must_use]
    pub fn delay(&self) -> Duration {
        self.delay
    }

    /// The Quick Connect code to show: what the user types into an app that is signed in.
    ///
    /// 1 to 32 ASCII letters, digits or `-`; six digits on every server so far. Present on every wait
    /// while a code is alive. `None` in a password login, and while a new code is fetched.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// How much longer the server takes the code: ten minutes from the moment it was handed out
    /// (protocol facts, section 5.3). `None` without a code, and for a resumed one whose age is
    /// unknown.
    #[must_use]
    pub fn code_expires_in(&self) -> Option<Duration> {
        self.code_expires_in
    }

    /// What is waited for.
    #[must_use]
    pub fn reason(&self) -> WaitReason {
        self.reason
    }
}

/// What a [`Wait`] is for, so that a program can show it to its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitReason {
    /// All is well: the code has not been entered yet.
    Approval,
    /// All is well: servers are being looked for.
    Search,
    /// The server is starting.
    ServerStarting,
    /// The server, or something in front of it, is overloaded or down for a moment.
    Busy,
    /// The server itself failed.
    #[non_exhaustive]
    ServerFault {
        /// The HTTP status, 500 to 599.
        status: u16,
    },
    /// The last request got no response.
    NoAnswer(Failure),
    /// Something in front of the server answered in its place.
    #[non_exhaustive]
    Intercepted {
        /// The HTTP status of that response.
        status: u16,
    },
    /// A gateway in front of the server wants its own log-in, as when its session has run out. The code
    /// stays good: log in there in a browser, or give new
    /// [headers](crate::Login::with_gateway_headers).
    Gateway,
    /// Quick Connect was switched off on the server while the code was shown. It may be switched
    /// on again: the code is then still good.
    Disabled,
    /// The last response was not one that was expected.
    Other,
}

impl fmt::Display for WaitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Approval => f.write_str("waiting for the code to be entered"),
            Self::Search => f.write_str("looking for the server"),
            Self::ServerStarting => f.write_str("the server is starting"),
            Self::Busy => f.write_str("the server is busy"),
            Self::ServerFault { status } => write!(f, "the server failed (status {status})"),
            Self::NoAnswer(failure) => fmt::Display::fmt(failure, f),
            Self::Intercepted { status } => {
                write!(f, "something in front of the server answered (status {status})")
            }
            Self::Gateway => f.write_str("a gateway in front of the server wants its own log-in"),
            Self::Disabled => f.write_str("Quick Connect is switched off"),
            Self::Other => f.write_str("the server's last answer was not understood"),
        }
    }
}
