//! The servers that are started.

use std::fmt;

/// A release of Jellyfin, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Release {
    V12,
    V10_11,
    V10_8,
}

impl Release {
    pub(crate) const ALL: [Self; 3] = [Self::V12, Self::V10_11, Self::V10_8];

    /// What `start` calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::V12 => "12.0",
            Self::V10_11 => "10.11.11",
            Self::V10_8 => "10.8.13",
        }
    }

    /// Whether a new login with the same device replaces the token (protocol facts, section 6.4).
    pub(crate) fn replaces_tokens(self) -> bool {
        self != Self::V10_8
    }

    /// Whether too many wrong passwords lock a user out: 10.11.11 forgets to (section 6.3).
    pub(crate) fn locks_out(self) -> bool {
        self != Self::V10_11
    }

    /// Whether the old carriers can be switched off (section 2.1).
    pub(crate) fn has_legacy_switch(self) -> bool {
        self != Self::V10_8
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
