use std::time::Duration;

/// A moment, as the time since an origin that the driver picks: the start of the program, of the
/// sign-in, of the epoch.
///
/// Only differences count. A clock that goes back or starts again costs no more than the time that
/// it lost. `Instant` and `SystemTime` are avoided because both panic on `wasm32-unknown-unknown`.
///
/// ```
/// use std::time::{Duration, Instant};
/// use jellyfin_auth::Timestamp;
///
/// let start = Instant::now();
/// let now = Timestamp::new(start.elapsed());
/// assert!(now < Timestamp::new(Duration::from_secs(3600)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(Duration);

impl Timestamp {
    /// The origin itself.
    pub const ORIGIN: Self = Self(Duration::ZERO);

    /// The moment `since_origin` after the origin.
    #[must_use]
    pub const fn new(since_origin: Duration) -> Self {
        Self(since_origin)
    }

    /// The time since the origin.
    #[must_use]
    pub const fn since_origin(self) -> Duration {
        self.0
    }
}

impl From<Duration> for Timestamp {
    fn from(since_origin: Duration) -> Self {
        Self(since_origin)
    }
}
