use std::fmt;

/// Which request an answer belonged to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// `GET /System/Info/Public`
    Probe,
    /// `POST /Users/AuthenticateByName`
    Authenticate,
    /// `GET /QuickConnect/Enabled`
    CheckEnabled,
    /// `POST` or `GET /QuickConnect/Initiate`
    Initiate,
    /// `GET /QuickConnect/Connect`
    Poll,
    /// `POST /Users/AuthenticateWithQuickConnect`
    Exchange,
    /// `GET /Users/Me`
    CurrentUser,
    /// `POST /QuickConnect/Authorize`
    Authorize,
    /// `POST /Sessions/Logout`
    Logout,
    /// `GET /Users/Public`
    PublicUsers,
    /// `POST /Users/ForgotPassword`
    ForgotPassword,
    /// `POST /Users/ForgotPassword/Pin`
    RedeemPin,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Probe => "asking who the server is",
            Self::Authenticate => "signing in by password",
            Self::CheckEnabled => "asking whether Quick Connect is on",
            Self::Initiate => "asking for a Quick Connect code",
            Self::Poll => "waiting for the Quick Connect code to be approved",
            Self::Exchange => "redeeming the approved Quick Connect code",
            Self::CurrentUser => "asking who is signed in",
            Self::Authorize => "approving a Quick Connect code",
            Self::Logout => "signing out",
            Self::PublicUsers => "asking for the users",
            Self::ForgotPassword => "asking for a password reset",
            Self::RedeemPin => "redeeming the password reset PIN",
        })
    }
}
