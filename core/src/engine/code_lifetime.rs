use std::time::Duration;

use super::Clock;

/// A code's life, from Initiate (protocol facts, section 5.3).
const CODE: Duration = Duration::from_secs(10 * 60);
/// The code's life and, if it was approved at its end, the result's.
const CODE_AND_RESULT: Duration = Duration::from_secs(20 * 60);

/// When a Quick Connect code was handed out, and when it was last known to be alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CodeLifetime {
    /// `None` when nobody knows.
    born: Option<Duration>,
    seen_alive: Duration,
}

impl CodeLifetime {
    /// A code that the response to the last request handed out. The server drew it between the request
    /// and the response: from the request on it counts as that old, so that one that expired is not
    /// taken for one that was lost.
    pub(crate) fn of_new_code(clock: &Clock) -> Self {
        Self { born: Some(clock.last_sent()), seen_alive: clock.now() }
    }

    /// A code from before this program started, on a clock that runs since it was handed out, if that is
    /// known, and since now otherwise.
    pub(crate) fn of_resumed_code(clock: &Clock, age_is_known: bool) -> Self {
        Self { born: age_is_known.then_some(Duration::ZERO), seen_alive: clock.now() }
    }

    /// No code yet: one is to come.
    pub(crate) fn of_renewal(clock: &Clock) -> Self {
        Self { born: None, seen_alive: clock.now() }
    }

    /// The server showed that it is alive.
    #[must_use]
    pub(crate) fn seen_alive(self, clock: &Clock) -> Self {
        Self { seen_alive: clock.now(), ..self }
    }

    /// How old the code is, if that is known.
    pub(crate) fn age(&self, clock: &Clock) -> Option<Duration> {
        Some(clock.now().saturating_sub(self.born?))
    }

    pub(crate) fn code_expires_in(&self, clock: &Clock) -> Option<Duration> {
        self.age(clock).map(|age| CODE.saturating_sub(age))
    }

    /// Whether a code that the server doesn't know any more ran out by itself.
    pub(crate) fn has_expired(&self, clock: &Clock) -> bool {
        self.age(clock).is_some_and(|age| age >= CODE)
    }

    /// Whether the last request was sent when neither the code nor its result can have been alive any
    /// more.
    pub(crate) fn is_over(&self, clock: &Clock) -> bool {
        clock.last_sent().saturating_sub(self.seen_alive) >= CODE_AND_RESULT
    }
}
