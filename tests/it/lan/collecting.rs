//! Which of the answers are kept.

use jellyfin_auth::lan::Announcements;
use serde_json::json;

use super::{SENDER, datagram, from};

const REAL: &str = "http://192.0.2.7:8096";

fn of(id: &str, address: &str) -> Vec<u8> {
    datagram(&json!({"Address": address, "Id": id, "Name": "nas"}))
}

fn shown(announcements: Announcements) -> Vec<(String, String)> {
    let found = announcements.into_vec();
    found.into_iter().map(|server| (server.id.clone(), server.to_string())).collect()
}

#[test]
fn each_server_is_kept_once_and_garbage_never() {
    let mut announcements = Announcements::new();
    assert!(announcements.handle(&of("aa", REAL), from(SENDER)));
    assert!(!announcements.handle(&of("aa", REAL), from(SENDER)), "it is there already");
    // From another port, and under another name.
    let renamed = datagram(&json!({"Address": REAL, "Id": "aa", "Name": "attic"}));
    assert!(!announcements.handle(&renamed, from("192.0.2.7:40000")));
    assert!(!announcements.handle(b"garbage", from(SENDER)));
    assert!(announcements.handle(&of("bb", REAL), from(SENDER)));

    let expected = ["aa", "bb"].map(|id| (id.to_owned(), format!("{REAL} (nas)")));
    assert_eq!(shown(announcements), expected);
}

#[test]
fn two_servers_with_one_id_are_both_kept() {
    let mut announcements = Announcements::new();
    assert!(announcements.handle(&of("aa", REAL), from(SENDER)));
    assert!(announcements.handle(&of("aa", "http://192.0.2.7:8097"), from(SENDER)));
}

#[test]
fn a_forger_doesnt_hide_the_server_whose_id_it_copies() {
    let forger = "192.0.2.66:7359";
    for forged in ["http://192.0.2.66:8096", REAL] {
        let mut announcements = Announcements::new();
        assert!(announcements.handle(&of("aa", forged), from(forger)));
        assert!(announcements.handle(&of("aa", REAL), from(SENDER)), "{forged}");
        let shown = shown(announcements);
        assert_eq!(shown[1].1, format!("{REAL} (nas)"));
        assert_ne!(shown[0].1, shown[1].1, "they can be told apart");
    }
}

#[test]
fn no_more_than_64_are_kept() {
    let mut announcements = Announcements::new();
    for host in 0..=255 {
        let address = format!("http://10.0.0.{host}:8096");
        let kept = announcements.handle(&of("aa", &address), from(&format!("10.0.0.{host}:7359")));
        assert_eq!(kept, host < 64, "{host}");
    }
    assert_eq!(announcements.into_vec().len(), Announcements::MAX);
}

#[test]
fn a_host_that_floods_leaves_room_for_all_others() {
    let mut announcements = Announcements::new();
    let flood = |announcements: &mut Announcements| {
        for id in 0..1000 {
            announcements.handle(&of(&format!("forged-{id}"), REAL), from("192.0.2.66:7359"));
        }
    };
    flood(&mut announcements);
    for host in 0..20 {
        let address = format!("http://10.0.0.{host}:8096");
        let sender = from(&format!("10.0.0.{host}:7359"));
        assert!(announcements.handle(&of("aa", &address), sender), "{host}");
        flood(&mut announcements);
    }
    let found = announcements.into_vec();
    assert_eq!(found.len(), Announcements::MAX);
    assert_eq!(found.iter().filter(|server| server.id == "aa").count(), 20);
    let first: Vec<_> = (0..44).map(|id| format!("forged-{id}")).collect();
    assert!(found.iter().map(|server| &server.id).take(44).eq(&first), "the last make room");
}

#[test]
fn room_is_made_only_where_that_is_fairer() {
    let mut announcements = Announcements::new();
    for port in 0..64 {
        let sender = if port < 33 { "192.0.2.1:7359" } else { "192.0.2.2:7359" };
        let address = format!("http://nas:{}", 8000 + port);
        assert!(announcements.handle(&of("aa", &address), from(sender)));
    }
    // 33 of one and 31 of the other, then 32 of each.
    assert!(announcements.handle(&of("bb", REAL), from("192.0.2.2:7359")));
    assert!(!announcements.handle(&of("cc", REAL), from("192.0.2.2:7359")));
    assert!(!announcements.handle(&of("cc", REAL), from("192.0.2.1:7359")));
    assert!(announcements.handle(&of("cc", REAL), from("192.0.2.3:7359")));
    assert_eq!(announcements.into_vec().len(), Announcements::MAX);
}

#[test]
fn only_the_hosts_that_were_asked_may_answer() {
    let asked = ["192.0.2.7:7359", "[2001:db8::7]:7359", "[fe80::7%2]:7359"].map(from);
    for (sender, is_kept) in [
        ("192.0.2.7:7359", true),
        ("192.0.2.7:40000", true),
        ("[::ffff:192.0.2.7]:7359", true),
        ("192.0.2.8:7359", false),
        ("[2001:db8::7]:7359", true),
        ("[2001:db8::8]:7359", false),
        ("[fe80::7%2]:7359", true),
        ("[fe80::7%3]:7359", false),
    ] {
        let mut announcements = Announcements::of(&asked);
        assert_eq!(announcements.handle(&of("aa", REAL), from(sender)), is_kept, "{sender}");
    }
    let mut of_one = Announcements::of(&asked[..1]);
    assert!(!of_one.handle(&of("aa", REAL), from("192.0.2.8:7359")));
    assert!(Announcements::of(&[]).handle(&of("aa", REAL), from("192.0.2.8:7359")), "everybody");
}
