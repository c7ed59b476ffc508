//! A session that a program keeps and takes back.

use jellyfin_auth::{Login, RecordError, ServerUrlError, Session, SessionRecord};
use jellyfin_auth_testkit::Script;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::given::*;

fn kept() -> Value {
    json!({
        "version": 1, "server": "https://nas.example/jf", "server_id": SERVER_ID,
        "user_id": "6eec632a", "user_name": "alice", "access_token": "t0k3n-c4n4ry",
        "client": "Example", "client_version": "1.0", "device_name": "Test", "device_id": "d-1",
    })
}

fn with(part: &str, value: Value) -> Value {
    let mut kept = kept();
    kept[part] = value;
    kept
}

fn without(part: &str) -> Value {
    let mut kept = kept();
    kept.as_object_mut().expect("an object").remove(part).expect("it was there");
    kept
}

fn take_back(kept: Value) -> Result<Session, RecordError> {
    let record: SessionRecord = serde_json::from_value(kept).expect("a record");
    Session::try_from(record)
}

#[test]
fn a_kept_session_comes_back_as_it_was() {
    let session = session();
    let text = serde_json::to_string(&session.to_record()).expect("JSON");
    let record: SessionRecord = serde_json::from_str(&text).expect("a record");
    assert_eq!(record, session.to_record());
    let back = Session::try_from(record).expect("a session");
    assert_eq!(back, session);
    assert_eq!(back.authorization(), session.authorization());
}

#[test]
fn what_is_written_today_is_read_by_every_later_release() {
    let session = take_back(kept()).expect("a session");
    assert_eq!(session.server().as_str(), "https://nas.example/jf");
    assert_eq!(session.server_id(), SERVER_ID);
    assert_eq!(session.user().id, "6eec632a");
    assert_eq!(session.user().name.as_deref(), Some("alice"));
    assert_eq!(session.access_token().expose(), "t0k3n-c4n4ry");
    assert_eq!(session.device().client(), "Example");
    assert_eq!(session.device().version(), "1.0");
    assert_eq!(session.device().name(), "Test");
    assert_eq!(session.device().id().as_str(), "d-1");
    assert_eq!(serde_json::to_value(session.to_record()).expect("JSON"), kept());
}

#[test]
fn a_user_without_a_name_is_kept_without_one() {
    let session = take_back(without("user_name")).expect("a session");
    assert_eq!(session.user().name, None);
    assert_eq!(serde_json::to_value(session.to_record()).expect("JSON"), without("user_name"));
    assert_eq!(take_back(with("user_name", Value::Null)).expect("a session").user().name, None);
}

#[test]
fn unknown_properties_are_ignored() {
    let session = take_back(with("refresh_token", json!({"of": ["a", "later", 2]})));
    assert_eq!(session, take_back(kept()));
}

#[test]
fn a_record_of_a_later_version_says_so() {
    for later in [2, 3, u32::MAX] {
        let error = take_back(with("version", later.into())).expect_err("later");
        assert!(
            matches!(error, RecordError::LaterVersion { found, known: 1, .. } if found == later)
        );
        assert!(error.to_string().contains("update the program, or sign in again"), "{error}");
    }
    let error = take_back(with("version", 0.into())).expect_err("no version");
    assert!(matches!(error, RecordError::Missing { part: "version", .. }));
}

#[test]
fn each_missing_part_is_named() {
    for part in ["server_id", "user_id", "access_token"] {
        for kept in [
            without(part),
            with(part, "".into()),
            with(part, "a b".into()),
            with(part, "\u{1b}".into()),
        ] {
            let error = take_back(kept).expect_err("missing");
            assert!(matches!(error, RecordError::Missing { part: told, .. } if told == part));
            assert_eq!(
                error.to_string(),
                format!("the record lacks a usable {part}: sign in again")
            );
        }
    }
    let error = take_back(without("server")).expect_err("no server");
    assert_eq!(error, RecordError::Server(ServerUrlError::NoHost));
    for (part, name) in [
        ("client", "the client's name is blank"),
        ("client_version", "the client's version is blank"),
        ("device_name", "the device's name is blank"),
        ("device_id", "the device id is blank"),
    ] {
        let error = take_back(without(part)).expect_err("missing");
        assert!(matches!(error, RecordError::Device(_)), "{error:?}");
        assert!(error.to_string().contains(name), "{error}");
    }
    let error =
        serde_json::from_value::<SessionRecord>(without("version")).expect_err("no version");
    assert!(error.to_string().contains("missing field `version`"), "{error}");
}

