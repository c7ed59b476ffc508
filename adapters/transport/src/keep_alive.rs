use std::time::Duration;

use http::HeaderMap;

/// How long a kept-alive connection may be idle and still be reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepAlive(Duration);

impl KeepAlive {
    /// When the server doesn't limit it: shorter than what most servers allow, longer than the interval
    /// between two polls.
    pub const DEFAULT: Self = Self(Duration::from_secs(30));

    /// What a response allows: N − 1 seconds for `Keep-Alive: timeout=N`, since the server closes at N
    /// and what is sent then is lost.
    #[must_use]
    pub fn of_response(headers: &HeaderMap) -> Self {
        let timeout = headers
            .get_all("keep-alive")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split([',', ';']))
            .filter_map(|part| part.split_once('='))
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case("timeout"))
            .find_map(|(_, seconds)| seconds.trim().trim_matches('"').parse::<u64>().ok());
        match timeout {
            Some(seconds) => {
                Self(Duration::from_secs(seconds.saturating_sub(1)).min(Self::DEFAULT.0))
            }
            None => Self::DEFAULT,
        }
    }

    /// How long it may be idle. Zero: it isn't reused at all.
    #[must_use]
    pub fn idle(self) -> Duration {
        self.0
    }
}
