use std::time::Duration;

use serde::{Serialize, Serializer};
use time::OffsetDateTime;

/// 2026-01-01T00:00:00Z: the date at which every fake server's time begins.
const ORIGIN: i64 = 1_767_225_600;
const TICKS_PER_SECOND: i64 = 10_000_000;

/// A point in a fake server's time, in .NET's ticks of 100 ns since [`ORIGIN`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Moment(i64);

impl Moment {
    pub(super) fn at(since_origin: Duration) -> Self {
        Self(i64::try_from(since_origin.as_nanos() / 100).unwrap_or(i64::MAX / 2))
    }

    pub(super) const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(TICKS_PER_SECOND)))
    }

    /// Whether more than `seconds` have passed since `earlier`.
    pub(super) const fn is_over(self, seconds: i64, earlier: Self) -> bool {
        self.0.saturating_sub(earlier.0) > seconds * TICKS_PER_SECOND
    }
}

impl Serialize for Moment {
    /// The server's own converter: seven digits when the milliseconds are 0, else without trailing
    /// zeros (protocol facts, section 7.2).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let seconds = self.0.div_euclid(TICKS_PER_SECOND) + ORIGIN;
        let fraction = self.0.rem_euclid(TICKS_PER_SECOND);
        let date =
            OffsetDateTime::from_unix_timestamp(seconds).map_err(serde::ser::Error::custom)?;
        let (year, month, day) = date.to_calendar_date();
        let (hour, minute, second) = date.to_hms();
        let digits = format!("{fraction:07}");
        let digits =
            if digits.starts_with("000") { &*digits } else { digits.trim_end_matches('0') };
        serializer.collect_str(&format_args!(
            "{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{digits}Z",
            u8::from(month)
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_server_writes_them() {
        let text = |nanoseconds| {
            let moment = Moment::at(Duration::from_nanos(nanoseconds));
            serde_json::to_value(moment).expect("a date")
        };
        assert_eq!(text(0), "2026-01-01T00:00:00.0000000Z");
        assert_eq!(text(999_900), "2026-01-01T00:00:00.0009999Z");
        assert_eq!(text(500_000_000), "2026-01-01T00:00:00.5Z");
        assert_eq!(text(3_661_123_456_700), "2026-01-01T01:01:01.1234567Z");
    }
}
