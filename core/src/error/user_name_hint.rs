use std::fmt;

/// What is odd about a user name that the server refused. It was sent as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UserNameHint {
    /// It begins or ends with a blank.
    OuterBlanks,
    /// It has a character that can't be seen: a control character, a zero-width space, a direction mark.
    InvisibleCharacters,
}

impl UserNameHint {
    /// `None` for a name with nothing odd about it.
    pub(crate) fn of(user_name: &str) -> Option<Self> {
        if user_name.trim() != user_name {
            return Some(Self::OuterBlanks);
        }
        user_name.chars().any(is_invisible).then_some(Self::InvisibleCharacters)
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

/// Control and format characters, and other blanks than the space.
fn is_invisible(next: char) -> bool {
    next.is_control()
        || (next.is_whitespace() && next != ' ')
        || matches!(
            next,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        )
}
