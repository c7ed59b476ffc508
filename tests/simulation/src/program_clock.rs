use std::time::Duration;

use jellyfin_auth::Timestamp;

/// More time between two polls counts as this much.
const LONGEST_STEP: Duration = Duration::from_secs(24 * 60 * 60);

/// The clock of the program's computer, and how much time a machine has seen pass on it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ProgramClock {
    /// How much it was set back, or stood still.
    lost: Duration,
    /// How much it was set forward.
    gained: Duration,
    /// How much it skipped, or went on while the computer slept.
    skipped: Duration,
    last_poll: Option<Duration>,
    elapsed: Duration,
}

impl ProgramClock {
    /// What it shows when it is `now` in the world.
    pub(super) fn shows(&self, now: Duration) -> Duration {
        (now + self.gained).saturating_sub(self.lost)
    }

    /// A machine is polled. Time that goes back is no time.
    pub(super) fn poll(&mut self, now: Duration) -> Timestamp {
        self.elapsed = self.elapsed_by(now);
        let shows = self.shows(now);
        self.last_poll = Some(shows);
        Timestamp::new(shows)
    }

    /// What has passed for the machine between its first poll and its last.
    pub(super) fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// What has passed for it if it is polled now.
    pub(super) fn elapsed_by(&self, now: Duration) -> Duration {
        let passed =
            self.last_poll.map_or(Duration::ZERO, |last| self.shows(now).saturating_sub(last));
        self.elapsed + passed.min(LONGEST_STEP)
    }

    /// Another machine begins.
    pub(super) fn begin(&mut self) {
        (self.last_poll, self.elapsed) = (None, Duration::ZERO);
    }

    pub(super) fn lose(&mut self, time: Duration) {
        self.lost += time;
    }

    pub(super) fn gain(&mut self, time: Duration) {
        self.gained += time;
        self.skipped += time;
    }

    pub(super) fn skip(&mut self, time: Duration) {
        self.skipped += time;
    }

    pub(super) fn skipped(&self) -> Duration {
        self.skipped
    }

    /// Whether it ever showed something wrong.
    pub(super) fn is_wrong(&self) -> bool {
        self.lost != self.gained
    }
}
