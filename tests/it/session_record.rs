//! A session that a program builds, keeps and takes back.

use jellyfin_auth::{
    Device, DeviceFields, Login, RecordError, ServerUrlError, Session, SessionRecord, User,
};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::given::*;

/// As an earlier release wrote it.
fn old() -> Value {
    json!({
        "version": 1, "server": "https://nas.example/jf", "server_id": SERVER_ID,
        "user_id": "6eec632a", "user_name": "alice", "access_token": "t0k3n-c4n4ry",
        "client": "Example", "client_version": "1.0", "device_name": "Test", "device_id": "d-1",
    })
}

fn whole() -> Value {
    let mut whole = old();
    whole["version"] = 2.into();
    whole["server_name"] = "nas".into();
    whole["server_version"] = "12.0.0".into();
    whole["is_administrator"] = true.into();
    whole["has_password"] = false.into();
    whole["primary_image_tag"] = "tag".into();
    whole
}

fn with(part: &str, value: Value) -> Value {
    let mut kept = whole();
    kept[part] = value;
    kept
}

fn without(part: &str) -> Value {
    let mut kept = whole();
    kept.as_object_mut().expect("an object").remove(part).expect("it was there");
    kept
}

fn take_back(kept: Value) -> Result<Session, RecordError> {
    let record: SessionRecord = serde_json::from_value(kept).expect("a record");
    Session::try_from(record)
}

/// A sign-in in which the server says all that it can.
fn talkative() -> Session {
    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).answers(answer::marked(200).with_json(&json!({
        "AccessToken": "t0k3n", "ServerId": SERVER_ID, "User": {
            "Id": "u", "Name": "alice", "HasPassword": true, "PrimaryImageTag": "tag",
            "Policy": {"IsAdministrator": true},
        },
    })));
    script.ends()
}

#[test]
fn a_kept_session_comes_back_with_all_that_the_server_said() {
    for session in [talkative(), session()] {
        let text = serde_json::to_string(&session.to_record()).expect("JSON");
        let record: SessionRecord = serde_json::from_str(&text).expect("a record");
        assert_eq!(record, session.to_record());
        let back = Session::try_from(record).expect("a session");
        assert_eq!(back, session);
        assert_eq!(back.authorization(), session.authorization());
    }
    let user = talkative().user().clone();
    assert_eq!((user.is_administrator, user.has_password), (Some(true), Some(true)));
    assert_eq!(user.primary_image_tag.as_deref(), Some("tag"));
    assert_eq!(talkative().server_name(), Some("nas"));
    assert_eq!(talkative().server_version(), Some("12.0.0"));
}

#[test]
fn a_record_of_an_earlier_release_is_read() {
    let session = take_back(old()).expect("a session");
    assert_eq!(session.server().as_str(), "https://nas.example/jf");
    assert_eq!(session.server_id(), Some(SERVER_ID));
    assert_eq!(session.user().id, "6eec632a");
    assert_eq!(session.user().name.as_deref(), Some("alice"));
    assert_eq!(session.access_token().expose(), "t0k3n-c4n4ry");
    assert_eq!(session.device().client(), "Example");
    assert_eq!(session.device().version(), "1.0");
    assert_eq!(session.device().name(), "Test");
    assert_eq!(session.device().id().as_str(), "d-1");
    assert_eq!((session.server_name(), session.server_version()), (None, None));
    assert_eq!(session.user().is_administrator, None);
    assert_eq!(session.addresses(), [url("https://nas.example/jf")]);
}

#[test]
fn what_is_written_today_is_read_by_every_later_release() {
    let session = take_back(whole()).expect("a session");
    assert_eq!(serde_json::to_value(session.to_record()).expect("JSON"), whole());
}

#[test]
fn what_nobody_said_is_kept_as_such() {
    for part in [
        "server_id",
        "server_name",
        "server_version",
        "user_name",
        "is_administrator",
        "has_password",
        "primary_image_tag",
    ] {
        let session = take_back(without(part)).expect("a session");
        let kept = serde_json::to_value(session.to_record()).expect("JSON");
        assert_eq!(kept, with(part, Value::Null));
        assert_eq!(take_back(with(part, Value::Null)), Ok(session));
    }
}

#[test]
fn unknown_properties_are_ignored() {
    let session = take_back(with("refresh_token", json!({"of": ["a", "later", 2]})));
    assert_eq!(session, take_back(whole()));
}

#[test]
fn a_record_of_a_later_version_says_so() {
    for later in [3, 4, u32::MAX] {
        let error = take_back(with("version", later.into())).expect_err("later");
        assert!(
            matches!(error, RecordError::LaterVersion { found, known: 2, .. } if found == later)
        );
        assert!(error.to_string().contains("update the program, or sign in again"), "{error}");
    }
    for kept in [with("version", 0.into()), without("version")] {
        let error = take_back(kept).expect_err("no version");
        assert!(matches!(error, RecordError::Missing { part: "version", .. }));
    }
}

