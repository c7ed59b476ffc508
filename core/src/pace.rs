//! When to try again, and when to give up.

use std::time::Duration;

use crate::{Error, Failure, Policy, Timestamp, flow::Persistence, verdict::Trouble};

const FIRST_BACKOFF: Duration = Duration::from_secs(1);
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);
/// While a server starts, it is asked often enough that its being ready is noticed.
const LONGEST_BACKOFF_IN_WINDOW: Duration = Duration::from_secs(5);
/// "Next" can't make requests follow each other faster than this.
const SHORTEST_GAP: Duration = Duration::from_secs(1);
/// A code's life, from Initiate (protocol facts, section 5.3).
const CODE_LIFE: Duration = Duration::from_secs(10 * 60);
/// The code's life and, if it was approved at its end, the result's.
const CODE_AND_RESULT_LIFE: Duration = Duration::from_secs(20 * 60);

/// More time between two polls makes no difference, and this much can't overflow.
const LONGEST_STEP: Duration = Duration::from_secs(24 * 60 * 60);

/// A moment that is known at the next poll: an answer is told without the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mark {
    #[default]
    None,
    NextPoll,
    At(Duration),
}

impl Mark {
    fn settle(&mut self, now: Duration) {
        if *self == Self::NextPoll {
            *self = Self::At(now);
        }
    }

    fn get_or_set(&mut self, now: Duration) -> Duration {
        match *self {
            Self::At(then) => then,
            Self::None | Self::NextPoll => {
                *self = Self::At(now);
                now
            }
        }
    }

    fn age(self, now: Duration) -> Duration {
        match self {
            Self::At(then) => now.saturating_sub(then),
            Self::None | Self::NextPoll => Duration::ZERO,
        }
    }
}

/// How long to wait before trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Delay {
    pub(crate) time: Duration,
    /// The server asked for it: "next" doesn't shorten it.
    pub(crate) firm: bool,
}

/// The time that has passed and the patience that is left.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    last_poll: Option<Timestamp>,
    elapsed: Duration,
    last_sent: Option<Duration>,
    /// Failures in a row, for the backoff.
    failures: u32,
    /// Retries of the request that is due.
    retries: u32,
    /// The server was heard of before: it exists.
    heard: bool,
    /// When the first sign of a starting or busy server came in a row of failures.
    window: Mark,
    /// What the server said in that row.
    starting: bool,
    busy: Option<u16>,
    disabled: Mark,
    code_born: Mark,
    code_alive: Mark,
}

impl Pace {
    /// Takes in the time. A clock that went back costs the time that it lost.
    pub(crate) fn advance(&mut self, now: Timestamp) {
        if let Some(last) = self.last_poll.replace(now) {
            let passed = now.since_origin().saturating_sub(last.since_origin());
            self.elapsed = self.elapsed.saturating_add(passed.min(LONGEST_STEP));
        }
    }

    /// Settles the moments that answers have left open.
    pub(crate) fn settle(&mut self) {
        for mark in [&mut self.code_born, &mut self.code_alive] {
            mark.settle(self.elapsed);
        }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.elapsed
    }

    pub(crate) fn sent(&mut self) {
        self.last_sent = Some(self.elapsed);
    }

    /// The earliest moment for another request when the user asks for it.
    pub(crate) fn soonest(&self) -> Duration {
        self.last_sent
            .map_or(self.elapsed, |sent| sent.saturating_add(SHORTEST_GAP).max(self.elapsed))
    }

    /// An answer came, whatever it says.
    pub(crate) fn heard(&mut self) {
        self.heard = true;
    }

