//! Plugins that answer a sign-in in the server's place: a second factor, locked accounts, single sign-on.

use http::Response;
use jellyfin_auth::{
    Advice, Error, LoginRefusal, SessionCheck, SignOut, WaitReason, endpoint::Endpoint as _,
    endpoint::GetBranding,
};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};
use serde_json::{Value, json};

use crate::given::*;

fn second_factor() -> Value {
    json!({
        "TwoFactorRequired": true, "ChallengeToken": "c4n4ry",
        "Methods": ["totp", "passkey", "email", "recovery"],
        "ChallengePageUrl": "/TwoFactorAuth/Challenge?token=c4n4ry",
    })
}

/// As the server itself says it, and as something in front of it does.
fn both(status: u16, json: &Value) -> [Response<Vec<u8>>; 2] {
    [answer::marked(status), answer::unmarked(status)].map(|answer| answer.with_json(json))
}

fn to_the_password(server: &str, answer: Response<Vec<u8>>) -> Error {
    let mut script = password_login(server);
    let base = url(server).base_path().to_owned();
    script.sends("GET", &format!("{base}{INFO}")).answers(info());
    script.sends("POST", &format!("{base}{AUTHENTICATE}")).answers(answer);
    let error = script.fails();
    assert!(!format!("{error:?} {error}").contains("c4n4ry"), "{error:?}");
    error
}

#[test]
fn a_second_factor_is_no_wrong_password() {
    for answer in both(401, &second_factor()) {
        let error = to_the_password(SERVER, answer);
        let Error::SecondFactorRequired { methods, page, .. } = &error else { panic!("{error:?}") };
        assert_eq!(methods, &["totp", "passkey", "email", "recovery"]);
        assert_eq!(page.as_deref(), Some("https://nas.example/TwoFactorAuth/Challenge"));
        assert_eq!(error.advice(), Advice::OfferQuickConnect);
        assert!(error.to_string().contains("app password"), "{error}");
    }
}

#[test]
fn an_answer_that_is_longer_than_any_plugins_is_a_wrong_password() {
    let mut json = second_factor();
    json["Padding"] = "x".repeat(16 * 1024).into();
    let error = to_the_password(SERVER, answer::marked(401).with_json(&json));
    assert!(matches!(error, Error::BadCredentials { .. }), "{error:?}");
}

#[test]
fn what_no_plugin_says_means_what_its_status_means() {
    let error = to_the_password(SERVER, answer::marked(403).with_json(&json!({"error": "no"})));
    assert_eq!(format!("{error:?}"), "LoginRefused { reason: NotStated }");
    let mut script = asked_for_password();
    let busy = answer::marked(503).with_json(&json!({"message": "later"}));
    script.sends("POST", AUTHENTICATE).answers(busy);
    assert_eq!(script.waits(1).reason(), WaitReason::ServerStarting);
}

#[test]
fn its_page_is_at_the_servers_base_path_and_nowhere_else() {
    let page = |server: &str, page: &str| {
        let mut json = second_factor();
        json["ChallengePageUrl"] = page.into();
        match to_the_password(server, answer::marked(401).with_json(&json)) {
            Error::SecondFactorRequired { page, .. } => page,
            other => panic!("{other:?}"),
        }
    };
    let at = "https://nas.example/jf";
    let expected = Some("https://nas.example/jf/TwoFactorAuth/Challenge".to_owned());
    assert_eq!(page(at, "/TwoFactorAuth/Challenge?token=c4n4ry"), expected);
    assert_eq!(page(at, "/jf/TwoFactorAuth/Challenge?token=c4n4ry#c4n4ry"), expected);
    for elsewhere in ["//evil.example/c4n4ry", "https://evil.example/?c4n4ry", "javascript:c4n4ry"]
    {
        assert_eq!(page(SERVER, elsewhere), None, "{elsewhere}");
    }
}

#[test]
fn names_come_in_any_case_and_the_rest_is_optional() {
    for (json, methods) in [
        (json!({"twofactorrequired": true, "methods": ["totp"]}), 1),
        (json!({"TwoFactorRequired": true, "Methods": "totp", "ChallengePageUrl": 7}), 0),
        (json!({"TWOFACTORREQUIRED": true, "Methods": [1, null, "a\u{1b}[31m"]}), 1),
        (json!({"EnrollmentRequired": true, "TwoFactorRequired": false}), 0),
        (json!({"TwoFactorRequired": true, "Methods": vec!["x"; 100]}), 8),
    ] {
        let error = to_the_password(SERVER, answer::marked(401).with_json(&json));
        let Error::SecondFactorRequired { methods: found, page: None, .. } = error else {
            panic!("{error:?}")
        };
        assert_eq!(found.len(), methods, "{found:?}");
        assert!(found.iter().all(|method| !method.contains('\u{1b}')), "{found:?}");
    }
    for json in [json!({"TwoFactorRequired": false}), json!({}), json!([true])] {
        let error = to_the_password(SERVER, answer::marked(401).with_json(&json));
        assert!(matches!(error, Error::BadCredentials { .. }), "{error:?}");
    }
}

#[test]
fn a_factor_that_must_be_set_up_first_leads_to_its_page() {
    let mut json = second_factor();
    json["EnrollmentRequired"] = true.into();
    json["EnrollmentPageUrl"] = "/TwoFactorAuth/Enroll?token=c4n4ry".into();
    let error = to_the_password(SERVER, answer::marked(401).with_json(&json));
    let Error::SecondFactorRequired { page, .. } = error else { panic!("{error:?}") };
    assert_eq!(page.as_deref(), Some("https://nas.example/TwoFactorAuth/Enroll"));
}

