use std::time::Duration;

/// How patient a sign-in is. The defaults suit a program with a person in front of it.
///
/// ```
/// use jellyfin_auth::{Policy, Renewals};
///
/// let mut television = Policy::default();
/// television.renewals = Renewals::Unlimited;
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Policy {
    /// How long to wait between two Quick Connect polls. 5 s; less than 1 s counts as 1 s.
    pub poll_interval: Duration,
    /// How long one request may take, all in all. 30 s.
    pub request_timeout: Duration,
    /// The same for the request with the password. 90 s: a server that checks it elsewhere (LDAP) may
    /// wait until the user has approved on a phone.
    pub password_timeout: Duration,
    /// How many bytes a response's body may have. 1 MiB.
    pub max_body: usize,
    /// How often one request is tried again after it failed. 3, after 1 s, 2 s, 4 s, …, 30 s.
    pub retries: u32,
    /// How long to wait for a server that is starting or busy, and for a Quick Connect that was
    /// switched off while a code was shown. 2 min.
    pub patience: Duration,
    /// How often a Quick Connect code that is gone is replaced by a new one. Never.
    pub renewals: Renewals,
    /// Whether to ask who the server is before anything else. On. Without it a wrong address, a
    /// base URL and the server's id are not noticed.
    pub probe: bool,
    /// Whether to try the token (`GET /Users/Me`) before the sign-in counts as done. Off. A Quick
    /// Connect result can hold a token that was replaced meanwhile. 403 there is no failure: the token
    /// is good, and its user may not use the server now.
    pub verify_token: bool,
}

impl Policy {
    pub(crate) const DEFAULT_REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
    pub(crate) const DEFAULT_MAX_BODY: usize = 1024 * 1024;

    pub(crate) fn poll_interval(&self) -> Duration {
        self.poll_interval.max(Duration::from_secs(1))
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            poll_interval: Duration::from_secs(5),
            request_timeout: Self::DEFAULT_REQUEST_TIMEOUT,
            password_timeout: Duration::from_secs(90),
            max_body: Self::DEFAULT_MAX_BODY,
            retries: 3,
            patience: Duration::from_secs(120),
            renewals: Renewals::Never,
            probe: true,
            verify_token: false,
        }
    }
}

/// How often a Quick Connect code that is gone is replaced by a new one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Renewals {
    /// The sign-in ends when its code does.
    #[default]
    Never,
    /// Up to this many new codes.
    Times(u32),
    /// New codes for as long as it takes: for a television that shows a code until somebody comes.
    Unlimited,
}

impl Renewals {
    /// Whether one more renewal is left after `used`.
    pub(crate) fn allow(self, used: u32) -> bool {
        match self {
            Self::Never => false,
            Self::Times(most) => used < most,
            Self::Unlimited => true,
        }
    }
}
