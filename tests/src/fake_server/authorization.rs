//! How a server reads an `Authorization` value (protocol facts, sections 2.3 and 2.4): not by RFC 9110,
//! but by two hand-written walks.

use std::fmt::Write as _;

use super::Version;

/// What a server found in an `Authorization` value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorizationFields {
    scheme: String,
    keys_ignore_case: bool,
    items: Vec<(String, String)>,
}

impl AuthorizationFields {
    /// The text before the first space; empty when there is no space.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The value of `key`, compared as the version compares keys.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.items.iter().find(|(name, _)| self.is_same(name, key)).map(|(_, value)| value.as_str())
    }

    fn is_same(&self, left: &str, right: &str) -> bool {
        if self.keys_ignore_case { left.eq_ignore_ascii_case(right) } else { left == right }
    }

    fn store(&mut self, key: &str, value: String) {
        match self.items.iter().position(|(name, _)| self.is_same(name, key)) {
            Some(at) => self.items[at].1 = value,
            None => self.items.push((key.to_owned(), value)),
        }
    }
}

/// Reads the value of an `Authorization` header as a server of `version` does.
///
/// Bytes that are not UTF-8 are replaced here; a real server refuses the whole request.
///
/// ```
/// use jellyfin_auth_testkit::fake_server::{Version, parse_authorization};
///
/// let header = br#"MediaBrowser Client="App", Device="Living%2C Room""#;
/// assert_eq!(parse_authorization(Version::V12, header).get("Device"), Some("Living, Room"));
/// assert_eq!(parse_authorization(Version::V10_7, header).get("Device"), Some("Living%2C Room"));
/// ```
#[must_use]
pub fn parse_authorization(version: Version, header: &[u8]) -> AuthorizationFields {
    let text = String::from_utf8_lossy(header);
    // Kestrel trims blanks around a header value before anybody reads it.
    let text = text.trim_matches([' ', '\t']);
    let Some((scheme, rest)) = text.split_once(' ') else {
        return AuthorizationFields::default();
    };
    let mut fields = AuthorizationFields {
        scheme: scheme.to_owned(),
        keys_ignore_case: version == Version::V10_7,
        items: Vec::with_capacity(5),
    };
    if version == Version::V10_7 {
        split_at_every_comma(rest, &mut fields);
    } else {
        walk_around_quotes(rest, &mut fields);
    }
    fields
}

/// 10.7: quotes mean nothing but that they are stripped from the ends.
fn split_at_every_comma(rest: &str, fields: &mut AuthorizationFields) {
    for item in rest.split(',') {
        if let Some((key, value)) = item.trim().split_once('=') {
            fields.store(key, html_encode(value.trim_matches('"')));
        }
    }
}

/// 10.8 to 12: one pass in which a quote toggles and nothing escapes.
fn walk_around_quotes(rest: &str, fields: &mut AuthorizationFields) {
    let (mut inside, mut start, mut key) = (false, 0, "");
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'"' => inside = !inside,
            b',' if !inside => {
                if start < at {
                    fields.store(key, url_decode(rest[start..at].trim_matches('"')));
                    key = "";
                }
                start = at + 1;
            }
            b'=' if !inside => {
                key = rest[start..at].trim();
                start = at + 1;
            }
            _ => {}
        }
    }
    if start < rest.len() {
        fields.store(key, url_decode(rest[start..].trim_matches('"')));
    }
}

/// `WebUtility.UrlDecode`: `+` is a space, what is no escape stays, bytes that are not UTF-8 become U+FFFD.
pub(super) fn url_decode(text: &str) -> String {
    if !text.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped =
            (byte == b'%').then(|| bytes.get(at + 1..at + 3).and_then(hex_byte)).flatten();
        decoded.push(match (byte, escaped) {
            (_, Some(escaped)) => escaped,
            (b'+', None) => b' ',
            (byte, None) => byte,
        });
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()
}

/// `WebUtility.HtmlEncode`, which 10.7 applies to values before it stores them.
fn html_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => encoded.push_str("&lt;"),
            '>' => encoded.push_str("&gt;"),
            '"' => encoded.push_str("&quot;"),
            '\'' => encoded.push_str("&#39;"),
            '&' => encoded.push_str("&amp;"),
            '\u{a0}'..='\u{ff}' | '\u{10000}'.. => {
                write!(encoded, "&#{};", u32::from(character)).expect("a string takes all text");
            }
            other => encoded.push(other),
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
