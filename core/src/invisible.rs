//! Characters that nobody sees, and that a terminal or a line of text may obey.

/// Whether `next` is of the general category Cc (control), Cf (format: joiners, directions of writing),
/// Zl or Zp (line and paragraph separators).
pub(crate) fn is_invisible(next: char) -> bool {
    // Nearly all that is looked at is ASCII, which has nothing of the rest.
    next.is_control()
        || (!next.is_ascii() && (is_format(next) || matches!(next, '\u{2028}' | '\u{2029}')))
}

/// Cf of Unicode 16 and 17; the standard library doesn't have it.
pub(crate) fn is_format(next: char) -> bool {
    matches!(next,
        '\u{AD}'
        | '\u{600}'..='\u{605}'
        | '\u{61C}'
        | '\u{6DD}'
        | '\u{70F}'
        | '\u{890}'..='\u{891}'
        | '\u{8E2}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{110BD}'
        | '\u{110CD}'
        | '\u{13430}'..='\u{1343F}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0001}'
        | '\u{E0020}'..='\u{E007F}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First and last of each range, as `DerivedGeneralCategory.txt` has them.
    const FORMAT: [(u32, u32); 21] = [
        (0xAD, 0xAD),
        (0x600, 0x605),
        (0x61C, 0x61C),
        (0x6DD, 0x6DD),
        (0x70F, 0x70F),
        (0x890, 0x891),
        (0x8E2, 0x8E2),
        (0x180E, 0x180E),
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x2064),
        (0x2066, 0x206F),
        (0xFEFF, 0xFEFF),
        (0xFFF9, 0xFFFB),
        (0x110BD, 0x110BD),
        (0x110CD, 0x110CD),
        (0x13430, 0x1343F),
        (0x1BCA0, 0x1BCA3),
        (0x1D173, 0x1D17A),
        (0xE0001, 0xE0001),
        (0xE0020, 0xE007F),
    ];

    #[test]
    fn every_range_has_its_borders_and_nothing_lies_between() {
        let found: Vec<u32> =
            ('\0'..=char::MAX).filter(|next| is_format(*next)).map(u32::from).collect();
        let expected: Vec<u32> = FORMAT.iter().flat_map(|(first, last)| *first..=*last).collect();
        assert_eq!(found, expected);
        assert_eq!(found.len(), 170, "as many as Unicode counts");
    }

    #[test]
    fn the_standard_library_escapes_all_of_them() {
        for next in ('\0'..=char::MAX).filter(|next| is_invisible(*next)) {
            assert!(next.escape_debug().len() > 1, "{next:?} can be seen");
        }
    }

    #[test]
    fn separators_and_controls_are_invisible_and_blanks_are_not() {
        for next in ['\0', '\n', '\u{1b}', '\u{7f}', '\u{80}', '\u{9f}', '\u{2028}', '\u{2029}'] {
            assert!(is_invisible(next), "{next:?}");
        }
        for next in [' ', '~', '\u{a0}', '\u{2027}', '\u{202f}', '\u{2065}', '\u{3000}', '😀'] {
            assert!(!is_invisible(next), "{next:?}");
        }
    }
}