#[test]
fn a_second_factor_to_an_approved_code_ends_the_login_and_keeps_the_code() {
    for answer in both(401, &second_factor()) {
        let mut script = polling();
        script.sends("GET", POLL).answers(approved());
        script.sends("POST", EXCHANGE).answers(answer);
        let error = script.fails();
        assert!(matches!(error, Error::SecondFactorRequired { .. }), "{error:?}");
        assert!(script.machine.to_record().is_some(), "it may be redeemed later");
    }
}

#[test]
fn a_session_that_lacks_its_second_factor_is_not_revoked() {
    let blocked = json!({
        "message": "Two-factor authentication required. Visit /TwoFactorAuth/Login?c4n4ry to go on."
    });
    for answer in both(401, &blocked) {
        let mut check = Script::new(SessionCheck::new(session()));
        check.sends("GET", INFO).answers(info());
        check.sends("GET", ME).answers(answer.clone());
        let error = check.fails();
        let Error::SecondFactorRequired { methods, page, .. } = &error else { panic!("{error:?}") };
        assert!(methods.is_empty());
        assert_eq!(page.as_deref(), Some("https://nas.example/TwoFactorAuth/Login"));
        let mut sign_out = Script::new(SignOut::new(session()));
        sign_out.sends("GET", INFO).answers(info());
        sign_out.sends("POST", "/Sessions/Logout").answers(answer);
        assert!(matches!(sign_out.fails(), Error::SecondFactorRequired { .. }));
    }
}

#[test]
fn a_refusal_says_its_reason_where_a_plugin_gives_one() {
    for (status, json, reason, advice) in [
        (
            401,
            json!({"accountLocked": true, "message": "c4n4ry"}),
            LoginRefusal::AccountLocked,
            Advice::AskAdministrator,
        ),
        (
            401,
            json!({"emptyPasswordBlocked": true}),
            LoginRefusal::EmptyPassword,
            Advice::AskAdministrator,
        ),
        (
            403,
            json!({"passwordLoginDisabled": true}),
            LoginRefusal::PasswordDisabled,
            Advice::OfferQuickConnect,
        ),
        (
            403,
            json!({"error": "sso_required", "message": "c4n4ry"}),
            LoginRefusal::SingleSignOn,
            Advice::OfferQuickConnect,
        ),
    ] {
        for answer in both(status, &json) {
            let error = to_the_password(SERVER, answer.clone());
            assert_eq!(error.advice(), advice);
            let Error::LoginRefused { reason: found, .. } = error else { panic!("{error:?}") };
            assert_eq!(found, reason);

            let mut script = polling();
            script.sends("GET", POLL).answers(approved());
            script.sends("POST", EXCHANGE).answers(answer);
            assert!(matches!(script.fails(), Error::LoginRefused { reason: r, .. } if r == reason));
        }
    }
}

#[test]
fn a_failure_of_the_second_factor_service_is_no_start_up() {
    for answer in both(503, &json!({"message": "2FA service error: c4n4ry"})) {
        let error = to_the_password(SERVER, answer);
        assert!(matches!(error, Error::ServerFault { status: 503, .. }), "{error:?}");
        assert_eq!(error.advice(), Advice::OfferQuickConnect);
    }
}

#[test]
fn other_requests_are_not_read_as_a_sign_ins() {
    // A poll that is answered so by mistake is waited out as before.
    let mut script = polling();
    script.sends("GET", POLL).answers(answer::marked(401).with_json(&second_factor()));
    assert_eq!(script.waits(5).reason(), WaitReason::Disabled);
    script
        .sends("GET", POLL)
        .answers(answer::marked(403).with_json(&json!({"error": "sso_required"})));
    assert_eq!(script.waits(5).reason(), WaitReason::Other);
}

#[test]
fn the_administrators_notice_is_shown_before_a_sign_in() {
    let (server, device) = (url(SERVER), device());
    let endpoint = GetBranding { server: &server, device: &device };
    let notice = "[Sign in](https://nas.example/sso/OID/start/home)\n<b>Welcome</b>";
    let all = json!({"LoginDisclaimer": notice, "CustomCss": "a{}", "SplashscreenEnabled": true});
    let branding = endpoint.read(&answer::marked(200).with_json(&all)).expect("branding");
    assert_eq!(branding.login_disclaimer.as_deref(), Some(notice), "as it was written");
    assert_eq!(branding.custom_css.as_deref(), Some("a{}"));
    assert_eq!(branding.splashscreen_enabled, Some(true));
    for (json, enabled) in [
        (json!({"SplashscreenEnabled": false}), Some(false)),
        (json!({"loginDisclaimer": " ", "customCss": null}), None),
        (json!({"LoginDisclaimer": 7}), None),
        (json!({}), None),
    ] {
        let branding = endpoint.read(&answer::marked(200).with_json(&json)).expect("branding");
        let texts = (branding.login_disclaimer, branding.custom_css);
        assert_eq!((texts, branding.splashscreen_enabled), ((None, None), enabled));
    }
    for none in [json!([]), json!(true), json!("text")] {
        let error = endpoint.read(&answer::marked(200).with_json(&none)).expect_err("no object");
        assert!(matches!(error, Error::Malformed { .. }));
    }
}
