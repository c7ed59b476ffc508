//! The addresses that a session holds, and how they are kept.

use jellyfin_auth::{RecordError, ServerUrl, Session, SessionRecord};
use serde_json::json;

use crate::given::*;

const HOME: &str = "http://192.0.2.7:8096";
const OUTSIDE: &str = "https://nas.example";
const VPN: &str = "https://nas.vpn.example/jf";

#[test]
fn addresses_are_added_preferred_and_removed() {
    let mut session = session();
    assert_eq!(session.addresses(), [url(OUTSIDE)]);
    assert!(!session.remove_address(&url(OUTSIDE)), "the only one stays");
    session.add_address(url(OUTSIDE));
    assert_eq!(session.addresses(), [url(OUTSIDE)], "it is there already");

    session.add_address(url(HOME));
    session.add_address(url(VPN));
    assert_eq!(session.addresses(), [url(OUTSIDE), url(HOME), url(VPN)]);
    assert!(session.prefer_address(&url(VPN)));
    assert_eq!(session.addresses(), [url(VPN), url(OUTSIDE), url(HOME)]);
    assert!(!session.prefer_address(&url("https://unknown.example")));
    assert!(!session.remove_address(&url("https://unknown.example")));
    assert_eq!(session.server(), &url(OUTSIDE), "where it was found last");

    assert!(session.remove_address(&url(OUTSIDE)));
    assert_eq!(session.server(), &url(VPN), "at the first of the others");
    assert!(session.remove_address(&url(HOME)));
    assert_eq!(session.addresses(), [url(VPN)]);
    assert!(!session.remove_address(&url(VPN)));
    assert!(session.prefer_address(&url(VPN)), "the only one is the first");
}

#[test]
fn they_are_kept_in_their_order() {
    let mut session = session();
    session.add_address(url(HOME));
    // As a server may give it: nobody could type this one.
    session.add_address(ServerUrl::from_exact("https://nas.example/web").expect("an address"));
    let record = session.to_record();
    let kept = serde_json::to_value(&record).expect("JSON");
    assert_eq!(kept["addresses"], json!([OUTSIDE, HOME, "https://nas.example/web"]));
    assert_eq!(Session::try_from(record), Ok(session));
}

#[test]
fn those_that_somebody_wrote_are_put_in_order() {
    let take_back = |addresses: &[&str]| {
        let mut kept = serde_json::to_value(session().to_record()).expect("JSON");
        kept["addresses"] = json!(addresses);
        Session::try_from(serde_json::from_value::<SessionRecord>(kept).expect("a record"))
    };
    // The server's own address is one of them, and none stands twice.
    let session = take_back(&[HOME, HOME]).expect("a session");
    assert_eq!(session.addresses(), [url(HOME), url(OUTSIDE)]);
    assert_eq!(take_back(&[OUTSIDE]), take_back(&[]));
    let error = take_back(&[OUTSIDE, "nas"]);
    assert!(matches!(error, Err(RecordError::Server(_))), "{error:?}");
}
