//! Quick Connect, on the side that shows a code and on the side that approves it.

use http::Response;
use jellyfin_auth::{
    Error,
    endpoint::{AuthorizeQuickConnect, Endpoint as _, InitiateMethod, InitiateQuickConnect},
};
use jellyfin_auth_testkit::{answer, answer::ResponseExt as _};
use serde_json::json;

use super::{Parts, assert_reads, parts};
use crate::given::{approved, pending, refusal, token};

fn text(status: u16, text: &str) -> Response<Vec<u8>> {
    answer::marked(status).with_json(&text.into())
}

#[test]
fn quick_connect_is_on_off_or_not_there() {
    assert_reads(
        "GetQuickConnectEnabled",
        vec![
            (answer::marked(200).with_body(b"true"), "true"),
            (answer::marked(200).with_body(b" false\r\n"), "false"),
            (answer::marked(401), "! QuickConnectDisabled"),
            (answer::marked(404), "! QuickConnectUnsupported"),
            (answer::marked(405), "! QuickConnectUnsupported"),
            (answer::unmarked(501), "! QuickConnectUnsupported"),
            // Servers of other makes write it so.
            (answer::marked(200).with_body(b"\"true\""), "true"),
            (answer::marked(200).with_body(b"\"false\""), "false"),
            (
                answer::marked(200).with_body(b"\"yes\""),
                "! Malformed { request: GetQuickConnectEnabled }",
            ),
            (
                answer::marked(200).with_body(b"1"),
                "! Malformed { request: GetQuickConnectEnabled }",
            ),
            (
                answer::marked(200).with_body(b"truefalse"),
                "! Malformed { request: GetQuickConnectEnabled }",
            ),
        ],
    );
}

#[test]
fn initiate_gives_a_code_to_show_and_a_secret_to_keep() {
    let Parts { server, device, .. } = &parts();
    for method in [InitiateMethod::Post, InitiateMethod::Get] {
        let initiate = InitiateQuickConnect { server, device, method };
        assert_eq!(initiate.request().method(), method.as_http());
        let found = initiate.read(&pending()).expect("a code");
        assert_eq!((&*found.code, found.secret.expose()), ("123456", "5EC4E7"));
        assert!(!format!("{found:?}").contains("5EC4E7"));
    }
    assert_reads(
        "InitiateQuickConnect",
        vec![
            (text(401, "Quick connect is disabled"), "! QuickConnectDisabled"),
            (answer::marked(405), "! Unexpected { request: InitiateQuickConnect, status: 405 }"),
            (refusal(400), "! Unexpected { request: InitiateQuickConnect, status: 400 }"),
            (answer::marked(404), "! Unexpected { request: InitiateQuickConnect, status: 404 }"),
        ],
    );
}

#[test]
fn a_code_is_pending_approved_gone_or_off() {
    assert_reads(
        "GetQuickConnectState",
        vec![
            (pending(), "false"),
            (approved(), "true"),
            (text(404, "Unknown secret"), "! CodeLost"),
            (text(401, "Quick connect is disabled"), "! QuickConnectDisabled"),
            (answer::marked(200).with_json(&json!({"authenticated": true})), "true"),
            (answer::marked(200).with_json(&json!({"Authenticated": "true"})), "true"),
            (
                answer::marked(200).with_json(&json!({"Authenticated": 1})),
                "! Malformed { request: GetQuickConnectState }",
            ),
            (refusal(400), "! Unexpected { request: GetQuickConnectState, status: 400 }"),
        ],
    );
}

#[test]
fn an_approved_secret_gives_a_token_or_the_reason_why_not() {
    let value = super::read_by_name("AuthenticateWithQuickConnect", &token());
    assert!(value.starts_with("Authentication { access_token: AccessToken([redacted])"), "{value}");
    assert_reads(
        "AuthenticateWithQuickConnect",
        vec![
            (refusal(404), "! CodeLost"),
            (refusal(401), "! QuickConnectDisabled"),
            (refusal(400), "! Unexpected { request: AuthenticateWithQuickConnect, status: 400 }"),
            (refusal(403), "! Unexpected { request: AuthenticateWithQuickConnect, status: 403 }"),
        ],
    );
}

#[test]
fn approving_has_each_outcome() {
    assert_reads(
        "AuthorizeQuickConnect",
        vec![
            (answer::marked(200).with_body(b"true"), "()"),
            (
                answer::marked(200).with_body(b"false"),
                "! Malformed { request: AuthorizeQuickConnect }",
            ),
            (refusal(404), "! CodeUnknown"),
            (refusal(500), "! CodeAlreadyApproved"),
            (refusal(403), "! LoginRefused { reason: NotStated }"),
            (answer::marked(403), "! LoginRefused { reason: NotStated }"),
            (text(401, "Quick connect is disabled"), "! QuickConnectDisabled"),
            (answer::marked(401), "! TokenRevoked"),
            (refusal(400), "! Unexpected { request: AuthorizeQuickConnect, status: 400 }"),
        ],
    );
}

#[test]
fn a_code_is_taken_as_people_type_it() {
    let Parts { session, .. } = &parts();
    for typed in
        ["123456", "123 456", " 123456\n", "1 2 3 4 5 6", "123\u{a0}456", "\t123\u{2003}456"]
    {
        let approve = AuthorizeQuickConnect::new(session, typed).expect("a code");
        assert_eq!(approve.request().uri().query(), Some("code=123456"), "{typed:?}");
    }
    let other = AuthorizeQuickConnect::new(session, "AB-12 cd").expect("a later server's code");
    assert_eq!(other.request().uri().query(), Some("code=AB-12cd"));
}

#[test]
fn what_cant_be_a_code_is_refused_before_any_request() {
    let Parts { session, .. } = &parts();
    let long = "1".repeat(33);
    for typed in [
        "",
        "   ",
        "12_34",
        "123456&userId=x",
        "code=123456",
        "123.456",
        "１２３４５６",
        "١٢٣",
        "12\u{0}34",
        "12\u{1b}34",
        "12\u{200b}34",
        "%31",
        "#",
        &long,
    ] {
        let refused = AuthorizeQuickConnect::new(session, typed).expect_err("no code");
        assert_eq!(refused, Error::InvalidCode, "{typed:?}");
    }
    assert!(AuthorizeQuickConnect::new(session, &"1".repeat(32)).is_ok());
}
