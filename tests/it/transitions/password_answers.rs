//! Block 2: what the answer to a password, or to the exchange of a code, must have.

use jellyfin_auth::{
    Error, Login, Machine as _, RequestName, Session, SessionCheck, SessionState, Step,
};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};
use serde_json::{Value, json};

use crate::given::*;

fn answered(mut script: Script<Login>, body: &Value) -> Session {
    script.sends("POST", AUTHENTICATE).answers(answer::marked(200).with_json(body));
    script.ends()
}

#[test]
fn a_token_and_a_user_id_are_enough() {
    for body in [
        json!({"AccessToken": "t", "User": {"Id": "u"}}),
        json!({"accessToken": "t", "user": {"id": "u"}}),
        json!({"AccessToken": "t", "User": {"Id": "u", "Name": 7}, "ServerId": [7], "x": {}}),
    ] {
        let session = answered(asked_for_password(), &body);
        assert_eq!(session.access_token().expose(), "t");
        assert_eq!((session.user().id.as_str(), session.user().name.as_deref()), ("u", None));
        assert_eq!(session.server_id(), Some(SERVER_ID), "the probe's");
    }
}

#[test]
fn what_the_server_says_of_itself_and_its_user_is_kept() {
    let session = answered(
        asked_for_password(),
        &json!({
            "AccessToken": "t", "ServerId": SERVER_ID, "User": {
                "Id": "u", "Name": "alice", "HasPassword": true, "PrimaryImageTag": "tag",
                "Policy": {"IsAdministrator": false, "IsDisabled": false},
            },
        }),
    );
    assert_eq!(session.server_name(), Some("nas"));
    assert_eq!(session.server_version(), Some("12.0.0"));
    let user = session.user();
    assert_eq!((user.name.as_deref(), user.is_administrator), (Some("alice"), Some(false)));
    assert_eq!((user.has_password, user.primary_image_tag.as_deref()), (Some(true), Some("tag")));
}

#[test]
fn the_servers_id_is_the_probes_and_not_the_answers() {
    let body = json!({"AccessToken": "t", "User": {"Id": "u"}, "ServerId": "0ther"});
    assert_eq!(answered(asked_for_password(), &body).server_id(), Some(SERVER_ID));
    // Without a probe there is no other.
    let script = without_probe(password_login(SERVER));
    assert_eq!(answered(script, &body).server_id(), Some("0ther"));

    let mut script = polling();
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(answer::authentication("t", "u", "0ther"));
    let session = script.ends();
    assert_eq!(session.server_id(), Some(SERVER_ID));
    // Else it would be another server's for ever.
    let mut check = Script::new(SessionCheck::new(session));
    check.sends("GET", INFO).answers(info());
    check.sends("GET", ME).answers(answer::marked(200).with_json(&json!({"Id": "u"})));
    assert!(matches!(check.ends().state, SessionState::Valid(_)));
}

#[test]
fn a_session_without_any_servers_id_has_none() {
    let body = json!({"AccessToken": "t", "User": {"Id": "u"}});
    let session = answered(without_probe(password_login(SERVER)), &body);
    assert_eq!(session.server_id(), None);
    assert_eq!((session.server_name(), session.server_version()), (None, None));

    let mut script = without_probe(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(pending());
    script.waits(5);
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(answer::marked(200).with_json(&body));
    assert_eq!(script.ends().server_id(), None);
}

#[test]
fn ids_may_be_numbers_and_have_blanks() {
    for (id, read) in
        [(json!(0), "0"), (json!(4_294_967_296_u64), "4294967296"), (json!("a b"), "a b")]
    {
        let body = json!({"AccessToken": "t", "User": {"Id": id}, "ServerId": id});
        let session = answered(without_probe(password_login(SERVER)), &body);
        assert_eq!((session.user().id.as_str(), session.server_id()), (read, Some(read)));
    }
}

#[test]
fn a_token_has_at_most_4096_characters() {
    for (length, fits) in [(4096, true), (4097, false)] {
        let mut script = asked_for_password();
        let answer = answer::authentication(&"t".repeat(length), "u", SERVER_ID);
        script.sends("POST", AUTHENTICATE).answers(answer);
        if fits {
            assert_eq!(script.ends().access_token().expose().len(), length);
        } else {
            assert!(matches!(script.fails(), Error::Malformed { .. }));
        }
    }
}

#[test]
fn what_is_only_shown_never_fails_a_sign_in() {
    for body in [
        r#"{"AccessToken":"t","User":{"Id":"u","Name":"a\ud800b"}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u","Name":1e999}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u","HasPassword":1e999}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u","PrimaryImageTag":"\udc00"}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u","Policy":{"IsAdministrator":1e999}}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u","Policy":7}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u","Policy":"x"}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u","Policy":null}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u"},"ServerId":"\ud800"}"#,
        r#"{"AccessToken":"t","User":{"Id":"u"},"ServerId":1e999}"#,
        r#"{"AccessToken":"t","User":{"Id":"u"},"SessionInfo":[1e999,"\ud800"]}"#,
        "\u{feff}{\"AccessToken\":\"t\",\"User\":{\"Id\":\"u\"}}",
    ] {
        let mut script = asked_for_password();
        script.sends("POST", AUTHENTICATE).answers(answer::marked(200).with_body(body.as_bytes()));
        match script.machine.poll(script.clock.now()) {
            Ok(Step::Done(session)) => {
                assert_eq!(session.user().name, None, "{body}");
                assert_eq!(session.user().is_administrator, None, "{body}");
            }
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn a_success_that_cant_be_read_is_malformed() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        r#"{"AccessToken":"t"}"#,
        r#"{"User":{"Id":"u"}}"#,
        r#"{"AccessToken":"t","User":{}}"#,
        r#"{"AccessToken":"t","User":{"Id":null}}"#,
        r#"{"AccessToken":"t","User":{"Id":""}}"#,
        r#"{"AccessToken":"t","User":{"Id":1.5}}"#,
        r#"{"AccessToken":"","User":{"Id":"u"}}"#,
        r#"{"AccessToken":7,"User":{"Id":"u"}}"#,
        r#"{"AccessToken":"a b","User":{"Id":"u"}}"#,
        r#"{"AccessToken":"a\nb","User":{"Id":"u"}}"#,
        r#"{"AccessToken":"t","accessToken":"t","User":{"Id":"u"}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u","id":"v"}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u"},"user":{"Id":"u"}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u","Name":"a","Name":"b"}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u"},"ServerId":"a","ServerId":"a"}"#,
        r#"{"ACCESSTOKEN":"t","User":{"Id":"u"}}"#,
        r#"{"AccessToken":"t","User":{"Id":"u"}} trailing"#,
        "<html></html>",
    ] {
        // Without the marker: a marked 200 that is empty is the address filter's.
        let mut script = probed_unmarked(password_login(SERVER));
        script
            .sends("POST", AUTHENTICATE)
            .answers(answer::unmarked(200).with_body(body.as_bytes()));
        let request = RequestName::AuthenticateByName;
        let error = script.fails();
        assert!(
            matches!(error, Error::Malformed { request: r, .. } if r == request),
            "{body}: {error:?}"
        );
    }
}
