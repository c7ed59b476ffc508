//! Who the server is, its users, and the token's life.

use http::Response;
use jellyfin_auth::endpoint::{Endpoint as _, GetCurrentUser, GetPublicUsers, GetServerInfo};
use jellyfin_auth_testkit::{answer, answer::ResponseExt as _};
use serde_json::json;

use super::{Parts, assert_reads, parts};
use crate::given::{SERVER_ID, refusal, token};

#[test]
fn server_info_has_id_name_version_and_product() {
    let Parts { server, device, .. } = &parts();
    let info = GetServerInfo { server, device };
    let found = info.read(&answer::server_info(SERVER_ID, "10.11.11")).expect("a server");
    assert_eq!((found.id.as_str(), found.version.as_str()), (SERVER_ID, "10.11.11"));
    assert_eq!(found.name.as_deref(), Some("nas"));
    assert_eq!(found.product, None);
    // In camel case, with what isn't needed left out.
    let bare = answer::unmarked(200).with_json(&json!({"id": "ab", "version": "12.0.0"}));
    let found = info.read(&bare).expect("a server");
    assert_eq!((found.id.as_str(), found.name, found.version.as_str()), ("ab", None, "12.0.0"));
    let emby = json!({"Id": "ab", "Version": "4.9.1.80", "ProductName": "Emby Server"});
    let found = info.read(&answer::unmarked(200).with_json(&emby)).expect("a server");
    assert_eq!(found.product.as_deref(), Some("Emby Server"));
}

#[test]
fn what_is_no_server_or_none_yet_says_so() {
    let info = |body: serde_json::Value| answer::marked(200).with_json(&body);
    let set_up = |body: serde_json::Value| answer::unmarked(200).with_json(&body);
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
            (info(json!({"Id": "a\u{7}b", "Version": "1"})), "! NotJellyfin"),
            (info(json!({"ID": "ab", "VERSION": "1"})), "! NotJellyfin"),
            (info(json!({"Id": null, "Version": "1"})), "! NotJellyfin"),
            (answer::marked(404), "! WrongBasePath"),
            (answer::unmarked(404), "! NotJellyfin"),
            (answer::unmarked(403), "! Intercepted { request: GetServerInfo, status: 403 }"),
            (answer::unmarked(401), "! Intercepted { request: GetServerInfo, status: 401 }"),
        ],
    );
}

#[test]
fn a_byte_that_isnt_text_spoils_nothing_where_nobody_reads_it() {
    let Parts { server, device, .. } = &parts();
    let body = b"{\"Id\":\"ab12\",\"Version\":\"12.0.0\",\"OperatingSystem\":\"\xFF\"}";
    let info = GetServerInfo { server, device }.read(&answer::marked(200).with_body(body));
    assert_eq!(info.expect("it is a server").id, "ab12");
}

#[test]
fn public_users_have_id_name_password_and_picture() {
    let Parts { server, device, .. } = &parts();
    let users = GetPublicUsers { server, device };
    let list = answer::marked(200).with_json(&json!([
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
    assert_eq!(users.read(&answer::marked(200).with_json(&json!([]))), Ok(Vec::new()));
    assert_reads(
        "GetPublicUsers",
        vec![
            (
                answer::marked(200).with_json(&json!([{"Name": "x"}])),
                "! Malformed { request: GetPublicUsers }",
            ),
            (
                answer::marked(200).with_json(&json!([{"Id": "u1"}, {"Id": true}])),
                "! Malformed { request: GetPublicUsers }",
            ),
            (
                answer::marked(200).with_json(&json!({"Items": []})),
                "! Malformed { request: GetPublicUsers }",
            ),
            // Servers of other makes ask for a token first: they show no users.
            (answer::marked(401), "[]"),
            (answer::unmarked(401).with_json(&json!({"error": "no"})), "[]"),
            (answer::marked(403), "! Unexpected { request: GetPublicUsers, status: 403 }"),
        ],
    );
}

#[test]
fn a_password_gives_a_token_or_the_reason_why_not() {
    let token = "Authentication { access_token: AccessToken([redacted]), user: User { id: \
                 \"6eec632a\", name: Some(\"alice\"), is_administrator: None, has_password: None, \
                 primary_image_tag: None }, server_id: \
                 Some(\"713dc3fe952b438fa70ed35e4ef0525a\") }";
    assert_reads(
        "AuthenticateByName",
        vec![
            (self::token(), token),
            (refusal(401), "! BadCredentials { hint: None }"),
            (refusal(403), "! LoginRefused { reason: NotStated }"),
            (refusal(500), "! ServerFault { request: AuthenticateByName, status: 500 }"),
            (refusal(400), "! Unexpected { request: AuthenticateByName, status: 400 }"),
            (answer::marked(415), "! Unexpected { request: AuthenticateByName, status: 415 }"),
            (without("AccessToken"), "! Malformed { request: AuthenticateByName }"),
            (without("User"), "! Malformed { request: AuthenticateByName }"),
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
    answer::marked(200).with_json(&body)
}

#[test]
fn a_token_is_good_revoked_or_not_allowed_now() {
    let Parts { session, .. } = &parts();
    let user = answer::marked(200).with_json(&json!({"Name": "alice", "Id": "u1"}));
    let found = GetCurrentUser { session }.read(&user).expect("a user");
    assert_eq!((found.id.as_str(), found.name.as_deref()), ("u1", Some("alice")));
    assert_reads(
        "GetCurrentUser",
        vec![
            (answer::marked(401), "! TokenRevoked"),
            (answer::marked(403), "! NotAllowedNow"),
            (
                answer::marked(400).with_body(b"x"),
                "! Unexpected { request: GetCurrentUser, status: 400 }",
            ),
            (answer::marked(404), "! Unexpected { request: GetCurrentUser, status: 404 }"),
        ],
    );
}

#[test]
fn signing_out_counts_when_the_server_says_so_and_a_403_keeps_the_token() {
    assert_reads(
        "LogOut",
        vec![
            (answer::marked(204), "()"),
            (answer::unmarked(204), "()"),
            // Bare, it can't know whether the server spoke: a portal says 401, too.
            (answer::marked(401), "! TokenRevoked"),
            (answer::unmarked(401), "! TokenRevoked"),
            (answer::marked(403), "! NotAllowedNow"),
            (answer::unmarked(200).with_html("portal"), "! Malformed { request: LogOut }"),
            (answer::unmarked(200), "! Malformed { request: LogOut }"),
            (answer::marked(404), "! SignOutUnsupported"),
            (answer::marked(405), "! SignOutUnsupported"),
            (answer::unmarked(501), "! SignOutUnsupported"),
            (answer::unmarked(200).with_body(b"{}"), "! SignOutUnsupported"),
            (answer::marked(400).with_body(b"x"), "! Unexpected { request: LogOut, status: 400 }"),
        ],
    );
}
