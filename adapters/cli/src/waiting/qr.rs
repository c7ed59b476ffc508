//! The server's Quick Connect page for a telephone's camera.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Color, Style};
use qrcode::{EcLevel, QrCode, render::unicode::Dense1x2};

use super::Space;

/// Light on dark whatever the terminal's own colours are; where there is no colour, most terminals
/// are dark, and cameras take the opposite too.
const COLOURS: Style = Style::new()
    .fg_color(Some(Color::Ansi(AnsiColor::BrightWhite)))
    .bg_color(Some(Color::Ansi(AnsiColor::Black)));

/// `None` when there is no room, or no characters to draw it with.
pub(super) fn draw(page: &str, space: &Space) -> Option<String> {
    let code = QrCode::with_error_correction_level(page, EcLevel::L).ok()?;
    let drawn =
        code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
    let columns = drawn.lines().next()?.chars().count();
    if !space.has_blocks || columns > space.columns {
        return None;
    }
    let mut text = String::from("\n");
    for line in drawn.lines() {
        let _ = writeln!(text, "{COLOURS}{line}{COLOURS:#}");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "http://nas:8096/web/#/quickconnect?code=123456";

    #[test]
    fn a_terminal_of_the_usual_size_has_room_for_a_usual_address() {
        let drawn = draw(PAGE, &Space { columns: 80, has_blocks: true }).expect("there is room");

        assert!(drawn.lines().count() <= 24, "{drawn}");
    }

    #[test]
    fn without_room_or_blocks_nothing_is_drawn() {
        assert_eq!(draw(PAGE, &Space { columns: 30, has_blocks: true }), None);
        assert_eq!(draw(PAGE, &Space { columns: 80, has_blocks: false }), None);
    }
}
