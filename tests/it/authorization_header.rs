//! The `Authorization` header, read back by a transcription of the server's parser.

use std::collections::HashMap;

use http::{HeaderValue, header};
use jellyfin_auth::{
    AccessToken, Device, DeviceFields, DeviceId, Session, SessionRecord,
    endpoint::{Endpoint as _, GetQuickConnectEnabled},
};
use jellyfin_auth_testkit::fake_server::{Version, parse_authorization};
use proptest::prelude::*;

use crate::{
    given::{session, url},
    server_parser::{parse, parts, url_decode},
};

fn device(client: &str, version: &str, name: &str, id: &str) -> Device {
    Device::new(DeviceFields { client, version, name, id: DeviceId::new(id).expect("an id") })
        .expect("a device")
}

/// The header of a device that is not signed in, as it is sent.
fn header_of(device: &Device) -> HeaderValue {
    let server = url("https://nas.example");
    let request = GetQuickConnectEnabled { server: &server, device }.request();
    let mut values = request.headers().get_all(header::AUTHORIZATION).iter();
    let value = values.next().expect("it is there").clone();
    assert!(values.next().is_none(), "servers read the first line alone");
    value
}

/// A session of `device` with `token`.
fn session_of(device: &Device, token: &str) -> Session {
    let record: SessionRecord = serde_json::from_value(serde_json::json!({
        "version": 1, "server": "https://nas.example", "server_id": "ab", "user_id": "u",
        "access_token": token, "client": device.client(), "client_version": device.version(),
        "device_name": device.name(), "device_id": device.id().as_str(),
    }))
    .expect("a record");
    Session::try_from(record).expect("a session")
}

