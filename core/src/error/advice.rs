use super::Error;
use crate::Failure;

/// Who must act on an [`Error`], and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Advice {
    /// Ask the user for the user name and password (again).
    AskPassword,
    /// Ask the user for the server's address (again).
    AskAddress,
    /// The same attempt may succeed later.
    TryAgain,
    /// Quick Connect can't work here: offer a sign-in by password.
    OfferPassword,
    /// Only the server's administrator can help.
    AskAdministrator,
    /// Something between this program and the server is in the way.
    FixProxy,
    /// Neither the user nor the administrator did anything wrong: report it.
    ReportBug,
}

impl Error {
    /// Who must act, and how.
    #[must_use]
    pub fn advice(&self) -> Advice {
        match self {
            Self::BadCredentials | Self::BlankUserName | Self::TokenRevoked => Advice::AskPassword,
            Self::NotJellyfin
            | Self::WrongBasePath
            | Self::Redirected { .. }
            | Self::TooManyRedirects
            | Self::DifferentServer
            | Self::NoServer { .. }
            | Self::NoAnswer { failure: Failure::Tls | Failure::Redirected } => Advice::AskAddress,
            Self::NoAnswer { failure: Failure::Proxy }
            | Self::ProxyAuthentication { .. }
            | Self::Intercepted { .. } => Advice::FixProxy,
            Self::NoAnswer { .. }
            | Self::ServerStarting
            | Self::ServerBusy { .. }
            | Self::CodeExpired
            | Self::CodeLost
            | Self::CodeUnknown
            | Self::CodeAlreadyApproved
            | Self::InvalidCode
            | Self::PinRefused
            | Self::Cancelled => Advice::TryAgain,
            Self::QuickConnectDisabled | Self::QuickConnectUnsupported => Advice::OfferPassword,
            Self::LoginRefused
            | Self::NotAllowedNow
            | Self::ServerNotSetUp
            | Self::AddressBlocked
            | Self::ServerFault { .. } => Advice::AskAdministrator,
            Self::Malformed { .. } | Self::Unexpected { .. } => Advice::ReportBug,
        }
    }
}
