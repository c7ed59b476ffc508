//! Block 1: a Jellyfin server signs its answers, and what stands in front of it doesn't.

use jellyfin_auth::{Error, Stage, WaitReason};
use jellyfin_auth_testkit::{answer, answer::ResponseExt as _};

use crate::given::*;

const SERVER: &str = "https://nas.example";

#[test]
fn a_challenge_is_a_proxys() {
    for (status, name, value, scheme) in [
        (401, "www-authenticate", "Basic realm=\"private\"", "Basic"),
        (401, "www-authenticate", "Negotiate", "Negotiate"),
        (401, "proxy-authenticate", "Digest x", "Digest"),
        (407, "proxy-authenticate", "Basic", "Basic"),
        (401, "www-authenticate", "\u{7f}", "an unknown scheme"),
    ] {
        for mut script in [password_login(SERVER), probed(password_login(SERVER))] {
            let target = if script.machine.server_info().is_some() {
                ("POST", AUTHENTICATE)
            } else {
                ("GET", INFO)
            };
            let value = http::HeaderValue::from_bytes(value.replace('\u{7f}', "é").as_bytes());
            let mut response = answer::unsigned(status).with_html("log in");
            response.headers_mut().insert(
                http::HeaderName::from_bytes(name.as_bytes()).expect("a name"),
                value.expect("a value"),
            );
            script.sends(target.0, target.1).answers(response);
            match script.fails() {
                Error::ProxyAuthentication { scheme: s, .. } => assert_eq!(s, scheme),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn a_redirect_of_any_other_request_is_refused_and_its_query_is_not_shown() {
    let mut script = probed(password_login(SERVER));
    script
        .sends("POST", AUTHENTICATE)
        .answers(answer::unsigned(307).with_header("location", "https://sso.example/start?rd=x"));
    assert!(matches!(
        script.fails(),
        Error::Redirected { to: Some(to), .. } if to == "https://sso.example/start"
    ));
    // Not even to where a probe would follow.
    let mut script = probed(quick_connect_login("http://nas.example"));
    script.sends("GET", ENABLED).answers(
        answer::unsigned(301).with_header("location", "https://nas.example/QuickConnect/Enabled"),
    );
    assert!(matches!(script.fails(), Error::Redirected { .. }));
}

#[test]
fn signed_and_empty_where_a_body_is_due_is_the_address_filter() {
    for status in [503, 200] {
        let mut script = password_login(SERVER);
        script.sends("GET", INFO).answers(answer::signed(status));
        assert!(matches!(script.fails(), Error::AddressBlocked { .. }));

        let mut script = probed(password_login(SERVER));
        script.sends("POST", AUTHENTICATE).answers(answer::signed(status));
        assert!(matches!(script.fails(), Error::AddressBlocked { .. }));
    }
}

#[test]
fn a_503_tells_a_start_by_its_signature_or_retry_after_and_is_busy_otherwise() {
    for (response, reason) in [
        (answer::signed(503).with_html("loading"), WaitReason::ServerStarting),
        (answer::unsigned(503).with_header("retry-after", "5"), WaitReason::ServerStarting),
        (answer::unsigned(503).with_html("maintenance"), WaitReason::Busy),
        (answer::unsigned(503), WaitReason::Busy),
        (answer::unsigned(429).with_header("retry-after", "5"), WaitReason::Busy),
    ] {
        let mut script = password_login(SERVER);
        script.sends("GET", INFO).answers(response);
        assert_eq!(script.is_waiting().reason(), reason);
    }
}

#[test]
fn once_the_server_signs_an_unsigned_refusal_of_the_password_is_somebody_elses() {
    for status in [401, 403, 404, 405, 500, 502, 504, 520] {
        let mut script = probed(password_login(SERVER));
        script.sends("POST", AUTHENTICATE).answers(answer::unsigned(status).with_html("no"));
        assert!(matches!(script.fails(), Error::Intercepted { status: s, .. } if s == status));
    }
}

#[test]
fn what_the_web_server_below_jellyfin_says_is_never_signed_and_still_the_servers() {
    for status in [400, 408, 414, 431] {
        let mut script = probed(password_login(SERVER));
        script.sends("POST", AUTHENTICATE).answers(answer::unsigned(status));
        assert!(matches!(
            script.fails(),
            Error::Unexpected { step: Stage::Authenticate, status: s, .. } if s == status
        ));
        let mut script = probed(quick_connect_login(SERVER));
        script.sends("GET", ENABLED).answers(answer::unsigned(status));
        assert!(matches!(script.fails(), Error::Unexpected { step: Stage::CheckEnabled, .. }));
    }
}

#[test]
fn an_unsigned_success_that_is_the_one_looked_for_is_taken() {
    let mut script = probed(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(without_signature(on()));
    script.sends("POST", INITIATE).answers(without_signature(pending()));
    script.waits(5);

    let mut script = probed(password_login(SERVER));
    script.sends("POST", AUTHENTICATE).answers(without_signature(token()));
    script.ends();
}

#[test]
fn once_the_server_signs_any_other_unsigned_answer_is_retried_and_then_intercepted() {
    for response in [
        answer::unsigned(200).with_html("captive portal"),
        answer::unsigned(401),
        answer::unsigned(403),
        answer::unsigned(404),
        answer::unsigned(500),
    ] {
        let status = response.status().as_u16();
        let mut script = probed(quick_connect_login(SERVER));
        for seconds in [1, 2, 4] {
            script.sends("GET", ENABLED).answers(response.clone());
            assert!(matches!(
                script.waits(seconds).reason(),
                WaitReason::Intercepted { status: s, .. } if s == status
            ));
        }
        script.sends("GET", ENABLED).answers(response);
        assert!(matches!(script.fails(), Error::Intercepted { status: s, .. } if s == status));
    }
}

#[test]
fn a_log_in_page_in_place_of_the_passwords_answer_is_named_and_the_password_not_sent_again() {
    let mut script = probed(password_login(SERVER));
    script.sends("POST", AUTHENTICATE).answers(answer::unsigned(200).with_html("portal"));
    assert!(matches!(script.fails(), Error::Intercepted { status: 200, .. }));
}

#[test]
fn servers_that_never_sign_are_read_by_status_alone() {
    let mut script = probed_unsigned(password_login(SERVER));
    script.sends("POST", AUTHENTICATE).answers(answer::unsigned(401));
    assert!(matches!(script.fails(), Error::BadCredentials { .. }));

    let mut script = probed_unsigned(password_login(SERVER));
    script.sends("POST", AUTHENTICATE).answers(answer::unsigned(403));
    assert!(matches!(script.fails(), Error::LoginRefused { .. }));

    let mut script = probed_unsigned(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(answer::unsigned(404));
    assert!(matches!(script.fails(), Error::QuickConnectUnsupported { .. }));
}

#[test]
fn the_signature_is_learned_by_any_answer_of_the_login() {
    let mut script = with_policy(quick_connect_login(SERVER), |policy| policy.probe = false);
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(answer::unsigned(401));
    assert!(matches!(script.waits(1).reason(), WaitReason::Intercepted { status: 401, .. }));
}
