//! Reading what people type or paste as the address of a server.

use jellyfin_auth::{Discovery, Login, Machine as _, ServerUrl, ServerUrlError, Step, Timestamp};
use proptest::prelude::*;

use crate::given::device;

fn parse(typed: &str) -> String {
    match ServerUrl::parse(typed) {
        Ok(server) => server.as_str().to_owned(),
        Err(error) => format!("!{}", name(&error)),
    }
}

fn name(error: &ServerUrlError) -> String {
    match error {
        ServerUrlError::NoHost => "NoHost".to_owned(),
        ServerUrlError::Scheme { scheme, .. } => format!("Scheme {scheme}"),
        ServerUrlError::UserInfo => "UserInfo".to_owned(),
        ServerUrlError::Blank => "Blank".to_owned(),
        ServerUrlError::Port => "Port".to_owned(),
        ServerUrlError::Host => "Host".to_owned(),
        ServerUrlError::TooLong => "TooLong".to_owned(),
        ServerUrlError::Unreadable => "Unreadable".to_owned(),
        other => panic!("a new error wants rows of its own: {other:?}"),
    }
}

fn candidates(typed: &str) -> Vec<String> {
    let guesses = ServerUrl::candidates(typed).expect("an address");
    guesses.iter().map(ToString::to_string).collect()
}

#[test]
fn what_people_type_is_read() {
    for (typed, read) in [
        ("media.example.com", "https://media.example.com"),
        ("nas:8096", "https://nas:8096"),
        ("http://nas:8096/", "http://nas:8096"),
        ("https://h/jellyfin/web/#/home.html", "https://h/jellyfin"),
        ("[fd00::1]:8096", "https://[fd00::1]:8096"),
        ("192.168.1.10:8096", "https://192.168.1.10:8096"),
        (
            "http://192.168.1.10:8096/web/index.html#!/login.html?serverid=ab",
            "http://192.168.1.10:8096",
        ),
        ("https://example.com/jellyfin///", "https://example.com/jellyfin"),
        (" media.example.com\n", "https://media.example.com"),
    ] {
        assert_eq!(parse(typed), read, "{typed}");
        assert_eq!(typed.parse::<ServerUrl>(), ServerUrl::parse(typed), "as FromStr");
    }
}

#[test]
fn the_parts_of_an_address_can_be_asked_for() {
    for (typed, encrypted, host, port, base_path) in [
        ("h", true, "h", 443, ""),
        ("http://h", false, "h", 80, ""),
        ("h:8096/jf", true, "h", 8096, "/jf"),
        ("http://h:443/a/b/", false, "h", 443, "/a/b"),
        ("[fd00::1]", true, "[fd00::1]", 443, ""),
        ("http://[fd00::1]:8096/jf", false, "[fd00::1]", 8096, "/jf"),
        ("bücher.example:1/ü", true, "xn--bcher-kva.example", 1, "/%C3%BC"),
        ("1.2.3.4:65535", true, "1.2.3.4", 65535, ""),
        ("h/a:b@c", true, "h", 443, "/a:b@c"),
        ("http:8096", true, "http", 8096, ""),
    ] {
        let server = ServerUrl::parse(typed).expect("an address");
        assert_eq!(server.is_encrypted(), encrypted, "{typed}");
        assert_eq!(server.host(), host, "{typed}");
        assert_eq!(server.port(), port, "{typed}");
        assert_eq!(server.base_path(), base_path, "{typed}");
        assert_eq!(server.to_string(), server.as_str());
        assert_eq!(format!("{server:?}"), format!("ServerUrl({:?})", server.as_str()));
    }
}

#[test]
fn a_host_alone_gives_four_guesses_best_first() {
    assert_eq!(
        candidates("nas.example/jf"),
        [
            "https://nas.example/jf",
            "http://nas.example:8096/jf",
            "http://nas.example/jf",
            "https://nas.example:8920/jf",
        ]
    );
    assert_eq!(
        candidates("[fd00::1]"),
        [
            "https://[fd00::1]",
            "http://[fd00::1]:8096",
            "http://[fd00::1]",
            "https://[fd00::1]:8920"
        ]
    );
    assert_eq!(candidates(" nas/web/#/home ")[1], "http://nas:8096");
}

#[test]
fn a_port_that_was_typed_is_kept_by_both_guesses() {
    assert_eq!(candidates("nas:8096/jf"), ["https://nas:8096/jf", "http://nas:8096/jf"]);
    assert_eq!(candidates("[fd00::1]:8096"), ["https://[fd00::1]:8096", "http://[fd00::1]:8096"]);
    // Even where it is a scheme's own and is not written out.
    assert_eq!(candidates("nas:443"), ["https://nas", "http://nas:443"]);
    assert_eq!(candidates("nas:80"), ["https://nas:80", "http://nas"]);
    assert_eq!(candidates("//nas:8096"), ["https://nas:8096", "http://nas:8096"]);
    // A colon behind the host is no port.
    assert_eq!(candidates("nas/a:1").len(), 4);
    assert_eq!(candidates("nas?a:1").len(), 4);
}

#[test]
fn a_scheme_that_was_typed_is_meant_as_it_stands() {
    assert_eq!(candidates("http://nas"), ["http://nas"]);
    assert_eq!(candidates("HTTPS://nas:8920/jf/web"), ["https://nas:8920/jf"]);
    assert_eq!(candidates("http:\\\\nas"), ["http://nas"]);
}

