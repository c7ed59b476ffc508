//! What every endpoint says alike: who spoke is seen before what was said.

use jellyfin_auth_testkit::{answer, answer::ResponseExt as _};

use super::{NAMES, assert_reads, read_by_name};

#[test]
fn a_challenge_is_a_proxys_whatever_the_endpoint() {
    for name in NAMES {
        assert_reads(
            name,
            vec![
                (
                    answer::unsigned(401).with_header("www-authenticate", "Basic realm=\"x\""),
                    "! ProxyAuthentication { scheme: \"Basic\" }",
                ),
                (
                    answer::unsigned(407).with_header("proxy-authenticate", "Negotiate"),
                    "! ProxyAuthentication { scheme: \"Negotiate\" }",
                ),
            ],
        );
    }
}

#[test]
fn a_redirect_is_told_without_its_query_and_never_followed() {
    for name in NAMES {
        assert_reads(
            name,
            vec![
                (
                    answer::unsigned(302)
                        .with_header("location", "https://u:p@sso.example/in?rd=1#x"),
                    "! Redirected { to: Some(\"https://sso.example/in\") }",
                ),
                (answer::signed(301), "! Redirected { to: None }"),
                (
                    answer::unsigned(308).with_header("location", "javascript:alert(1)"),
                    "! Redirected { to: Some(\"javascript:\") }",
                ),
            ],
        );
    }
}

#[test]
fn a_blocked_address_a_start_and_a_busy_server_are_told_apart() {
    for name in NAMES {
        assert_reads(
            name,
            vec![
                (answer::signed(503), "! AddressBlocked"),
                (answer::signed(503).with_html("loading"), "! ServerStarting"),
                (answer::unsigned(503).with_header("retry-after", "005"), "! ServerStarting"),
                (answer::unsigned(503).with_html("maintenance"), "! ServerBusy { status: 503 }"),
                (answer::unsigned(429), "! ServerBusy { status: 429 }"),
                (answer::signed(429), "! ServerBusy { status: 429 }"),
            ],
        );
    }
}

#[test]
fn an_empty_200_where_a_body_is_due_is_the_address_filter_of_old_servers() {
    for name in NAMES {
        assert_reads(name, vec![(answer::signed(200), "! AddressBlocked")]);
    }
}

#[test]
fn a_gateways_error_is_busy_but_for_the_password_which_was_perhaps_looked_at() {
    for name in NAMES {
        for status in [502, 504] {
            let expected = if name == "AuthenticateByName" {
                format!("! ServerFault {{ status: {status} }}")
            } else {
                format!("! ServerBusy {{ status: {status} }}")
            };
            assert_eq!(read_by_name(name, &answer::unsigned(status)), expected, "{name}");
            let fault = format!("! ServerFault {{ status: {status} }}");
            assert_eq!(read_by_name(name, &answer::signed(status)), fault, "{name}");
        }
    }
}

#[test]
fn the_servers_own_failure_is_its_fault() {
    for name in NAMES {
        let expected = match name {
            "AuthorizeQuickConnect" => "! CodeAlreadyApproved",
            _ => "! ServerFault { status: 500 }",
        };
        assert_reads(
            name,
            vec![(answer::signed(500).with_body(b"Error processing request."), expected)],
        );
    }
}

#[test]
fn a_success_that_cant_be_read_is_malformed_and_never_a_success() {
    for (name, stage) in NAMES.into_iter().zip([
        "",
        "PublicUsers",
        "Authenticate",
        "CheckEnabled",
        "Initiate",
        "Poll",
        "Exchange",
        "Authorize",
        "CurrentUser",
        "Logout",
        "ForgotPassword",
        "RedeemPin",
    ]) {
        let expected = match name {
            "GetServerInfo" => "! NotJellyfin".to_owned(),
            _ => format!("! Malformed {{ step: {stage} }}"),
        };
        for body in ["<html>", "null", "7", "\"x\"", "{", "[", "{}", "[{}]", "\u{feff}true"] {
            let response = answer::unsigned(200).with_body(body.as_bytes());
            assert_eq!(read_by_name(name, &response), expected, "{name}: {body}");
        }
    }
}

#[test]
fn a_status_that_means_nothing_is_unexpected() {
    for name in NAMES {
        for status in [400, 405, 410, 413, 415, 418, 431] {
            let found = read_by_name(name, &answer::signed(status).with_body(b"x"));
            let expected = match name {
                "GetServerInfo" => format!("! Intercepted {{ status: {status} }}"),
                _ => format!("status: {status} }}"),
            };
            assert!(found.starts_with("! ") && found.ends_with(&expected), "{name}: {found}");
            assert!(found.contains("Unexpected") || name == "GetServerInfo", "{name}: {found}");
        }
    }
}
