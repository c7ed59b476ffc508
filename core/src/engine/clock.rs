use std::time::Duration;

use crate::Timestamp;

/// "Next" can't make requests follow each other faster than this.
const SHORTEST_GAP: Duration = Duration::from_secs(1);

/// More time between two polls makes no difference, and this much can't overflow.
const LONGEST_STEP: Duration = Duration::from_secs(24 * 60 * 60);

/// The time that has passed since the first poll, or since a resumed code was handed out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Clock {
    last_poll: Option<Timestamp>,
    elapsed: Duration,
    last_sent: Option<Duration>,
}

impl Clock {
    /// A clock that has been running for so long.
    pub(crate) fn running_for(elapsed: Duration) -> Self {
        Self { elapsed: elapsed.min(LONGEST_STEP), ..Self::default() }
    }

    /// Takes in the time. A clock that went back costs the time that it lost.
    pub(crate) fn advance(&mut self, now: Timestamp) {
        if let Some(last) = self.last_poll.replace(now) {
            let passed = now.since_origin().saturating_sub(last.since_origin());
            self.elapsed = self.elapsed.saturating_add(passed.min(LONGEST_STEP));
        }
    }

    /// A request is sent now.
    pub(crate) fn sent(&mut self) {
        self.last_sent = Some(self.elapsed);
    }

    pub(crate) fn now(&self) -> Duration {
        self.elapsed
    }

    /// When the last request was sent.
    pub(crate) fn last_sent(&self) -> Duration {
        self.last_sent.unwrap_or_default()
    }

    /// The earliest moment for another request when the user asks for it.
    pub(crate) fn soonest(&self) -> Duration {
        self.last_sent
            .map_or(self.elapsed, |sent| sent.saturating_add(SHORTEST_GAP).max(self.elapsed))
    }
}