#[test]
fn each_part_that_it_cant_do_without_is_named() {
    let missing = |kept: Value, part: &str| {
        let error = take_back(kept).expect_err("missing");
        assert!(matches!(error, RecordError::Missing { part: named, .. } if named == part));
        let words = format!("the record lacks a usable {part}: sign in again");
        assert_eq!(error.to_string(), words);
    };
    for part in ["user_id", "access_token"] {
        missing(without(part), part);
        missing(with(part, "".into()), part);
        missing(with(part, "\u{1b}".into()), part);
    }
    missing(with("access_token", "a b".into()), "access_token");
    missing(with("access_token", "t".repeat(4097).into()), "access_token");
    missing(with("server_id", "".into()), "server_id");
    missing(with("server_id", "\u{1b}".into()), "server_id");
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
}

#[test]
fn a_part_of_another_type_is_no_record() {
    for part in whole().as_object().expect("an object").keys() {
        for wrong in [json!([1]), json!({}), json!(-1), json!(1.5)] {
            let record = serde_json::from_value::<SessionRecord>(with(part, wrong.clone()));
            assert!(record.is_err(), "{part}: {wrong}");
        }
    }
    for text in ["", "null", "7", "{", "\"x\"", r#"{"version":1,"version":1}"#] {
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
fn what_a_record_shows_is_fit_to_be_shown() {
    for part in ["user_name", "server_name", "primary_image_tag"] {
        let hostile = "a\u{1b}[2J\u{202e}\u{200b}b\n\u{2028}\u{2029}";
        let session = take_back(with(part, hostile.into())).expect("a session");
        let kept = serde_json::to_value(session.to_record()).expect("JSON");
        assert_eq!(kept[part], "a\u{fffd}[2Jb\u{fffd}\u{fffd}\u{fffd}");
    }
}

#[test]
fn an_address_that_the_server_gave_is_kept_as_it_is() {
    // A base path that holds the web client's name: typed, it would be cut off there.
    let mut script = password_login("http://nas");
    script.sends("GET", INFO).answers(redirect(302, "/web/jf/web/index.html"));
    script.sends("GET", &format!("/web/jf{INFO}")).answers(info());
    script.sends("POST", &format!("/web/jf{AUTHENTICATE}")).answers(token());
    let session = script.ends();
    assert_eq!(session.server().as_str(), "http://nas/web/jf");
    assert_eq!(Session::try_from(session.to_record()), Ok(session));
}

#[test]
fn the_token_is_shown_by_nothing() {
    let record: SessionRecord = serde_json::from_value(whole()).expect("a record");
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

/// A whole sign-in at an address, as a device, that ends with a token.
fn signed_in(host: &str, name: &str, token: &str, user: &User) -> Session {
    let id = jellyfin_auth::DeviceId::new("d-1").expect("an id");
    let device = Device::new(DeviceFields { client: "Example", version: "1.0", name, id });
    let login = Login::password(url(host), device.expect("a device"), "alice", "pw");
    let mut script = Script::new(login.expect("a name"));
    script.sends("GET", INFO).answers(info());
    script.sends("POST", AUTHENTICATE).answers(answer::marked(200).with_json(&json!({
        "AccessToken": token, "User": {
            "Id": user.id, "Name": user.name, "HasPassword": user.has_password,
            "PrimaryImageTag": user.primary_image_tag,
            "Policy": {"IsAdministrator": user.is_administrator},
        },
    })));
    script.ends()
}

fn users() -> impl Strategy<Value = User> {
    let text = || prop::option::of(".{0,300}");
    let truth = || prop::option::of(any::<bool>());
    let id = "[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]{0,100}x";
    (id, text(), truth(), truth(), text()).prop_map(|(id, name, is, has, tag)| {
        let mut user = User::new(id);
        (user.name, user.is_administrator, user.has_password) = (name, is, has);
        user.primary_image_tag = tag;
        user
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_session_survives_being_kept(
        name in "[^\\p{Cc}]{0,63}x", token in "[!-~]{1,64}", port in 1..=u16::MAX, user in users(),
    ) {
        let session = signed_in(&format!("https://nas.example:{port}"), &name, &token, &user);
        let text = serde_json::to_string(&session.to_record()).expect("JSON");
        let record: SessionRecord = serde_json::from_str(&text).expect("a record");
        prop_assert_eq!(Session::try_from(record), Ok(session));
    }
}

#[test]
fn the_debug_of_a_record_shows_that_something_is_left_out() {
    let shown = format!("{:?}", session().to_record());
    assert!(shown.contains("[redacted]"), "{shown}");
}
