//! What servers on the local network say of themselves (protocol facts, section 11a).

use jellyfin_auth::lan::Announcement;
use serde_json::{Value, json};

fn datagram(announcement: &Value) -> Vec<u8> {
    announcement.to_string().into_bytes()
}

#[test]
fn an_announcement_has_address_id_and_name() {
    for datagram in [
        datagram(&json!({
            "Address": "http://192.0.2.7:8096/jf", "Id": "ab12", "Name": "nas",
            "EndpointAddress": null, "Product": "of a later version",
        })),
        datagram(&json!({"address": "http://192.0.2.7:8096/jf", "id": "ab12", "name": "nas"})),
    ] {
        let found = Announcement::read(&datagram).expect("an announcement");
        assert_eq!(found.address.as_str(), "http://192.0.2.7:8096/jf");
        assert_eq!((found.id.as_str(), found.name.as_deref()), ("ab12", Some("nas")));
    }
}

#[test]
fn a_server_without_a_name_is_found_and_nothing_else_is_taken_for_it() {
    let nameless = datagram(&json!({
        "Address": "http://192.0.2.7:8096", "Id": "ab12", "EndpointAddress": "192.0.2.7",
    }));
    assert_eq!(Announcement::read(&nameless).expect("an announcement").name, None);
}

#[test]
fn what_no_server_sends_is_no_announcement() {
    for garbage in [
        b"".to_vec(),
        b"Who is JellyfinServer?".to_vec(),
        vec![0xFF; 2000],
        datagram(&json!({"Address": "http://192.0.2.7:8096", "Name": "no id"})),
        datagram(&json!({"Id": "ab12", "Name": "no address"})),
        datagram(&json!({"Address": "http://192.0.2.7:8096", "Id": ""})),
        datagram(&json!({"Address": "http://192.0.2.7:8096", "Id": "a\u{1b}[2J"})),
        datagram(&json!({"Address": "javascript:alert(1)", "Id": "ab12"})),
    ] {
        assert_eq!(Announcement::read(&garbage), None, "{}", String::from_utf8_lossy(&garbage));
    }
}

#[test]
fn each_server_is_collected_once() {
    let of = |id: &str| datagram(&json!({"Address": "http://192.0.2.7:8096", "Id": id}));
    let mut found = Vec::new();
    assert!(Announcement::collect(&mut found, &of("aa")));
    assert!(!Announcement::collect(&mut found, &of("aa")), "it is there already");
    assert!(!Announcement::collect(&mut found, b"garbage"));
    assert!(Announcement::collect(&mut found, &of("bb")));
    assert_eq!(found.iter().map(|server| server.id.as_str()).collect::<Vec<_>>(), ["aa", "bb"]);
}