    /// The request that was due is done with.
    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
        self.retries = 0;
        self.window = Mark::None;
        self.starting = false;
        self.busy = None;
        self.disabled = Mark::None;
    }

    /// Another server is asked from here on.
    pub(crate) fn begin_anew(&mut self) {
        self.succeeded();
        self.heard = false;
    }

    /// The server drew the code between the request and its answer: from the request on it counts as
    /// that old, so that one that expired is not taken for one that was lost.
    pub(crate) fn code_was_born(&mut self) {
        self.code_born = self.last_sent.map_or(Mark::NextPoll, Mark::At);
        self.code_alive = Mark::NextPoll;
    }

    pub(crate) fn code_is_alive(&mut self) {
        self.code_alive = Mark::NextPoll;
    }

    pub(crate) fn code_expires_in(&self) -> Duration {
        CODE_LIFE.saturating_sub(self.code_born.age(self.elapsed))
    }

    /// How long to wait after `trouble`.
    ///
    /// # Errors
    ///
    /// The error that it is when there is no patience left.
    pub(crate) fn after(
        &mut self,
        trouble: Trouble,
        persistence: Persistence,
        replayable: bool,
        retries: u32,
        policy: &Policy,
    ) -> Result<Delay, Error> {
        let in_window = self.watch_window(&trouble, replayable);
        let mut shortest = FIRST_BACKOFF;
        let retry_after = trouble.retry_after();
        match persistence {
            Persistence::Bounded => self.spend(trouble, in_window, retries, policy)?,
            Persistence::Unlimited => {}
            Persistence::WhileCodeLives => {
                self.outlast(trouble, policy)?;
                shortest = policy.poll_interval();
            }
        }
        let backoff = self.backoff(policy);
        self.failures = self.failures.saturating_add(1);
        let time = backoff.max(shortest);
        Ok(match retry_after {
            Some(asked) => Delay { time: time.max(asked), firm: true },
            None => Delay { time, firm: false },
        })
    }

    /// Whether `trouble` is one that a starting or busy server explains; opens the window.
    fn watch_window(&mut self, trouble: &Trouble, replayable: bool) -> bool {
        let open = self.window != Mark::None;
        let in_window = match *trouble {
            Trouble::Starting { .. } => {
                self.starting = true;
                true
            }
            Trouble::Busy { status, .. } => {
                self.busy = Some(status);
                true
            }
            Trouble::NoAnswer(Failure::Unreachable) => open || self.heard,
            Trouble::NoAnswer(Failure::Interrupted) => open && replayable,
            _ => false,
        };
        if in_window {
            self.window.get_or_set(self.elapsed);
        }
        in_window
    }

    fn spend(
        &mut self,
        trouble: Trouble,
        in_window: bool,
        retries: u32,
        policy: &Policy,
    ) -> Result<(), Error> {
        if in_window {
            if self.window.age(self.elapsed) < policy.patience {
                return Ok(());
            }
            return Err(match (self.starting, self.busy) {
                (true, _) => Error::ServerStarting,
                (false, Some(status)) => Error::ServerBusy { status },
                (false, None) => trouble.into_error(),
            });
        }
        if self.retries >= retries {
            return Err(trouble.into_error());
        }
        self.retries += 1;
        Ok(())
    }

    fn outlast(&mut self, trouble: Trouble, policy: &Policy) -> Result<(), Error> {
        if trouble == Trouble::CodeGone {
            return Err(if self.code_born.age(self.elapsed) >= CODE_LIFE {
                Error::CodeExpired
            } else {
                Error::CodeLost
            });
        }
        if trouble == Trouble::Disabled {
            let since = self.disabled.get_or_set(self.elapsed);
            if self.elapsed.saturating_sub(since) >= policy.patience {
                return Err(Error::QuickConnectDisabled);
            }
        } else if !matches!(trouble, Trouble::NoAnswer(_)) {
            self.disabled = Mark::None;
        }
        let sent = self.last_sent.unwrap_or_default();
        if self.code_alive.age(sent) >= CODE_AND_RESULT_LIFE {
            return Err(trouble.into_error());
        }
        Ok(())
    }

    fn backoff(&self, policy: &Policy) -> Duration {
        let in_window =
            self.window != Mark::None && self.window.age(self.elapsed) < policy.patience;
        let longest = if in_window { LONGEST_BACKOFF_IN_WINDOW } else { LONGEST_BACKOFF };
        FIRST_BACKOFF.saturating_mul(1 << self.failures.min(5)).min(longest)
    }
}
