use std::fmt;

/// The server generations whose sign-in differs on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 10.7: Quick Connect must be activated, `Authorization` values are not decoded.
    V10_7,
    /// 10.8: Quick Connect starts with `GET`; a login without device id signs other users out.
    V10_8,
    /// 10.9: identity is required before anything else; a new login replaces the old token.
    V10_9,
    /// 10.10: the last one that trusts `X-Emby-Authorization` before `Authorization`.
    V10_10,
    /// 10.11: a set-up server answers during the start; lockout has no effect.
    V10_11,
    /// 12: legacy authorization is off unless an administrator wants it.
    V12,
}

impl Version {
    /// All of them, the oldest first.
    pub const ALL: [Self; 6] =
        [Self::V10_7, Self::V10_8, Self::V10_9, Self::V10_10, Self::V10_11, Self::V12];

    /// What `/System/Info/Public` says.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Self::V10_7 => "10.7.7",
            Self::V10_8 => "10.8.13",
            Self::V10_9 => "10.9.11",
            Self::V10_10 => "10.10.7",
            Self::V10_11 => "10.11.11",
            Self::V12 => "12.0.0",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.number())
    }
}
