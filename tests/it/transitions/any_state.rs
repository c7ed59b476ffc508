//! Block 1: any state without a live code.

use jellyfin_auth::{Error, Failure, Login, RequestName, WaitReason};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

/// A login before each kind of request, with the request that is due.
fn each_state() -> Vec<(Script<Login>, &'static str, &'static str)> {
    let mut initiating = asked_for_a_code();
    initiating.sends("GET", ENABLED).answers(on());
    let verifying = || {
        let script = with_policy(password_login(SERVER), |policy| policy.verify_token = true);
        let mut script = probed(script);
        script.sends("POST", AUTHENTICATE).answers(token());
        script
    };
    vec![
        (password_login(SERVER), "GET", INFO),
        (asked_for_password(), "POST", AUTHENTICATE),
        (asked_for_a_code(), "GET", ENABLED),
        (initiating, "POST", INITIATE),
        (verifying(), "GET", ME),
    ]
}

/// The same without the password.
fn each_replayable_state() -> impl Iterator<Item = (Script<Login>, &'static str, &'static str)> {
    each_state().into_iter().filter(|(_, _, target)| *target != AUTHENTICATE)
}

#[test]
fn a_challenge_is_a_proxys() {
    for (status, name, value, scheme) in [
        (401, "www-authenticate", "Basic realm=\"private\"", "Basic"),
        (401, "www-authenticate", "Negotiate", "Negotiate"),
        (401, "proxy-authenticate", "Digest x", "Digest"),
        (407, "proxy-authenticate", "Basic", "Basic"),
        (407, "www-authenticate", "Bearer", "Bearer"),
        (401, "www-authenticate", "?", "an unknown scheme"),
    ] {
        for (mut script, method, target) in each_state() {
            script
                .sends(method, target)
                .answers(answer::unmarked(status).with_header(name, value).with_html("log in"));
            match script.fails() {
                Error::ProxyAuthentication { scheme: found, .. } => assert_eq!(found, scheme),
                other => panic!("{target}: {other:?}"),
            }
        }
    }
}

#[test]
fn any_other_redirect_is_refused_and_its_query_is_not_shown() {
    for (mut script, method, target) in each_state() {
        script.sends(method, target).answers(redirect(307, "https://sso.example/start?rd=x#y"));
        let error = script.fails();
        assert!(
            matches!(&error, Error::Redirected { to: Some(to), .. } if to == "https://sso.example/start"),
            "{target}: {error:?}"
        );
    }
}

#[test]
fn no_request_but_the_probe_follows_a_redirect() {
    for (mut script, method, target) in each_state() {
        if target != INFO {
            let to = format!("https://nas.example/jf{target}");
            script.sends(method, target).answers(redirect(301, &to));
            assert!(matches!(script.fails(), Error::Redirected { .. }), "{target}");
        }
    }
}

#[test]
fn marked_and_empty_where_a_body_is_due_is_the_address_filter() {
    for status in [503, 200] {
        for (mut script, method, target) in each_state() {
            script.sends(method, target).answers(answer::marked(status));
            assert_eq!(script.fails(), Error::AddressBlocked, "{target}");
        }
    }
}

#[test]
fn a_503_that_is_marked_or_has_retry_after_is_a_start_and_any_other_is_busy() {
    for (response, reason) in [
        (loading(), WaitReason::ServerStarting),
        (answer::unmarked(503).with_header("retry-after", "1"), WaitReason::ServerStarting),
        (answer::unmarked(503).with_header("retry-after", "soon"), WaitReason::ServerStarting),
        (answer::unmarked(503).with_html("maintenance"), WaitReason::Busy),
        (answer::unmarked(503), WaitReason::Busy),
    ] {
        for (mut script, method, target) in each_replayable_state() {
            script.sends(method, target).answers(response.clone());
            assert_eq!(script.waits(1).reason(), reason, "{target}");
        }
    }
}

#[test]
fn rate_limits_and_gateways_are_busy() {
    for status in [429, 502, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530] {
        for (mut script, method, target) in each_replayable_state() {
            script.sends(method, target).answers(answer::unmarked(status).with_html("busy"));
            assert_eq!(script.waits(1).reason(), WaitReason::Busy, "{target}: {status}");
        }
    }
    for (mut script, method, target) in each_replayable_state() {
        script.sends(method, target).answers(answer::marked(429));
        assert_eq!(script.waits(1).reason(), WaitReason::Busy, "{target}");
    }
}

