use std::time::Duration;

use jellyfin_auth::{Error, Failure};

use crate::{SignIn, Way};

/// A code's life, and the longest time without a sign of it that a login sits out.
const CODE_LIFE: Duration = Duration::from_secs(600);
const CODE_AND_RESULT_LIFE: Duration = Duration::from_secs(1200);

/// Tries of one request beyond the first, and the failures after which a login without a code ends.
const RETRIES: u8 = 3;

/// What really happened: what an end is held against.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Facts {
    /// The path of the request that is, or was, under way.
    pub(crate) asked: String,
    /// Failures since the last response, and the last of them.
    pub(crate) failures: u8,
    pub(crate) last_failure: Option<Failure>,
    /// Passwords that the server looked at.
    pub(crate) passwords: u8,
    /// When a code was asked for last.
    pub(crate) initiated: Duration,
    /// The code that is shown, or was shown last.
    pub(crate) code: Option<Code>,
    /// Codes that the server doesn't know any more.
    pub(crate) lost_codes: Vec<String>,
    /// When the server last showed the code to be alive, or its replacement began.
    pub(crate) seen_alive: Duration,
    /// Codes that were replaced.
    pub(crate) renewals: u8,
}

/// A code that was shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Code {
    pub(crate) text: String,
    pub(crate) initiated: Duration,
    pub(crate) is_approved: bool,
}

impl Facts {
    /// A request is sent. Fails when it replaces a code that may still be alive.
    pub(crate) fn sends(&mut self, path: &str, now: Duration) -> Result<(), String> {
        let before = std::mem::replace(&mut self.asked, path.to_owned());
        if path.ends_with("/Initiate") {
            if self.code.is_some() && !before.ends_with("/Initiate") {
                if !self.code_is_gone() && !self.is_silent(now) {
                    return Err("a code is replaced that may be alive".to_owned());
                }
                self.renewals += 1;
                self.seen_alive = now;
            }
            self.initiated = now;
        }
        Ok(())
    }

    /// A response was handed in.
    pub(crate) fn records_response(&mut self, success: bool, now: Duration) {
        self.failures = 0;
        self.last_failure = None;
        let of_code = ["/Connect", "/Initiate"].iter().any(|path| self.asked.ends_with(path));
        if of_code && success {
            self.seen_alive = now;
        }
    }

    pub(crate) fn fails(&mut self, failure: Failure) {
        self.failures += 1;
        self.last_failure = Some(failure);
    }

    pub(crate) fn shows(&mut self, code: &str) {
        if self.code.as_ref().is_none_or(|shown| shown.text != code) {
            let (text, initiated) = (code.to_owned(), self.initiated);
            self.code = Some(Code { text, initiated, is_approved: false });
        }
    }

    /// The server doesn't know the code any more.
    pub(crate) fn code_is_gone(&self) -> bool {
        self.code.as_ref().is_some_and(|code| self.lost_codes.contains(&code.text))
    }

    /// The code was approved, and the server still knows it.
    pub(crate) fn code_can_be_redeemed(&self) -> bool {
        self.code.as_ref().is_some_and(|code| code.is_approved) && !self.code_is_gone()
    }

    fn is_silent(&self, now: Duration) -> bool {
        now.saturating_sub(self.seen_alive) >= CODE_AND_RESULT_LIFE
    }

    /// Whether a login may end with that error: every reason that there is.
    pub(crate) fn allow(&self, model: &SignIn, error: &Error, now: Duration) -> bool {
        let no_renewal_is_left = self.renewals >= model.bounds.renewals;
        match (model.way, error) {
            (Way::Password, Error::PasswordTimeout) => {
                self.asked.ends_with("/AuthenticateByName")
                    && self.last_failure == Some(Failure::Timeout)
            }
            // A password is given up at the first failure after which it may have been looked at.
            (Way::Password, Error::NoAnswer { failure, .. }) => {
                let is_looked_at =
                    self.asked.ends_with("/AuthenticateByName") && *failure == Failure::Interrupted;
                self.last_failure == Some(*failure) && (is_looked_at || self.failures > RETRIES)
            }
            (Way::QuickConnect, Error::NoAnswer { failure, .. }) => {
                let is_over = match &self.code {
                    None => self.failures > RETRIES,
                    Some(_) => self.is_silent(now) && no_renewal_is_left,
                };
                self.last_failure == Some(*failure) && is_over
            }
            (Way::QuickConnect, Error::CodeLost | Error::CodeExpired) => {
                let Some(code) = &self.code else { return false };
                let expired = now.saturating_sub(code.initiated) >= CODE_LIFE;
                let is_named = (*error == Error::CodeExpired) == expired;
                self.code_is_gone() && no_renewal_is_left && is_named
            }
            _ => false,
        }
    }
}
