//! The examples of the protocol facts, section 2.5, by their numbers.

use super::{super::Version, parse_authorization};

type Found = &'static [(&'static str, Option<&'static str>)];

struct Example {
    number: u8,
    input: &'static str,
    since_10_8: Found,
    on_10_7: Found,
}

const fn example(number: u8, input: &'static str, since_10_8: Found, on_10_7: Found) -> Example {
    Example { number, input, since_10_8, on_10_7 }
}

const fn same(number: u8, input: &'static str, found: Found) -> Example {
    example(number, input, found, found)
}

#[rustfmt::skip]
const EXAMPLES: &[Example] = &[
    example(1, r#"x="123,123",y="123""#, &[("x", Some("123,123")), ("y", Some("123"))], &[("x", Some("123")), ("y", Some("123"))]),
    example(2, r#"x="123,123",         y="123",z="'hi'""#,
        &[("x", Some("123,123")), ("y", Some("123")), ("z", Some("'hi'"))],
        &[("x", Some("123")), ("y", Some("123")), ("z", Some("&#39;hi&#39;"))]),
    same(3, r#"x="ab""#, &[("x", Some("ab"))]),
    example(4, "param=Hörbücher", &[("param", Some("Hörbücher"))], &[("param", Some("H&#246;rb&#252;cher"))]),
    example(5, "param=%22%Hörbücher", &[("param", Some("\"%Hörbücher"))], &[("param", Some("%22%H&#246;rb&#252;cher"))]),
    same(6, r#"Client="App", Device="My PC", DeviceId="d1", Version="1.0""#,
        &[("Client", Some("App")), ("Device", Some("My PC")), ("DeviceId", Some("d1")), ("Version", Some("1.0"))]),
    example(7, r#"client="App", DEVICE="PC""#, &[("Client", None), ("Device", None)], &[("Client", Some("App")), ("Device", Some("PC"))]),
    same(8, "Client=App, Device=My PC, Token=abc", &[("Client", Some("App")), ("Device", Some("My PC")), ("Token", Some("abc"))]),
    example(9, r#"Client = "App""#, &[("Client", Some(" \"App"))], &[("Client", None)]),
    example(10, r#"Client= "App""#, &[("Client", Some(" \"App"))], &[("Client", Some(" &quot;App"))]),
    example(11, r#"Client="App" , Device="PC""#, &[("Client", Some("App\" ")), ("Device", Some("PC"))], &[("Client", Some("App")), ("Device", Some("PC"))]),
    example(12, r#"Device="Living, Room", Version="1""#, &[("Device", Some("Living, Room")), ("Version", Some("1"))], &[("Device", Some("Living")), ("Version", Some("1"))]),
    example(13, r#"Device="A%2C B""#, &[("Device", Some("A, B"))], &[("Device", Some("A%2C B"))]),
    example(14, r#"Device="a\"b", Version="1""#, &[("Device", Some(r#"a\"b", Version="1"#)), ("Version", None)], &[("Device", Some(r"a\&quot;b")), ("Version", Some("1"))]),
    example(15, r#"Device="a%22b""#, &[("Device", Some("a\"b"))], &[("Device", Some("a%22b"))]),
    example(16, r#"Device="a b+c""#, &[("Device", Some("a b c"))], &[("Device", Some("a b+c"))]),
    example(17, r#"Device="a%2Bb""#, &[("Device", Some("a+b"))], &[("Device", Some("a%2Bb"))]),
    same(18, r#"Device="100%""#, &[("Device", Some("100%"))]),
    example(19, r#"Device="50%ab""#, &[("Device", Some("50\u{fffd}"))], &[("Device", Some("50%ab"))]),
    example(20, r#"Device="%C3%BC""#, &[("Device", Some("ü"))], &[("Device", Some("%C3%BC"))]),
    example(20, r#"Device="%FC""#, &[("Device", Some("\u{fffd}"))], &[("Device", Some("%FC"))]),
    example(21, r#"Device="ü""#, &[("Device", Some("ü"))], &[("Device", Some("&#252;"))]),
    same(22, r#"Device="你好""#, &[("Device", Some("你好"))]),
    example(23, r#"Device="😀""#, &[("Device", Some("😀"))], &[("Device", Some("&#128512;"))]),
    example(23, r#"Device="%F0%9F%98%80""#, &[("Device", Some("😀"))], &[("Device", Some("%F0%9F%98%80"))]),
    example(24, "Device=,foo", &[("Device", Some("foo"))], &[("Device", Some(""))]),
    same(25, r#"Device="", Version="1""#, &[("Device", Some("")), ("Version", Some("1"))]),
    example(26, r#"Device=, Version="1""#, &[("Device", None), ("Version", Some("1"))], &[("Device", Some("")), ("Version", Some("1"))]),
    same(27, r#"Device="A", Device="B""#, &[("Device", Some("B"))]),
    example(28, r#"Device="unterminated, Version="1""#, &[("Device", Some(r#"unterminated, Version="1"#)), ("Version", None)], &[("Device", Some("unterminated")), ("Version", Some("1"))]),
    example(29, "Token=abc==", &[("Token", None)], &[("Token", Some("abc=="))]),
    same(30, r#"Token="abc==""#, &[("Token", Some("abc=="))]),
    example(31, r#"Device="Bob's <PC> & co""#, &[("Device", Some("Bob's <PC> & co"))], &[("Device", Some("Bob&#39;s &lt;PC&gt; &amp; co"))]),
    same(32, r#"Device=""x"""#, &[("Device", Some("x"))]),
    same(33, r#"Device="  x  ""#, &[("Device", Some("  x  "))]),
    example(34, r#"Device="x";Version="1""#, &[("Device", None), ("Version", None), (r#""x";Version"#, Some("1"))], &[("Device", Some("x&quot;;Version=&quot;1"))]),
    example(35, r#"Device="%2522""#, &[("Device", Some("%22"))], &[("Device", Some("%2522"))]),
    same(36, r#"Device="C:\temp\""#, &[("Device", Some(r"C:\temp\"))]),
    same(37, r#"Device="x","#, &[("Device", Some("x"))]),
    same(39, r#" Client="A""#, &[("Client", Some("A"))]),
];

#[test]
fn every_example_is_read_as_the_servers_read_it() {
    for example in EXAMPLES {
        for version in Version::ALL {
            let header = format!("MediaBrowser {}", example.input);
            let fields = parse_authorization(version, header.as_bytes());
            let expected =
                if version == Version::V10_7 { example.on_10_7 } else { example.since_10_8 };
            for (key, value) in expected {
                assert_eq!(fields.get(key), *value, "{version}, example {}: {key}", example.number);
            }
        }
    }
}

#[test]
fn a_scheme_without_a_space_carries_nothing() {
    for version in Version::ALL {
        let fields = parse_authorization(version, b"MediaBrowser");
        assert_eq!((fields.scheme(), fields.get("Client")), ("", None), "example 38 on {version}");
    }
}

#[test]
fn any_bytes_are_read_without_a_panic() {
    for byte in 0..=u8::MAX {
        for version in Version::ALL {
            let header =
                [b"MediaBrowser \"".as_slice(), &[byte, b'=', b'%', byte, b',', byte]].concat();
            assert_eq!(parse_authorization(version, &header).scheme(), "MediaBrowser");
        }
    }
}
