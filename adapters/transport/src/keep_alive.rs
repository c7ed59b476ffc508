use std::time::Duration;

use http::HeaderMap;

/// How long a kept-alive connection may lie idle and still be reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepAlive(Duration);

impl KeepAlive {
    /// Without a word of the server's: shorter than what most servers keep, longer than the interval
    /// between two polls.
    pub const UNTOLD: Self = Self(Duration::from_secs(30));

    /// What an answer says: `Keep-Alive: timeout=N` allows N − 1 seconds, since the server closes at
    /// N and what is sent then is lost.
    #[must_use]
    pub fn of_answer(headers: &HeaderMap) -> Self {
        let told = headers
            .get_all("keep-alive")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split([',', ';']))
            .filter_map(|part| part.split_once('='))
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case("timeout"))
            .find_map(|(_, seconds)| seconds.trim().trim_matches('"').parse::<u64>().ok());
        match told {
            Some(seconds) => {
                Self(Duration::from_secs(seconds.saturating_sub(1)).min(Self::UNTOLD.0))
            }
            None => Self::UNTOLD,
        }
    }

    /// How long idle at most. Zero: not to be reused at all.
    #[must_use]
    pub fn idle(self) -> Duration {
        self.0
    }
}
