//! Whether a kept session still works: nothing but the server's own word counts against a token.

use http::Response;
use jellyfin_auth::{Error, Session, SessionCheck, SessionRecord, SessionState};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};
use serde_json::json;

use crate::given::*;

fn session_at(server: &str) -> Session {
    let record: SessionRecord = serde_json::from_value(json!({
        "version": 1, "server": server, "server_id": SERVER_ID, "server_name": "old name",
        "server_version": "10.8.13", "user_id": "6eec632a", "user_name": "old name",
        "access_token": "t0k3n", "client": "Example", "client_version": "1.0",
        "device_name": "Test", "device_id": "d-1",
    }))
    .expect("a record");
    Session::try_from(record).expect("a session")
}

fn check() -> Script<SessionCheck> {
    Script::new(SessionCheck::new(session_at(SERVER)))
}

fn user() -> Response<Vec<u8>> {
    answer::marked(200).with_json(&json!({
        "Name": "alice", "Id": "6eec632a", "HasPassword": true, "PrimaryImageTag": "tag",
        "Policy": {"IsAdministrator": true},
    }))
}

/// The server was identified, and sets the marker.
fn identified() -> Script<SessionCheck> {
    let mut script = check();
    script.sends("GET", INFO).answers(info());
    script
}

/// The server was identified, and its marker doesn't arrive.
fn identified_unmarked() -> Script<SessionCheck> {
    let mut script = check();
    script.sends("GET", INFO).answers(without_marker(info()));
    script
}

fn me(mut script: Script<SessionCheck>, response: Response<Vec<u8>>) -> SessionState {
    script.sends("GET", ME).answers(response);
    script.ends().state
}

#[test]
fn a_valid_session_is_as_the_server_knows_it_now() {
    let SessionState::Valid(session) = me(identified(), user()) else { panic!("it works") };
    let user = session.user();
    assert_eq!((user.name.as_deref(), user.is_administrator), (Some("alice"), Some(true)));
    assert_eq!((user.has_password, user.primary_image_tag.as_deref()), (Some(true), Some("tag")));
    assert_eq!((session.server_name(), session.server_version()), (Some("nas"), Some("12.0.0")));
    assert_eq!(session.access_token().expose(), "t0k3n");
}

#[test]
fn a_server_without_a_name_has_none_from_now_on() {
    let mut script = check();
    let nameless = json!({"Id": SERVER_ID, "Version": "12.0.0"});
    script.sends("GET", INFO).answers(answer::marked(200).with_json(&nameless));
    let SessionState::Valid(session) = me(script, user()) else { panic!("it works") };
    assert_eq!((session.server_name(), session.server_version()), (None, Some("12.0.0")));
}

#[test]
fn a_marked_401_revokes_and_a_marked_403_doesnt() {
    assert_eq!(me(identified(), answer::marked(401)), SessionState::Revoked);
    assert_eq!(me(identified(), answer::marked(403)), SessionState::NotAllowedNow);
}

#[test]
fn a_server_without_the_marker_is_read_by_status() {
    assert_eq!(me(identified_unmarked(), answer::unmarked(401)), SessionState::Revoked);
    assert_eq!(me(identified_unmarked(), answer::unmarked(403)), SessionState::NotAllowedNow);
    let state = me(identified_unmarked(), without_marker(user()));
    assert!(matches!(state, SessionState::Valid(_)));
    // It may mark the second answer alone.
    assert_eq!(me(identified_unmarked(), answer::marked(401)), SessionState::Revoked);
}

#[test]
fn anything_else_is_an_error_and_no_reason_to_drop_a_token() {
    for (response, error) in [
        (challenge(), "ProxyAuthentication { scheme: \"Basic\" }"),
        (
            redirect(302, "https://sso.example/?x=1"),
            "Redirected { to: Some(\"https://sso.example/\") }",
        ),
        (answer::marked(200).with_body(b"{}"), "Malformed { request: GetCurrentUser }"),
        (refusal(400), "Unexpected { request: GetCurrentUser, status: 400 }"),
        (answer::marked(404), "Unexpected { request: GetCurrentUser, status: 404 }"),
        (answer::marked(503), "AddressBlocked"),
        (answer::marked(200), "AddressBlocked"),
    ] {
        let mut script = identified();
        script.sends("GET", ME).answers(response);
        assert_eq!(format!("{:?}", script.fails()), error);
    }
    let mut script = identified();
    for seconds in [1, 2, 4] {
        script.sends("GET", ME).answers(refusal(500));
        script.waits(seconds);
    }
    script.sends("GET", ME).answers(refusal(500));
    assert!(matches!(script.fails(), Error::ServerFault { status: 500, .. }));
}

#[test]
fn a_session_moves_to_where_its_server_was_found() {
    let session = session_at("http://nas.example");
    let mut script = Script::new(SessionCheck::new(session.clone()));
    script.sends("GET", INFO).answers(redirect(308, "https://nas.example/System/Info/Public"));
    script.sends("GET", INFO).answers(redirect(302, "../../jf/web/"));
    script.sends("GET", "/jf/System/Info/Public").answers(info());
    let exchange = script.sends("GET", "/jf/Users/Me");
    assert_eq!(exchange.request().uri(), "https://nas.example/jf/Users/Me");
    exchange.answers(user());
    assert_eq!(script.machine.server_url().as_str(), "https://nas.example/jf");
    let SessionState::Valid(found) = script.ends().state else { panic!("it works") };
    assert_eq!(found.server().as_str(), "https://nas.example/jf");
    assert_eq!((found.access_token(), found.device()), (session.access_token(), session.device()));
}

#[test]
fn a_session_of_a_token_that_the_program_had_learns_its_server() {
    let known = session_at(SERVER);
    let session = Session::from_parts(
        known.server().clone(),
        None,
        jellyfin_auth::User::new("6eec632a"),
        known.access_token().clone(),
        device(),
    );
    let mut script = Script::new(SessionCheck::new(session));
    script.sends("GET", INFO).answers(info());
    script.sends("GET", ME).answers(user());
    let SessionState::Valid(found) = script.ends().state else { panic!("it works") };
    assert_eq!(found.server_id(), Some(SERVER_ID));
    assert_eq!(found.user().name.as_deref(), Some("alice"));
}

#[test]
fn the_state_shows_no_token() {
    let state = me(identified(), user());
    assert!(!format!("{state:?}{state:#?}").contains("t0k3n"));
    assert!(!format!("{:?}", identified().machine).contains("t0k3n"));
}