#[test]
fn a_part_of_another_type_is_no_record() {
    for part in kept().as_object().expect("an object").keys() {
        for wrong in [json!([1]), json!({}), json!(true), json!(-1), json!(1.5)] {
            let record = serde_json::from_value::<SessionRecord>(with(part, wrong.clone()));
            assert!(record.is_err(), "{part}: {wrong}");
        }
    }
    for text in ["", "null", "[]", "7", "{", "\"x\"", r#"{"version":1,"version":1}"#] {
        assert!(serde_json::from_str::<SessionRecord>(text).is_err(), "{text}");
    }
}

#[test]
fn an_address_that_is_none_says_so() {
    for (server, words) in [
        ("https://u:geheim@nas.example", "take the user name out"),
        ("ftp://nas.example", "use https:// or http://"),
        ("a b", "remove them"),
    ] {
        let error = take_back(with("server", server.into())).expect_err("no address").to_string();
        assert!(error.starts_with("the record's server address is no use"), "{error}");
        assert!(error.contains(words) && !error.contains("geheim"), "{error}");
    }
}

#[test]
fn what_a_record_tells_is_fit_to_be_shown() {
    let session = take_back(with("user_name", "a\u{1b}[2Jb\n".into())).expect("a session");
    assert_eq!(session.user().name.as_deref(), Some("a\u{fffd}[2Jb\u{fffd}"));
}

#[test]
fn the_token_is_shown_by_nothing() {
    let record: SessionRecord = serde_json::from_value(kept()).expect("a record");
    let session = Session::try_from(record.clone()).expect("a session");
    for shown in [
        format!("{record:?}"),
        format!("{record:#?}"),
        format!("{session:?}"),
        format!("{session:#?}"),
        format!("{:?}", session.access_token()),
        format!("{:?}", session.authorization()),
    ] {
        assert!(!shown.contains("c4n4ry"), "{shown}");
    }
    assert!(format!("{record:?}").contains("nas.example"), "the rest is shown");
}

#[test]
fn an_address_that_the_server_told_is_kept_as_it_is() {
    // A base path that holds the web client's name: typed, it would be cut off there.
    let mut script = password_login("https://nas.example");
    let redirect = jellyfin_auth_testkit::answer::unsigned(302);
    let redirect = jellyfin_auth_testkit::answer::ResponseExt::with_header(
        redirect,
        "location",
        "/web/jf/web/index.html",
    );
    script.sends("GET", INFO).answers(redirect);
    script.sends("GET", "/web/jf/System/Info/Public").answers(server());
    script.sends("POST", "/web/jf/Users/AuthenticateByName").answers(token());
    let session = script.ends();
    assert_eq!(session.server().as_str(), "https://nas.example/web/jf");
    assert_eq!(Session::try_from(session.to_record()), Ok(session));
}

fn server() -> http::Response<Vec<u8>> {
    jellyfin_auth_testkit::answer::server_info(SERVER_ID, "12.0.0")
}

/// A whole sign-in at an address, as a device, that ends with a token.
fn signed_in(host: &str, name: &str, token: &str) -> Session {
    let device = jellyfin_auth::Device::new(
        "Example",
        "1.0",
        name,
        jellyfin_auth::DeviceId::new("d-1").expect("an id"),
    );
    let login = Login::password(url(host), device.expect("a device"), "alice", "pw");
    let mut script = Script::new(login.expect("a name"));
    script.sends("GET", INFO).answers(server());
    let answer = jellyfin_auth_testkit::answer::authentication(token, "u", SERVER_ID);
    script.sends("POST", AUTHENTICATE).answers(answer);
    script.ends()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_session_survives_being_kept(
        name in "[^\\p{Cc}]{0,63}x", token in "[!-~]{1,64}", port in 1..=u16::MAX,
    ) {
        let session = signed_in(&format!("https://nas.example:{port}"), &name, &token);
        let text = serde_json::to_string(&session.to_record()).expect("JSON");
        let record: SessionRecord = serde_json::from_str(&text).expect("a record");
        prop_assert_eq!(Session::try_from(record), Ok(session));
    }
}
