use std::fmt;

/// Which request a response belonged to: the name of its [`Endpoint`](super::Endpoint).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestName {
    /// `GET /System/Info/Public`
    GetServerInfo,
    /// `GET /Branding/Configuration`
    GetBranding,
    /// `GET /Users/Public`
    GetPublicUsers,
    /// `POST /Users/AuthenticateByName`
    AuthenticateByName,
    /// `GET /QuickConnect/Enabled`
    GetQuickConnectEnabled,
    /// `POST` or `GET /QuickConnect/Initiate`
    InitiateQuickConnect,
    /// `GET /QuickConnect/Connect`
    GetQuickConnectState,
    /// `POST /Users/AuthenticateWithQuickConnect`
    AuthenticateWithQuickConnect,
    /// `POST /QuickConnect/Authorize`
    AuthorizeQuickConnect,
    /// `GET /Users/Me`
    GetCurrentUser,
    /// `POST /Sessions/Logout`
    LogOut,
    /// `POST /Users/ForgotPassword`
    RequestPasswordReset,
    /// `POST /Users/ForgotPassword/Pin`
    RedeemPin,
}

impl fmt::Display for RequestName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GetServerInfo => "asking who the server is",
            Self::GetBranding => "asking for the log-in notice",
            Self::GetPublicUsers => "asking for the users",
            Self::AuthenticateByName => "signing in by password",
            Self::GetQuickConnectEnabled => "asking whether Quick Connect is on",
            Self::InitiateQuickConnect => "asking for a Quick Connect code",
            Self::GetQuickConnectState => "asking whether the Quick Connect code was approved",
            Self::AuthenticateWithQuickConnect => "redeeming the approved Quick Connect code",
            Self::AuthorizeQuickConnect => "approving a Quick Connect code",
            Self::GetCurrentUser => "asking who is signed in",
            Self::LogOut => "signing out",
            Self::RequestPasswordReset => "asking for a password reset",
            Self::RedeemPin => "redeeming the password reset PIN",
        })
    }
}