/// What the server reads, once the rules that every version needs were checked.
fn read(value: &HeaderValue) -> HashMap<String, String> {
    assert!(value.is_sensitive(), "it is marked sensitive");
    let text = value.to_str().expect("printable ASCII alone");
    let (scheme, fields) = parse(text).expect("a blank after the scheme");
    assert_eq!(scheme, "MediaBrowser");
    assert!(text.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    fields
}

fn assert_exact(device: &Device, fields: &HashMap<String, String>, token: Option<&str>) {
    let mut meant = HashMap::from([
        ("Client".to_owned(), device.client().to_owned()),
        ("Device".to_owned(), device.name().to_owned()),
        ("DeviceId".to_owned(), device.id().as_str().to_owned()),
        ("Version".to_owned(), device.version().to_owned()),
    ]);
    meant.extend(token.map(|token| ("Token".to_owned(), token.to_owned())));
    assert_eq!(fields, &meant);
}

#[test]
fn the_header_is_written_as_every_version_reads_it() {
    let device = device("App", "1.0", "My PC", "d1");
    assert_eq!(
        header_of(&device),
        r#"MediaBrowser Client="App", Device="My PC", DeviceId="d1", Version="1.0""#
    );
    assert_eq!(
        session_of(&device, "0123abc").authorization(),
        r#"MediaBrowser Client="App", Device="My PC", DeviceId="d1", Version="1.0", Token="0123abc""#
    );
}

/// The characters of the encoding rule's table, row by row (protocol facts, section 2.6).
#[test]
fn each_row_of_the_encoding_table_is_kept() {
    let raw = "aZ09 !#$()*-./:;=?@[\\]^_{}~`|&'<>";
    for (name, written) in [
        (raw, raw),
        ("%", "%25"),
        ("+", "%2B"),
        (",", "%2C"),
        ("\"", "%22"),
        ("a, b", "a%2C b"),
        ("\u{a0}x", "%C2%A0x"),
        ("ü", "%C3%BC"),
        ("你好", "%E4%BD%A0%E5%A5%BD"),
        ("\u{ffff}", "%EF%BF%BF"),
        ("😀", "%F0%9F%98%80"),
        ("100%", "100%25"),
        ("%22", "%2522"),
        ("  x  ", "  x  "),
        ("C:\\temp\\", "C:\\temp\\"),
    ] {
        let device = device("App", "1.0", name, "d1");
        let header = header_of(&device);
        let expected = format!(
            r#"MediaBrowser Client="App", Device="{written}", DeviceId="d1", Version="1.0""#
        );
        assert_eq!(header, expected.as_str());
        assert_exact(&device, &read(&header), None);
    }
}

#[test]
fn a_field_cant_pose_as_another() {
    for evil in [
        r#"x", Token="stolen"#,
        r#"", DeviceId="other"#,
        "x,Token=stolen",
        "Token=stolen",
        "\"",
        "\"\"",
        "\\\"",
        "%22, Token=%22stolen",
        "x\u{201d}, Token=\u{201d}y",
        "=",
        ",",
        ", ,",
        "+",
        "%",
        "%2",
    ] {
        let device = device(evil, evil, evil, evil);
        assert_exact(&device, &read(&header_of(&device)), None);
        assert_exact(&device, &read(&session_of(&device, "t").authorization()), Some("t"));
    }
}

/// The parser itself against the examples of the protocol facts, section 2.5, column 8 to 12.
#[test]
fn the_transcription_reads_the_examples_as_the_server_does() {
    let examples: &[(&str, &[(&str, &str)])] = &[
        (r#"x="123,123",y="123""#, &[("x", "123,123"), ("y", "123")]),
        (
            r#"x="123,123",         y="123",z="'hi'""#,
            &[("x", "123,123"), ("y", "123"), ("z", "'hi'")],
        ),
        (r#"x="ab""#, &[("x", "ab")]),
        ("param=Hörbücher", &[("param", "Hörbücher")]),
        ("param=%22%Hörbücher", &[("param", "\"%Hörbücher")]),
        (r#"client="App", DEVICE="PC""#, &[("client", "App"), ("DEVICE", "PC")]),
        (
            "Client=App, Device=My PC, Token=abc",
            &[("Client", "App"), ("Device", "My PC"), ("Token", "abc")],
        ),
        (r#"Client = "App""#, &[("Client", " \"App")]),
        (r#"Client="App" , Device="PC""#, &[("Client", "App\" "), ("Device", "PC")]),
        (r#"Device="Living, Room", Version="1""#, &[("Device", "Living, Room"), ("Version", "1")]),
        (r#"Device="a\"b", Version="1""#, &[("Device", r#"a\"b", Version="1"#)]),
        (r#"Device="a b+c""#, &[("Device", "a b c")]),
        (r#"Device="100%""#, &[("Device", "100%")]),
        (r#"Device="50%ab""#, &[("Device", "50\u{fffd}")]),
        (r#"Device="%FC""#, &[("Device", "\u{fffd}")]),
        (r#"Device="😀""#, &[("Device", "😀")]),
        ("Device=,foo", &[("Device", "foo")]),
        (r#"Device="", Version="1""#, &[("Device", ""), ("Version", "1")]),
        (r#"Device=, Version="1""#, &[("Version", "1")]),
        (r#"Device="A", Device="B""#, &[("Device", "B")]),
        (r#"Device="open, Version="1""#, &[("Device", r#"open, Version="1"#)]),
        ("Token=abc==", &[("", ""), ("Token", "")]),
        (r#"Token="abc==""#, &[("Token", "abc==")]),
        (r#"Device=""x"""#, &[("Device", "x")]),
        (r#"Device="  x  ""#, &[("Device", "  x  ")]),
        (r#"Device="x";Version="1""#, &[("\"x\";Version", "1")]),
        (r#"Device="%2522""#, &[("Device", "%22")]),
        (r#"Device="x","#, &[("Device", "x")]),
        (r#" Client="A""#, &[("Client", "A")]),
    ];
    for (text, expected) in examples {
        let mut fields = parts(text);
        fields.retain(|_, value| !value.is_empty() || text.contains("\"\""));
        let expected: HashMap<_, _> = expected
            .iter()
            .filter(|(_, value)| !value.is_empty() || text.contains("\"\""))
            .map(|&(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        assert_eq!(fields, expected, "{text}");
    }
    assert!(parse("MediaBrowser").is_none());
    assert_eq!(url_decode("%F0%9F%98%80%f0"), "😀\u{fffd}");
}

#[test]
fn a_token_that_would_break_the_header_is_read_back_as_it_is() {
    let device = device("App", "1.0", "PC", "d1");
    for token in ["\"", "a\",Device=\"b", "a,b", "%41", "+", "a=b", "\\", "'", "~!@#$^&*()"] {
        let session = session_of(&device, token);
        assert_exact(&device, &read(&session.authorization()), Some(token));
    }
    for no_token in ["", " ", "a b", "a\r\nb", "a\tb", "ü", "\u{7f}", "\0", &"a".repeat(4097)] {
        let refusal = AccessToken::try_from(no_token.to_owned()).expect_err("no token");
        assert_eq!(refusal.longest, 4096, "{no_token:?}");
    }
    assert!(AccessToken::try_from("a".repeat(4096)).is_ok());
}

#[test]
fn authorize_takes_the_place_of_any_other_header() {
    let session = session();
    let mut request = http::Request::get("https://nas.example/UserViews")
        .header(header::AUTHORIZATION, "Basic eDp5")
        .header(header::AUTHORIZATION, "Bearer z")
        .body(())
        .expect("a request");
    session.authorize(&mut request);
    let values: Vec<_> = request.headers().get_all(header::AUTHORIZATION).iter().collect();
    assert_eq!(values, [&session.authorization()]);
    assert!(values[0].is_sensitive());
    assert_eq!(request.headers().len(), 1, "no legacy carrier besides");
}

/// 10.7 decodes nothing: there, only what is written raw is read back exactly, and the rest is stable.
#[test]
fn the_oldest_server_reads_plain_names_exactly_and_others_encoded() {
    for (name, read) in [
        ("My PC", "My PC"),
        ("aZ09 !#$()*-./:;=?@[\\]^_{}~`|", "aZ09 !#$()*-./:;=?@[\\]^_{}~`|"),
        ("Living, Room", "Living%2C Room"),
        ("50%", "50%25"),
        ("a+b", "a%2Bb"),
        ("ü", "%C3%BC"),
        ("x\", Token=\"stolen", "x%22%2C Token=%22stolen"),
        ("Bob's", "Bob&#39;s"),
    ] {
        let device = device("App", "1.0", name, "d1");
        let header = session_of(&device, "0123abc").authorization();
        let fields = parse_authorization(Version::V10_7, header.as_bytes());
        assert_eq!(fields.get("Device"), Some(read));
        assert_eq!(fields.get("Token"), Some("0123abc"), "{name}");
        assert_eq!(fields.get("DeviceId"), Some("d1"), "{name}");
    }
}

/// Every character, and the awkward ones often.
fn text(longest: usize) -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        3 => prop::sample::select("\"%+,=\\ ;'&<>/0123456789abcdefABCDEF".chars().collect::<Vec<_>>()),
        1 => any::<char>().prop_filter("no control characters", |letter| !letter.is_control()),
    ];
    prop::collection::vec(letter, 1..=longest)
        .prop_map(String::from_iter)
        .prop_filter("not blank", |text| !text.trim().is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// In pieces that fit into a field: what is too long or blank as a whole is not too long in parts.
    #[test]
    fn every_text_that_a_device_takes_is_read_back_exactly(text in ".+") {
        let piece: Vec<char> = text.chars().filter(|next| !next.is_control()).collect();
        for name in piece.chunks(Device::MAX_NAME).map(String::from_iter) {
            if name.trim().is_empty() {
                continue;
            }
            let device = device("App", "1.0", &name, "d1");
            prop_assert_eq!(&read(&header_of(&device))["Device"], &name);
        }
    }

    #[test]
    fn the_whole_header_is_read_back_and_no_field_bleeds_into_another(
        client in text(Device::MAX_CLIENT), version in text(Device::MAX_VERSION),
        name in text(Device::MAX_NAME), id in text(DeviceId::MAX_LENGTH),
        token in prop_oneof!["[!-~]{1,512}", "[!-~]{4096}"],
    ) {
        let device = device(&client, &version, &name, &id);
        assert_exact(&device, &read(&header_of(&device)), None);
        let session = session_of(&device, &token);
        assert_exact(&device, &read(&session.authorization()), Some(&token));
        // Kestrel takes 32 KiB of headers.
        prop_assert!(session.authorization().len() < 16 * 1024);
    }
}
