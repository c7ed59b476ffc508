//! The part of the table for a code that is alive, or is being replaced.

use std::time::Duration;

use jellyfin_auth::{Renewals, RequestName};

use super::{Expectation, Oracle};
use crate::reply::{Meaning, Reply};

/// After so long without a sign of its life neither the code nor its result can be alive.
const CODE_AND_RESULT_LIFE: Duration = Duration::from_secs(1200);

/// A code, as the program knows it.
#[derive(Debug)]
pub(super) struct Live {
    has_code: bool,
    /// How old it was at which moment.
    born: Option<(Duration, Duration)>,
    seen_alive: Duration,
}

impl Live {
    pub(super) fn new(asked_for: Duration, now: Duration) -> Self {
        Self { has_code: true, born: Some((Duration::ZERO, asked_for)), seen_alive: now }
    }

    pub(super) fn resumed(age: Option<Duration>) -> Self {
        let born = age.map(|age| (age, Duration::ZERO));
        Self { has_code: true, born, seen_alive: Duration::ZERO }
    }

    pub(super) fn renewal(now: Duration) -> Self {
        Self { has_code: false, born: None, seen_alive: now }
    }

    pub(super) fn has_code(&self) -> bool {
        self.has_code
    }

    pub(super) fn age(&self, now: Duration) -> Option<Duration> {
        self.born.map(|(age, at)| age + now.saturating_sub(at))
    }
}

impl Oracle {
    pub(super) fn with_live_code(&mut self, reply: &Reply, now: Duration) -> Expectation {
        use RequestName as R;
        let is_poll = reply.request == R::GetQuickConnectState;
        let of_code = is_poll || reply.request == R::AuthenticateWithQuickConnect;
        if reply.status != 0 && reply.meaning != Meaning::Unauthorized {
            self.disabled_since = None;
        }
        match (reply.request, reply.meaning) {
            (R::GetQuickConnectState, Meaning::Success) => {
                self.shows_life(now);
                if reply.body["Authenticated"] == true {
                    Expectation::Send(R::AuthenticateWithQuickConnect)
                } else {
                    Expectation::Wait
                }
            }
            (R::AuthenticateWithQuickConnect, Meaning::Success) => {
                self.live = None;
                self.forget_failures();
                Expectation::Anything
            }
            (_, Meaning::NotFound) if of_code => self.renews(),
            (R::InitiateQuickConnect, Meaning::Success) => {
                self.live = Some(Live::new(self.sent_at, now));
                Expectation::Wait
            }
            (R::InitiateQuickConnect, Meaning::MethodNotAllowed) if !self.initiates_by_get => {
                self.initiates_by_get = true;
                Expectation::Send(R::InitiateQuickConnect)
            }
            (R::InitiateQuickConnect, Meaning::MethodNotAllowed) => {
                self.initiates_by_get = false;
                self.outlasts()
            }
            (R::GetServerInfo, _) => self.probes_with_live_code(reply),
            (_, Meaning::Unauthorized) => {
                let since = *self.disabled_since.get_or_insert(now);
                if now.saturating_sub(since) >= self.policy.patience {
                    Expectation::End
                } else {
                    self.outlasts()
                }
            }
            _ => self.outlasts(),
        }
    }

    /// Only another server, or one that isn't set up, ends a resumed login here.
    fn probes_with_live_code(&mut self, reply: &Reply) -> Expectation {
        let is_other = self.expected_id.as_deref().is_some_and(|id| reply.body["Id"] != id);
        match reply.meaning {
            Meaning::Success if is_other => Expectation::End,
            Meaning::Success => Expectation::Send(RequestName::GetQuickConnectState),
            Meaning::NotSetUp => Expectation::End,
            Meaning::WrongPath | Meaning::Elsewhere => {
                self.looks_for_parents |= reply.meaning == Meaning::WrongPath;
                Expectation::Anything
            }
            _ => self.outlasts(),
        }
    }

    fn shows_life(&mut self, now: Duration) {
        if let Some(live) = &mut self.live {
            live.seen_alive = now;
        }
    }

    /// Anything else is waited out, until the code can't be alive any more.
    fn outlasts(&self) -> Expectation {
        let Some(live) = &self.live else { return Expectation::Anything };
        let is_over = self.sent_at.saturating_sub(live.seen_alive) >= CODE_AND_RESULT_LIFE;
        match self.policy.renewals {
            _ if !is_over => Expectation::Wait,
            Renewals::Unlimited if !live.has_code => Expectation::Wait,
            _ if !live.has_code => Expectation::End,
            _ => self.renews(),
        }
    }

    fn renews(&self) -> Expectation {
        let may_renew = match self.policy.renewals {
            Renewals::Unlimited => true,
            Renewals::Times(most) => self.renewals_used < most,
            _ => false,
        };
        if may_renew {
            Expectation::Send(RequestName::InitiateQuickConnect)
        } else {
            Expectation::End
        }
    }
}
