use std::fmt;

use crate::invisible::is_invisible;

/// What is odd about a user name that the server refused. It was sent as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UserNameHint {
    /// It begins or ends with a blank.
    OuterBlanks,
    /// It has a character that can't be seen: a control character, a zero-width space, a direction mark; or
    /// a blank other than the space.
    InvisibleCharacters,
}

impl UserNameHint {
    /// `None` for a name with nothing odd about it.
    pub(crate) fn of(user_name: &str) -> Option<Self> {
        if user_name.trim() != user_name {
            return Some(Self::OuterBlanks);
        }
        let is_odd = |next: char| is_invisible(next) || (next.is_whitespace() && next != ' ');
        user_name.chars().any(is_odd).then_some(Self::InvisibleCharacters)
    }

    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::OuterBlanks => "; the user name begins or ends with a blank",
            Self::InvisibleCharacters => "; the user name has a character that can't be seen",
        }
    }
}

impl fmt::Display for UserNameHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence().trim_start_matches("; "))
    }
}
