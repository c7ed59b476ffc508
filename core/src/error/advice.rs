use super::Error;
use crate::{Failure, GatewayKind};

/// Who must act on an [`Error`], and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Advice {
    /// Ask the user for the user name and password (again).
    AskPassword,
    /// Ask the user for the server's address (again).
    AskAddress,
    /// Ask the user for the code or PIN (again).
    AskCode,
    /// The session is over: sign in again.
    SignInAgain,
    /// The same attempt may succeed later.
    TryAgain,
    /// Quick Connect can't work here: offer a sign-in by password.
    OfferPassword,
    /// The password can't work here: offer Quick Connect; for a second factor also a browser, or an app
    /// password.
    OfferQuickConnect,
    /// Something in front of the server wants a log-in of its own first.
    PassGateway,
    /// Only the server's administrator can help.
    AskAdministrator,
    /// Something between this program and the server is in the way.
    FixProxy,
    /// The server's certificate isn't trusted: check the address, or show the certificate's fingerprint
    /// to the user, who may trust it after comparing.
    TrustCertificate,
    /// The server wants a client certificate: ask the user for its file and the key's.
    GiveClientCertificate,
    /// Neither the user nor the administrator did anything wrong: report it.
    ReportBug,
}

impl Error {
    /// Who must act, and how.
    #[must_use]
    pub fn advice(&self) -> Advice {
        match self {
            Self::BadCredentials { .. } | Self::BlankUserName => Advice::AskPassword,
            Self::Intercepted { .. } if self.may_be_about_the_password() => Advice::AskPassword,
            Self::NotJellyfin
            | Self::WrongBasePath
            | Self::Redirected { .. }
            | Self::TooManyRedirects
            | Self::DifferentServer { .. }
            | Self::NoServer { .. }
            | Self::NoAnswer {
                failure: Failure::Redirected | Failure::HostNotFound | Failure::NoTls,
            } => Advice::AskAddress,
            Self::CodeUnknown | Self::InvalidCode | Self::PinRefused => Advice::AskCode,
            Self::TokenRevoked => Advice::SignInAgain,
            Self::NoAnswer { failure: Failure::UntrustedCertificate } => Advice::TrustCertificate,
            Self::NoAnswer { failure: Failure::ClientCertificateRequired } => {
                Advice::GiveClientCertificate
            }
            Self::NoAnswer { failure: Failure::Proxy } | Self::Intercepted { .. } => {
                Advice::FixProxy
            }
            Self::LoginGateway { gateway, .. } if gateway.kind() == GatewayKind::NasPortal => {
                Advice::AskAddress
            }
            Self::ProxyAuthentication { .. } | Self::LoginGateway { .. } => Advice::PassGateway,
            // A changed certificate may be an attack: no program should offer to go on.
            Self::NoAnswer { failure: Failure::Tls | Failure::CertificateChanged } => {
                Advice::AskAdministrator
            }
            Self::NoAnswer { .. }
            | Self::PasswordTimeout
            | Self::ServerStarting
            | Self::ServerBusy { .. }
            | Self::CodeExpired
            | Self::CodeLost
            | Self::CodeAlreadyApproved
            | Self::Cancelled => Advice::TryAgain,
            Self::QuickConnectDisabled | Self::QuickConnectUnsupported => Advice::OfferPassword,
            Self::SecondFactorRequired { .. }
            | Self::ServerFault { request: crate::RequestName::AuthenticateByName, .. } => {
                Advice::OfferQuickConnect
            }
            Self::LoginRefused { reason } => reason.advice(),
            Self::NotAllowedNow
            | Self::SignOutUnsupported
            | Self::ServerNotSetUp
            | Self::AddressBlocked
            | Self::ServerFault { .. } => Advice::AskAdministrator,
            Self::InvalidUserId | Self::Malformed { .. } | Self::Unexpected { .. } => {
                Advice::ReportBug
            }
        }
    }
}
