//! The code in digits that can be read from the sofa.

use super::Space;

/// Three pixels in each of five rows, the leftmost one being 4.
const DIGITS: [[u8; 5]; 10] = [
    [7, 5, 5, 5, 7],
    [2, 6, 2, 2, 7],
    [7, 1, 7, 4, 7],
    [7, 1, 3, 1, 7],
    [5, 5, 7, 1, 1],
    [7, 4, 7, 1, 7],
    [7, 4, 7, 5, 7],
    [7, 1, 2, 2, 2],
    [7, 5, 7, 5, 7],
    [7, 5, 7, 1, 7],
];
const MARGIN: &str = "  ";

/// `None` for a code that isn't digits alone (no server has had one so far), and when there is no
/// room.
pub(super) fn draw(code: &str, space: &Space) -> Option<String> {
    let digits: Vec<[u8; 5]> = code
        .chars()
        .map(|digit| digit.to_digit(10).map(|digit| DIGITS[digit as usize]))
        .collect::<Option<_>>()?;
    let (on, off) = (if space.has_blocks { "██" } else { "##" }, "  ");
    let mut text = String::from("\n");
    for row in 0..5 {
        let mut line = String::from(MARGIN);
        for (index, digit) in digits.iter().enumerate() {
            // In two groups, as people say it.
            if index > 0 && index * 2 == digits.len() {
                line.push_str(MARGIN);
            }
            for pixel in [4, 2, 1] {
                line.push_str(if digit[row] & pixel == 0 { off } else { on });
            }
            line.push_str(MARGIN);
        }
        let line = line.trim_end();
        if line.chars().count() > space.columns {
            return None;
        }
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_drawn_in_two_groups() {
        let space = Space { columns: 80, has_blocks: false };

        let drawn = draw("17", &space).expect("there is room");

        let expected = "
    ##      ######
  ####          ##
    ##        ##
    ##        ##
  ######      ##

";
        assert_eq!(drawn, expected);
    }

    #[test]
    fn a_code_with_letters_or_without_room_is_not_drawn() {
        assert_eq!(draw("12-AB", &Space { columns: 80, has_blocks: true }), None);
        assert_eq!(draw("123456", &Space { columns: 40, has_blocks: true }), None);
    }
}
