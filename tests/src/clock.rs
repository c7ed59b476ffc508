use std::time::Duration;

use jellyfin_auth::Timestamp;

/// Virtual time: it passes when a test lets it.
///
/// ```
/// use std::time::Duration;
/// use jellyfin_auth_testkit::Clock;
///
/// let mut clock = Clock::default();
/// clock.advance(Duration::from_secs(5));
/// assert_eq!(clock.now().since_origin(), Duration::from_secs(5));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock(Duration);

impl Clock {
    /// The moment that it is.
    #[must_use]
    pub fn now(self) -> Timestamp {
        Timestamp::new(self.0)
    }

    /// Lets time pass.
    pub fn advance(&mut self, time: Duration) {
        self.0 = self.0.saturating_add(time);
    }

    /// Goes back, as a computer's clock does when it is set.
    pub fn go_back(&mut self, time: Duration) {
        self.0 = self.0.saturating_sub(time);
    }
}
