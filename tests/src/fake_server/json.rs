//! JSON as ASP.NET Core writes it for Jellyfin: .NET's escaping, and property names in the casing that
//! was asked for (protocol facts, sections 7.1 and 7.2).

use std::io;

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter};

/// How property names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Casing {
    Pascal,
    Camel,
}

pub(super) fn to_json(value: &impl Serialize, casing: Casing) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(4096);
    let formatter = DotNet { casing, at_start_of_name: false };
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    value.serialize(&mut serializer).expect("what a server answers can be written as JSON");
    bytes
}

struct DotNet {
    casing: Casing,
    at_start_of_name: bool,
}

/// The default encoder lets no character pass that means something in HTML.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        plain[byte as usize] =
            !matches!(byte, b'"' | b'&' | b'\'' | b'+' | b'<' | b'>' | b'`' | b'\\');
        byte += 1;
    }
    plain
};

fn is_plain(byte: u8) -> bool {
    PLAIN[usize::from(byte)]
}

impl Formatter for DotNet {
    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.at_start_of_name = true;
        if first { Ok(()) } else { out.write_all(b",") }
    }

    fn end_object_key<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.at_start_of_name = false;
        Ok(())
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        text: &str,
    ) -> io::Result<()> {
        // Property names are the server's own: plain ASCII.
        if std::mem::take(&mut self.at_start_of_name) {
            if self.casing == Casing::Pascal {
                return out.write_all(text.as_bytes());
            }
            let (first, rest) = text.split_at(1);
            out.write_all(first.to_ascii_lowercase().as_bytes())?;
            return out.write_all(rest.as_bytes());
        }
        if text.bytes().all(is_plain) {
            return out.write_all(text.as_bytes());
        }
        for character in text.chars() {
            match u8::try_from(character) {
                Ok(byte) if is_plain(byte) => out.write_all(&[byte])?,
                _ => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        write!(out, "\\u{unit:04X}")?;
                    }
                }
            }
        }
        Ok(())
    }

    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        match escape {
            CharEscape::Quote => out.write_all(b"\\u0022"),
            CharEscape::ReverseSolidus => out.write_all(b"\\\\"),
            CharEscape::Solidus => out.write_all(b"/"),
            CharEscape::Backspace => out.write_all(b"\\b"),
            CharEscape::FormFeed => out.write_all(b"\\f"),
            CharEscape::LineFeed => out.write_all(b"\\n"),
            CharEscape::CarriageReturn => out.write_all(b"\\r"),
            CharEscape::Tab => out.write_all(b"\\t"),
            CharEscape::AsciiControl(byte) => write!(out, "\\u{byte:04X}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_as_dotnet_escapes_it() {
        let json = to_json(&"Kä+<&'\"`>\\\n\u{7f}\u{1}😀/", Casing::Pascal);
        assert_eq!(
            String::from_utf8(json).expect("text"),
            r#""K\u00E4\u002B\u003C\u0026\u0027\u0022\u0060\u003E\\\n\u007F\u0001\uD83D\uDE00/""#
        );
    }

    #[test]
    fn property_names_take_the_casing_that_was_asked_for() {
        let value = serde_json::json!({ "ServerName": { "Id": "Text" } });
        assert_eq!(to_json(&value, Casing::Camel), br#"{"serverName":{"id":"Text"}}"#);
        assert_eq!(to_json(&value, Casing::Pascal), br#"{"ServerName":{"Id":"Text"}}"#);
    }
}