#[test]
fn an_address_may_be_as_long_as_a_request_line_allows_and_no_longer() {
    let longest = ServerUrl::MAX_LENGTH;
    let of_length = |length: usize| format!("https://h/{}", "a".repeat(length - 10));
    assert_eq!(parse(&of_length(longest)).len(), longest);
    assert_eq!(parse(&of_length(longest + 1)), "!TooLong");
    assert_eq!(parse(&"a".repeat(1_000_000)), "!TooLong");
    // Too long only when it is written out: each character takes six bytes.
    assert_eq!(parse(&format!("h/{}", "ü".repeat(400))), "!TooLong");
    // The guesses with a port are too long here, and the others are not lost.
    let typed = format!("h/{}", "a".repeat(longest - 10));
    let guesses = candidates(&typed);
    assert_eq!(guesses.len(), 2);
    assert_eq!(guesses[0], parse(&typed));
}

#[test]
fn a_refusal_says_what_to_do() {
    for (typed, words) in [
        ("", "type one such as media.example.com"),
        ("ftp://h", "starts with ftp: is no server's: use https:// or http://"),
        ("user:geheim@h", "take the user name out of the address"),
        ("a b", "blanks or control characters in it: remove them"),
        ("h:x", "use a number up to 65535"),
        ("fd00::1", "put an IPv6 address in [brackets]"),
        ("a..b", "check its spelling"),
        ("https://https://h", "type one such as https://media.example.com"),
        (&"a".repeat(3000), "too long"),
    ] {
        let refusal = ServerUrl::parse(typed).expect_err("no address").to_string();
        assert!(refusal.contains(words), "{typed}: {refusal}");
        assert!(!refusal.contains("geheim") && !refusal.contains('\n'), "{refusal}");
        assert_eq!(ServerUrl::candidates(typed), ServerUrl::parse(typed).map(|_| Vec::new()));
    }
}

/// Rows of `[typed, address or "!Error"]`.
fn hostile_addresses() -> Vec<(String, String)> {
    serde_json::from_str(include_str!("../data/server_addresses.json")).expect("a table")
}

#[test]
fn hostile_addresses_give_what_the_table_says() {
    let table = hostile_addresses();
    assert!(table.len() >= 200, "{} rows", table.len());
    let wrong: Vec<_> =
        table.iter().filter(|(typed, expected)| parse(typed) != *expected).collect();
    for (typed, expected) in &wrong {
        eprintln!("{typed:?}: expected {expected}, found {}", parse(typed));
    }
    assert!(wrong.is_empty(), "{} rows differ", wrong.len());
    let refused = table.iter().filter(|(_, expected)| expected.starts_with('!')).count();
    assert!(refused >= 200, "{refused} rows are refusals");
}

#[test]
fn a_refusal_never_repeats_what_a_terminal_would_obey() {
    for (typed, _) in hostile_addresses() {
        if let Err(refusal) = ServerUrl::parse(&typed) {
            assert!(!refusal.to_string().chars().any(char::is_control), "{typed:?}");
        }
    }
}

/// What every address that was taken keeps.
fn assert_sound(server: &ServerUrl) {
    let text = server.as_str();
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .expect("no other scheme");
    let authority = rest.split('/').next().expect("an authority");
    assert!(!authority.contains('@'), "no user: {text}");
    assert!(!text.contains(['?', '#', '\\']), "no query, no fragment: {text}");
    assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "nothing to escape: {text}");
    assert!(text.len() <= ServerUrl::MAX_LENGTH && !text.ends_with('/'), "{text}");
    assert!(!server.host().is_empty() && server.port() != 0, "{text}");
    assert_eq!(ServerUrl::parse(text).as_ref(), Ok(server), "it is read back as itself");
    assert_eq!(ServerUrl::from_exact(text).as_ref(), Ok(server), "by its exact form, too");

    let login = Login::password(server.clone(), device(), "alice", "pw");
    let Ok(Step::Send(request)) = login.expect("a name").poll(Timestamp::ORIGIN) else {
        panic!("a login begins with a request")
    };
    let uri = request.http().uri();
    assert_eq!(uri.to_string(), format!("{text}/System/Info/Public"));
    assert_eq!(uri.authority().map(http::uri::Authority::as_str), Some(authority));
}

#[test]
fn no_hostile_address_gets_through_with_more_than_scheme_host_port_and_path() {
    let taken = hostile_addresses();
    let taken: Vec<_> =
        taken.iter().filter_map(|(typed, _)| ServerUrl::parse(typed).ok()).collect();
    assert!(taken.len() >= 50);
    taken.iter().for_each(assert_sound);
}

/// Text that looks like an address more often than not.
fn address_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(vec![
            "http", "https", "ftp", ":", "/", "//", "://", "\\", "@", "?", "#", "[", "]", "::1", ".",
            "..", "web", "/web", "jf", "nas", "h", "8096", "443", "80", "0", "65536", "%", "%2e",
            "%00", "%40", "xn--", "1.2.3.4", "0x7f", "ü", "。", "\u{200b}", "\u{202e}", " ", "\t",
            "\r\n", "\0", "\u{1b}[2J", "-", "_", "*", "{", "|", "ａ",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_is_typed_is_read_or_refused(typed in prop_oneof![address_like(), ".*"]) {
        match (ServerUrl::parse(&typed), ServerUrl::candidates(&typed)) {
            (Ok(server), Ok(guesses)) => {
                assert_sound(&server);
                prop_assert_eq!(&guesses[0], &server);
                guesses.iter().for_each(assert_sound);
                prop_assert!(Discovery::new(&typed, device()).is_ok());
            }
            (Err(error), Err(same)) => {
                prop_assert_eq!(&error, &same);
                prop_assert!(!error.to_string().chars().any(char::is_control));
            }
            (parsed, guesses) => prop_assert!(false, "{parsed:?}, {guesses:?}"),
        }
    }
}
