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
    answer::signed(status).with_json(&text.into())
}

#[test]
fn quick_connect_is_on_off_or_unknown_to_old_servers() {
    assert_reads(
        "QuickConnectEnabled",
        vec![
            (answer::signed(200).with_body(b"true"), "true"),
            (answer::signed(200).with_body(b" false\r\n"), "false"),
            (answer::signed(401), "! QuickConnectDisabled"),
            (answer::signed(404), "! QuickConnectUnsupported"),
            (answer::signed(200).with_body(b"\"true\""), "! Malformed { step: CheckEnabled }"),
            (answer::signed(200).with_body(b"1"), "! Malformed { step: CheckEnabled }"),
            (answer::signed(200).with_body(b"truefalse"), "! Malformed { step: CheckEnabled }"),
        ],
    );
}

#[test]
fn initiate_gives_a_code_to_show_and_a_secret_to_keep() {
    let Parts { server, device, .. } = &parts();
    for method in [InitiateMethod::Post, InitiateMethod::Get] {
        let initiate = InitiateQuickConnect::new(server, device, method);
        assert_eq!(initiate.request().method(), method.as_http());
        let found = initiate.read(&pending()).expect("a code");
        assert_eq!((&*found.code, found.secret.expose()), ("123456", "5EC4E7"));
        assert!(!format!("{found:?}").contains("5EC4E7"));
    }
    assert_reads(
        "InitiateQuickConnect",
        vec![
            (text(401, "Quick connect is disabled"), "! QuickConnectDisabled"),
            (answer::signed(405), "! Unexpected { step: Initiate, status: 405 }"),
            (refusal(400), "! Unexpected { step: Initiate, status: 400 }"),
            (answer::signed(404), "! Unexpected { step: Initiate, status: 404 }"),
        ],
    );
}

#[test]
fn a_poll_tells_pending_approved_gone_or_off() {
    assert_reads(
        "QuickConnectState",
        vec![
            (pending(), "false"),
            (approved(), "true"),
            (text(404, "Unknown secret"), "! CodeLost"),
            (text(401, "Quick connect is disabled"), "! QuickConnectDisabled"),
            (answer::signed(200).with_json(&json!({"authenticated": true})), "true"),
            (
                answer::signed(200).with_json(&json!({"Authenticated": "true"})),
                "! Malformed { step: Poll }",
            ),
            (refusal(400), "! Unexpected { step: Poll, status: 400 }"),
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
            (refusal(400), "! Unexpected { step: Exchange, status: 400 }"),
            (refusal(403), "! Unexpected { step: Exchange, status: 403 }"),
        ],
    );
}

#[test]
fn approving_tells_each_outcome_apart() {
    assert_reads(
        "AuthorizeQuickConnect",
        vec![
            (answer::signed(200).with_body(b"true"), "()"),
            (answer::signed(200).with_body(b"false"), "! Malformed { step: Authorize }"),
            (refusal(404), "! CodeUnknown"),
            (refusal(500), "! CodeAlreadyApproved"),
            (refusal(403), "! LoginRefused"),
            (answer::signed(403), "! LoginRefused"),
            (text(401, "Quick connect is disabled"), "! QuickConnectDisabled"),
            (answer::signed(401), "! TokenRevoked"),
            (refusal(400), "! Unexpected { step: Authorize, status: 400 }"),
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
        assert!(matches!(refused, Error::InvalidCode { .. }), "{typed:?}");
    }
    assert!(AuthorizeQuickConnect::new(session, &"1".repeat(32)).is_ok());
}
