//! Who the server is, its users, and the token's life.

use http::Response;
use jellyfin_auth::endpoint::{CurrentUser, Endpoint as _, GetServerInfo, PublicUsers};
use jellyfin_auth_testkit::{answer, answer::ResponseExt as _};
use serde_json::json;

use super::{Parts, assert_reads, parts};
use crate::given::{SERVER_ID, refusal, token};

#[test]
fn server_info_tells_id_name_and_version() {
    let Parts { server, device, .. } = &parts();
    let info = GetServerInfo::new(server, device);
    let found = info.read(&answer::server_info(SERVER_ID, "10.11.11")).expect("a server");
    assert_eq!((found.id.as_str(), found.version.as_str()), (SERVER_ID, "10.11.11"));
    assert_eq!(found.name.as_deref(), Some("nas"));
    // In any letter case, with what isn't needed left out.
    let bare = answer::unsigned(200).with_json(&json!({"id": "ab", "VERSION": "12.0.0"}));
    let found = info.read(&bare).expect("a server");
    assert_eq!((found.id.as_str(), found.name, found.version.as_str()), ("ab", None, "12.0.0"));
}

#[test]
fn what_is_no_server_or_none_yet_says_so() {
    let info = |body: serde_json::Value| answer::signed(200).with_json(&body);
    let set_up = |body: serde_json::Value| answer::unsigned(200).with_json(&body);
    let starting = json!({"id": null, "version": "12.0.0", "startupWizardCompleted": false});
    assert_reads(
        "GetServerInfo",
        vec![
            (
                info(json!({"Id": "ab", "Version": "1", "StartupWizardCompleted": false})),
                "! ServerNotSetUp",
            ),
            (set_up(starting), "! ServerStarting"),
            (info(json!({"Id": "ab"})), "! NotJellyfin"),
            (info(json!({"Version": "1"})), "! NotJellyfin"),
            (info(json!({"Id": "a b", "Version": "1"})), "! NotJellyfin"),
            (info(json!({"Id": null, "Version": "1"})), "! NotJellyfin"),
            (answer::signed(404), "! WrongBasePath"),
            (answer::unsigned(404), "! NotJellyfin"),
            (answer::unsigned(403), "! Intercepted { status: 403 }"),
            (answer::unsigned(401), "! Intercepted { status: 401 }"),
        ],
    );
}

#[test]
fn public_users_tell_id_name_password_and_picture() {
    let Parts { server, device, .. } = &parts();
    let users = PublicUsers::new(server, device);
    let list = answer::signed(200).with_json(&json!([
        {"Name": "alice", "Id": "u1", "HasPassword": true, "PrimaryImageTag": "tag", "Policy": {}},
        {"name": "b\u{1b}[31mob", "id": "u2", "hasPassword": false},
        {"Id": "u3", "Name": null, "HasPassword": "yes"},
    ]));
    let found = users.read(&list).expect("users");
    assert_eq!(found.len(), 3);
    assert_eq!((found[0].id.as_str(), found[0].name.as_deref()), ("u1", Some("alice")));
    assert_eq!(
        (found[0].has_password, found[0].primary_image_tag.as_deref()),
        (Some(true), Some("tag"))
    );
    assert_eq!(found[1].name.as_deref(), Some("b\u{fffd}[31mob"));
    assert_eq!((found[1].has_password, &found[1].primary_image_tag), (Some(false), &None));
    assert_eq!((found[2].name.as_deref(), found[2].has_password), (None, None));
    assert_eq!(users.read(&answer::signed(200).with_json(&json!([]))), Ok(Vec::new()));
    assert_reads(
        "PublicUsers",
        vec![
            (
                answer::signed(200).with_json(&json!([{"Name": "x"}])),
                "! Malformed { step: PublicUsers }",
            ),
            (
                answer::signed(200).with_json(&json!({"Items": []})),
                "! Malformed { step: PublicUsers }",
            ),
            (answer::signed(401), "! Unexpected { step: PublicUsers, status: 401 }"),
        ],
    );
}

#[test]
fn a_password_gives_a_token_or_the_reason_why_not() {
    let token = "Authentication { access_token: AccessToken([redacted]), user: User { id: \
                 \"6eec632a\", name: Some(\"alice\"), has_password: None, primary_image_tag: None \
                 }, server_id: Some(\"713dc3fe952b438fa70ed35e4ef0525a\") }";
    assert_reads(
        "AuthenticateByName",
        vec![
            (self::token(), token),
            (refusal(401), "! BadCredentials"),
            (refusal(403), "! LoginRefused"),
            (refusal(500), "! ServerFault { status: 500 }"),
            (refusal(400), "! Unexpected { step: Authenticate, status: 400 }"),
            (answer::signed(415), "! Unexpected { step: Authenticate, status: 415 }"),
            (without("AccessToken"), "! Malformed { step: Authenticate }"),
            (without("User"), "! Malformed { step: Authenticate }"),
        ],
    );
    assert!(
        super::read_by_name("AuthenticateByName", &without("ServerId")).contains("server_id: None")
    );
}

/// A sign-in's answer that lacks a property.
fn without(property: &str) -> Response<Vec<u8>> {
    let mut body: serde_json::Value = serde_json::from_slice(token().body()).expect("JSON");
    body.as_object_mut().expect("an object").remove(property).expect("it was there");
    answer::signed(200).with_json(&body)
}

#[test]
fn a_token_is_good_revoked_or_not_allowed_now() {
    let Parts { session, .. } = &parts();
    let user = answer::signed(200).with_json(&json!({"Name": "alice", "Id": "u1"}));
    let found = CurrentUser::new(session).read(&user).expect("a user");
    assert_eq!((found.id.as_str(), found.name.as_deref()), ("u1", Some("alice")));
    assert_reads(
        "CurrentUser",
        vec![
            (answer::signed(401), "! TokenRevoked"),
            (answer::signed(403), "! NotAllowedNow"),
            (
                answer::signed(400).with_body(b"x"),
                "! Unexpected { step: CurrentUser, status: 400 }",
            ),
            (answer::signed(404), "! Unexpected { step: CurrentUser, status: 404 }"),
        ],
    );
}

#[test]
fn signing_out_counts_when_the_token_is_gone_and_a_403_keeps_it() {
    assert_reads(
        "Logout",
        vec![
            (answer::signed(204), "()"),
            (answer::unsigned(204), "()"),
            (answer::signed(401), "()"),
            (answer::signed(403), "! NotAllowedNow"),
            (answer::unsigned(200).with_html("portal"), "! Malformed { step: Logout }"),
            (answer::unsigned(200), "! Malformed { step: Logout }"),
            (answer::signed(404), "! Unexpected { step: Logout, status: 404 }"),
        ],
    );
}
