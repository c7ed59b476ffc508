//! What servers on the local network say of themselves (protocol facts, section 11a).

mod collecting;

use std::net::SocketAddr;

use jellyfin_auth::lan::Announcement;
use serde_json::{Value, json};

const SENDER: &str = "192.0.2.7:7359";

fn datagram(announcement: &Value) -> Vec<u8> {
    announcement.to_string().into_bytes()
}

fn from(sender: &str) -> SocketAddr {
    sender.parse().expect("a socket's address")
}

fn announced(address: &str, sender: &str) -> Announcement {
    let datagram = datagram(&json!({"Address": address, "Id": "ab12", "Name": "nas"}));
    Announcement::read(&datagram, from(sender)).expect("an announcement")
}

fn candidates(address: &str, sender: &str) -> Vec<String> {
    let candidates = announced(address, sender).candidates();
    candidates.iter().map(ToString::to_string).collect()
}

#[test]
fn an_announcement_has_address_id_name_and_sender() {
    for datagram in [
        datagram(&json!({
            "Address": "http://192.0.2.7:8096/jf", "Id": "ab12", "Name": "nas",
            "EndpointAddress": null, "Product": "of a later version",
        })),
        datagram(&json!({"address": "http://192.0.2.7:8096/jf", "id": "ab12", "name": "nas"})),
    ] {
        let found = Announcement::read(&datagram, from(SENDER)).expect("an announcement");
        assert_eq!(found.address(), "http://192.0.2.7:8096/jf");
        assert_eq!(found.sender(), from(SENDER).ip());
        assert_eq!((found.id.as_str(), found.name.as_deref()), ("ab12", Some("nas")));
    }
}

#[test]
fn a_server_without_a_name_is_found() {
    let nameless = datagram(&json!({
        "Address": "http://192.0.2.7:8096", "Id": "ab12", "EndpointAddress": "192.0.2.7",
    }));
    let found = Announcement::read(&nameless, from(SENDER)).expect("an announcement");
    assert_eq!(found.name, None);
    assert_eq!(found.to_string(), "http://192.0.2.7:8096");
}

#[test]
fn what_no_server_sends_is_no_announcement() {
    for garbage in [
        b"".to_vec(),
        b"Who is JellyfinServer?".to_vec(),
        vec![0xFF; 2000],
        datagram(&json!({"Address": "http://192.0.2.7:8096", "Name": "no id"})),
        datagram(&json!({"Id": "ab12", "Name": "no address"})),
        datagram(&json!({"Address": "", "Id": "ab12"})),
        datagram(&json!({"Address": "http://192.0.2.7:8096", "Id": ""})),
        datagram(&json!({"Address": "http://192.0.2.7:8096", "Id": "a\u{1b}[2J"})),
        datagram(&json!({"Address": "http://192.0.2.7:8096", "Id": "\u{202e}ab12"})),
        datagram(&json!({"Address": "javascript:alert(1)", "Id": "ab12"})),
        datagram(&json!({"Address": "http://nas@192.0.2.7:8096", "Id": "ab12"})),
    ] {
        let read = Announcement::read(&garbage, from(SENDER));
        assert_eq!(read, None, "{}", String::from_utf8_lossy(&garbage));
    }
}

#[test]
fn what_is_announced_goes_before_the_sender() {
    for (address, sender, expected) in [
        // A container announces an address of its own network.
        (
            "http://172.17.0.2:8096/jf",
            "192.0.2.7:7359",
            &["http://172.17.0.2:8096/jf", "http://192.0.2.7:8096/jf"][..],
        ),
        ("http://192.0.2.7:8096", "192.0.2.7:7359", &["http://192.0.2.7:8096"]),
        (
            "https://media.example.com",
            "192.0.2.7:40000",
            &["https://media.example.com", "https://192.0.2.7"],
        ),
        ("http://nas", "192.0.2.7:7359", &["http://nas", "http://192.0.2.7"]),
    ] {
        assert_eq!(candidates(address, sender), expected, "{address} from {sender}");
    }
}

#[test]
fn without_a_scheme_https_goes_before_http() {
    for (address, expected) in [
        ("192.0.2.7:8096", &["https://192.0.2.7:8096", "http://192.0.2.7:8096"][..]),
        (
            "172.17.0.2:8096/jf",
            &[
                "https://172.17.0.2:8096/jf",
                "http://172.17.0.2:8096/jf",
                "https://192.0.2.7:8096/jf",
                "http://192.0.2.7:8096/jf",
            ],
        ),
        // Neither scheme nor port: what is guessed when a person types that.
        (
            "nas",
            &[
                "https://nas",
                "http://nas:8096",
                "http://nas",
                "https://nas:8920",
                "https://192.0.2.7",
                "http://192.0.2.7:8096",
                "http://192.0.2.7",
                "https://192.0.2.7:8920",
            ],
        ),
    ] {
        assert_eq!(candidates(address, SENDER), expected, "{address}");
        assert_eq!(announced(address, SENDER).address(), address);
    }
}

#[test]
fn a_sender_on_ipv6_is_a_candidate_unless_its_address_needs_an_interface() {
    let announced = "http://172.17.0.2:8096/jf";
    for (sender, there) in [
        ("[2001:db8::7]:7359", Some("http://[2001:db8::7]:8096/jf")),
        ("[fd00::7]:7359", Some("http://[fd00::7]:8096/jf")),
        // How a socket for both families reports a host on IPv4.
        ("[::ffff:192.0.2.7]:7359", Some("http://192.0.2.7:8096/jf")),
        ("[fe80::7%2]:7359", None),
        ("[fe80::7]:7359", None),
    ] {
        let expected: Vec<_> = [Some(announced), there].into_iter().flatten().collect();
        assert_eq!(candidates(announced, sender), expected, "{sender}");
    }
}

#[test]
fn the_address_is_shown_before_the_name_and_with_a_sender_that_it_doesnt_name() {
    for (address, sender, expected) in [
        ("http://192.0.2.7:8096", SENDER, "http://192.0.2.7:8096 (nas)"),
        ("192.0.2.7:8096", SENDER, "192.0.2.7:8096 (nas)"),
        ("http://[2001:db8::7]:8096", "[2001:db8::7]:7359", "http://[2001:db8::7]:8096 (nas)"),
        ("http://172.17.0.2:8096", SENDER, "http://172.17.0.2:8096 from 192.0.2.7 (nas)"),
        ("http://nas:8096", "[fe80::7%2]:7359", "http://nas:8096 from fe80::7 (nas)"),
    ] {
        assert_eq!(announced(address, sender).to_string(), expected);
    }
}

#[test]
fn a_name_is_fit_to_be_shown() {
    let datagram = datagram(&json!({
        "Address": "http://192.0.2.7:8096", "Id": "ab12",
        "Name": "\u{202e}sa\u{200b}n\u{2066}\u{1b}[2J\u{2028}\u{85}\u{e0041}",
    }));
    let found = Announcement::read(&datagram, from(SENDER)).expect("an announcement");
    assert_eq!(found.name.as_deref(), Some("san\u{fffd}[2J\u{fffd}\u{fffd}"));
}