#[test]
fn a_gateways_status_that_is_marked_is_a_fault_of_the_server() {
    for status in [502, 504, 520, 530] {
        for (mut script, method, target) in each_replayable_state() {
            script.sends(method, target).answers(refusal(status));
            let reason = script.waits(1).reason();
            assert!(
                matches!(reason, WaitReason::ServerFault { status: s, .. } if s == status),
                "{target}: {reason:?}"
            );
        }
    }
}

#[test]
fn an_unmarked_408_is_a_retry_for_all_but_the_password() {
    for (mut script, method, target) in each_replayable_state() {
        for seconds in [1, 2, 4] {
            script.sends(method, target).answers(answer::unmarked(408));
            assert_eq!(script.waits(seconds).reason(), WaitReason::NoAnswer(Failure::Timeout));
        }
        script.sends(method, target).answers(answer::unmarked(408));
        assert!(matches!(script.fails(), Error::Unexpected { status: 408, .. }), "{target}");
    }
    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).answers(answer::unmarked(408));
    let request = RequestName::AuthenticateByName;
    assert!(
        matches!(script.fails(), Error::Unexpected { request: r, status: 408, .. } if r == request)
    );
}

#[test]
fn a_marked_408_is_no_retry() {
    let mut script = quick_connect_login(SERVER);
    script.sends("GET", INFO).answers(answer::marked(408));
    assert!(matches!(script.fails(), Error::Intercepted { status: 408, .. }));
    let mut script = asked_for_a_code();
    script.sends("GET", ENABLED).answers(answer::marked(408));
    assert!(matches!(script.fails(), Error::Unexpected { status: 408, .. }));
}

#[test]
fn a_511_is_a_captive_portal_whether_the_server_sets_the_marker_or_not() {
    let logins = [quick_connect_login(SERVER), asked_for_a_code()];
    for (mut script, target) in logins.into_iter().zip([INFO, ENABLED]) {
        for seconds in [1, 2, 4] {
            script.sends("GET", target).answers(answer::unmarked(511));
            let reason = script.waits(seconds).reason();
            assert!(matches!(reason, WaitReason::Intercepted { status: 511, .. }), "{reason:?}");
        }
        script.sends("GET", target).answers(answer::unmarked(511));
        assert!(matches!(script.fails(), Error::Intercepted { status: 511, .. }));
    }
    for mut script in [asked_for_password(), probed_unmarked(password_login(SERVER))] {
        script.sends("POST", AUTHENTICATE).answers(answer::unmarked(511));
        assert!(matches!(script.fails(), Error::Intercepted { status: 511, .. }));
    }
}

#[test]
fn failures_that_no_second_try_helps_against_end_it() {
    for failure in [
        Failure::Tls,
        Failure::UntrustedCertificate,
        Failure::CertificateChanged,
        Failure::ClientCertificateRequired,
        Failure::NoTls,
        Failure::TooLarge,
        Failure::Proxy,
        Failure::Redirected,
    ] {
        for (mut script, method, target) in each_state() {
            script.sends(method, target).fails(failure);
            let error = script.fails();
            assert!(
                matches!(error, Error::NoAnswer { failure: f, .. } if f == failure),
                "{target}: {error:?}"
            );
        }
    }
}

#[test]
fn any_other_failure_is_retried_and_then_no_answer() {
    for failure in [Failure::Interrupted, Failure::Timeout, Failure::Other] {
        for (mut script, method, target) in each_replayable_state() {
            for seconds in [1, 2, 4] {
                script.sends(method, target).fails(failure);
                assert_eq!(script.waits(seconds).reason(), WaitReason::NoAnswer(failure));
            }
            script.sends(method, target).fails(failure);
            assert!(matches!(script.fails(), Error::NoAnswer { failure: f, .. } if f == failure));
        }
    }
}

#[test]
fn any_other_5xx_is_retried_and_then_the_servers_fault() {
    for status in [500, 501, 505, 599] {
        for (mut script, method, target) in each_replayable_state() {
            if (target, status) == (ENABLED, 501) {
                continue; // that one has a row of its own
            }
            for seconds in [1, 2, 4] {
                script.sends(method, target).answers(refusal(status));
                let reason = script.waits(seconds).reason();
                assert!(matches!(reason, WaitReason::ServerFault { status: s, .. } if s == status));
            }
            script.sends(method, target).answers(refusal(status));
            let error = script.fails();
            assert!(matches!(error, Error::ServerFault { status: s, .. } if s == status));
        }
    }
}
