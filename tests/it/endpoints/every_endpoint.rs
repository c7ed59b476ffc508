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
                    answer::unmarked(401).with_header("www-authenticate", "Basic realm=\"x\""),
                    "! ProxyAuthentication { scheme: \"Basic\" }",
                ),
                (
                    answer::unmarked(407).with_header("proxy-authenticate", "Negotiate"),
                    "! ProxyAuthentication { scheme: \"Negotiate\" }",
                ),
            ],
        );
    }
}

#[test]
fn a_redirect_is_shown_without_its_query_and_never_followed() {
    for name in NAMES {
        assert_reads(
            name,
            vec![
                (
                    answer::unmarked(302)
                        .with_header("location", "https://u:p@sso.example/in?rd=1#x"),
                    "! Redirected { to: Some(\"https://sso.example/in\") }",
                ),
                (answer::marked(301), "! Redirected { to: None }"),
                (
                    answer::unmarked(308).with_header("location", "javascript:alert(1)"),
                    "! Redirected { to: Some(\"javascript:\") }",
                ),
            ],
        );
    }
}

#[test]
fn a_blocked_address_a_start_and_a_busy_server_are_kept_apart() {
    for name in NAMES {
        assert_reads(
            name,
            vec![
                (answer::marked(503), "! AddressBlocked"),
                (answer::marked(503).with_html("loading"), "! ServerStarting"),
                (answer::unmarked(503).with_header("retry-after", "005"), "! ServerStarting"),
                (
                    answer::unmarked(503).with_html("maintenance"),
                    "! ServerBusy { status: 503, by_cloudflare: false }",
                ),
                (answer::unmarked(429), "! ServerBusy { status: 429, by_cloudflare: false }"),
                (answer::marked(429), "! ServerBusy { status: 429, by_cloudflare: false }"),
            ],
        );
    }
}

#[test]
fn an_empty_200_where_a_body_is_due_is_the_address_filter_of_old_servers() {
    for name in NAMES {
        assert_reads(name, vec![(answer::marked(200), "! AddressBlocked")]);
    }
}

#[test]
fn a_gateways_error_is_busy_but_for_the_password_which_was_perhaps_looked_at() {
    for name in NAMES {
        for status in [502, 504, 520, 521, 527, 530] {
            let fault = format!("! ServerFault {{ request: {name}, status: {status} }}");
            let expected = match name {
                "AuthenticateByName" => fault.clone(),
                _ => format!("! ServerBusy {{ status: {status}, by_cloudflare: false }}"),
            };
            assert_eq!(read_by_name(name, &answer::unmarked(status)), expected);
            assert_eq!(read_by_name(name, &answer::marked(status)), fault);
        }
    }
}

#[test]
fn a_captive_portals_511_is_somebody_elses() {
    for name in NAMES {
        let expected = format!("! Intercepted {{ request: {name}, status: 511 }}");
        assert_eq!(read_by_name(name, &answer::unmarked(511).with_html("log in")), expected);
    }
}

#[test]
fn the_servers_own_failure_is_its_fault() {
    for name in NAMES {
        let expected = match name {
            "AuthorizeQuickConnect" => "! CodeAlreadyApproved".to_owned(),
            _ => format!("! ServerFault {{ request: {name}, status: 500 }}"),
        };
        let failed = answer::marked(500).with_body(b"Error processing request.");
        assert_eq!(read_by_name(name, &failed), expected);
    }
}

#[test]
fn a_success_that_cant_be_read_is_malformed_and_never_a_success() {
    for name in NAMES {
        let expected = match name {
            "GetServerInfo" => "! NotJellyfin".to_owned(),
            _ => format!("! Malformed {{ request: {name} }}"),
        };
        for body in ["<html>", "null", "7", "\"x\"", "{", "[", "{}", "[{}]", "\u{feff}{true"] {
            let response = answer::unmarked(200).with_body(body.as_bytes());
            let expected = match (name, body) {
                ("LogOut", "{}") => "! SignOutUnsupported",
                // Nothing in it is due.
                ("GetBranding", "{}") => {
                    "Branding { login_disclaimer: None, custom_css: None, splashscreen_enabled: None }"
                }
                _ => &expected,
            };
            assert_eq!(read_by_name(name, &response), expected, "{name}: {body}");
        }
    }
}

#[test]
fn a_status_that_means_nothing_is_unexpected() {
    for name in NAMES {
        for status in [400, 410, 413, 415, 418, 431] {
            let found = read_by_name(name, &answer::marked(status).with_body(b"x"));
            let kind = if name == "GetServerInfo" { "Intercepted" } else { "Unexpected" };
            assert_eq!(found, format!("! {kind} {{ request: {name}, status: {status} }}"));
        }
    }
}
