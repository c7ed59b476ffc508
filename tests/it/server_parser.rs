//! How servers from 10.8 on read the `Authorization` header, for tests alone: the walk of the
//! protocol facts, section 2.3, step by step over UTF-16 units.

use std::collections::HashMap;

use jellyfin_auth_testkit::fake_server::{Version, parse_authorization};
use proptest::prelude::*;

/// What the server reads out of a header value: the recognised and all other keys.
pub fn parse(header: &str) -> Option<(String, HashMap<String, String>)> {
    let (scheme, rest) = header.split_once(' ')?;
    Some((scheme.to_owned(), parts(rest)))
}

/// The text after the first blank.
pub fn parts(text: &str) -> HashMap<String, String> {
    const QUOTE: u16 = b'"' as u16;
    const COMMA: u16 = b',' as u16;
    const EQUALS: u16 = b'=' as u16;
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut map = HashMap::new();
    let (mut inside, mut start, mut key) = (false, 0, String::new());
    for (index, &unit) in units.iter().enumerate() {
        match unit {
            QUOTE => inside = !inside,
            COMMA if !inside => {
                if index > start {
                    map.insert(std::mem::take(&mut key), value(&units[start..index]));
                }
                start = index + 1;
            }
            EQUALS if !inside => {
                String::from_utf16_lossy(&units[start..index]).trim().clone_into(&mut key);
                start = index + 1;
            }
            _ => {}
        }
    }
    if start < units.len() {
        map.insert(key, value(&units[start..]));
    }
    map
}

fn value(slice: &[u16]) -> String {
    url_decode(String::from_utf16_lossy(slice).trim_matches('"'))
}

/// `WebUtility.UrlDecode`: protocol facts, section 2.4.
pub fn url_decode(text: &str) -> String {
    let text: Vec<char> = text.chars().collect();
    let (mut decoded, mut bytes, mut index) = (String::new(), Vec::new(), 0);
    while index < text.len() {
        let hex = |at: usize| text.get(at).and_then(|digit| digit.to_digit(16));
        if let ('%', Some(high), Some(low)) = (text[index], hex(index + 1), hex(index + 2)) {
            bytes.push(u8::try_from(high * 16 + low).expect("two hex digits are a byte"));
            index += 3;
            continue;
        }
        decoded.push_str(&String::from_utf8_lossy(&std::mem::take(&mut bytes)));
        decoded.push(if text[index] == '+' { ' ' } else { text[index] });
        index += 1;
    }
    decoded + &String::from_utf8_lossy(&bytes)
}

/// Text that looks like a header more often than not.
fn header_like() -> impl Strategy<Value = String> {
    let pieces = [
        "Client", "Device", "DeviceId", "Version", "Token", "token", "\"", "\"\"", "=", ",", ", ",
        " ", "a", "%2C", "%22", "%", "%F", "%fc", "%C3%BC", "+", "\\", "ü", "😀", ";", "'",
    ];
    let piece = prop_oneof![
        8 => prop::sample::select(pieces.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Two transcriptions of one description, by two hands: they agree on whatever is sent.
    #[test]
    fn the_fake_server_reads_every_header_as_the_transcription_does(text in header_like()) {
        let text = text.trim();
        let read = parts(text);
        let header = format!("MediaBrowser {text}");
        for version in [Version::V10_8, Version::V10_11, Version::V12] {
            let fake = parse_authorization(version, header.as_bytes());
            for key in ["Client", "Device", "DeviceId", "Version", "Token"] {
                prop_assert_eq!(fake.get(key), read.get(key).map(String::as_str), "{}", header);
            }
        }
    }
}
