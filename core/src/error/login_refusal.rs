use super::Advice;

/// Why a server refuses a user ([`Error::LoginRefused`](super::Error::LoginRefused)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginRefusal {
    /// It doesn't say. Servers return 403 alike for a user who is disabled or locked out, for no remote
    /// access, the access schedule, a device that isn't allowed, too many sessions (protocol facts, section
    /// 6.2).
    NotStated,
    /// A plugin has locked the account for some time, after wrong passwords (gateway facts, section 4.1).
    AccountLocked,
    /// A plugin lets nobody in who has no password (gateway facts, section 4.1).
    EmptyPassword,
    /// A plugin lets nobody in by password; Quick Connect may work (gateway facts, section 4.1).
    PasswordDisabled,
    /// A plugin wants a single sign-on in a browser; Quick Connect works (gateway facts, section 4.2).
    SingleSignOn,
}

impl LoginRefusal {
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::NotStated => {
                "the account may be disabled, locked, limited to certain times, devices or networks, \
                 or have too many sessions; ask the server's administrator why"
            }
            Self::AccountLocked => {
                "the account is locked after wrong passwords; wait, or ask the server's administrator"
            }
            Self::EmptyPassword => {
                "an account without a password may not sign in; ask the server's administrator for one"
            }
            Self::PasswordDisabled => "signing in by password is switched off; use Quick Connect",
            Self::SingleSignOn => {
                "this server wants its single sign-on, in a browser; use Quick Connect here"
            }
        }
    }

    pub(super) fn advice(self) -> Advice {
        match self {
            Self::PasswordDisabled | Self::SingleSignOn => Advice::OfferQuickConnect,
            Self::NotStated | Self::AccountLocked | Self::EmptyPassword => Advice::AskAdministrator,
        }
    }
}
