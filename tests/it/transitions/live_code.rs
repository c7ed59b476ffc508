//! Block 0: while a code is alive, only these end or change the flow.

use std::time::Duration;

use jellyfin_auth::{Error, Failure, WaitReason};
use jellyfin_auth_testkit::{answer, answer::ResponseExt as _};

use crate::given::*;

#[test]
fn a_code_is_polled_after_the_poll_interval_until_it_is_approved_and_redeemed_at_once() {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    for _ in 0..3 {
        let wait = script.waits(5);
        assert_eq!((wait.code(), wait.reason()), (Some("123456"), WaitReason::Approval));
        script.sends("GET", POLL).answers(pending());
    }
    script.waits(5);
    script.sends("GET", POLL).answers(approved());
    let exchange = script.sends("POST", EXCHANGE);
    assert_eq!(exchange.request().body(), br#"{"Secret":"5EC4E7"}"#);
    exchange.answers(token());
    let session = script.ends();
    assert_eq!(session.access_token().expose(), "0123456789abcdef");
    assert_eq!(session.user().id, "6eec632a");
    assert_eq!(session.server_id(), Some(SERVER_ID));
    assert_eq!((script.machine.code(), script.machine.to_record()), (None, None));
}

#[test]
fn the_poll_interval_is_the_policys_and_never_under_a_second() {
    for (interval, waited) in [(0, 1), (1, 1), (9, 9), (60, 60)] {
        let script = with_policy(quick_connect_login(SERVER), |policy| {
            policy.poll_interval = seconds(interval);
        });
        let mut script = showing_a_code(script);
        script.waits(waited);
        script.sends("GET", POLL).answers(pending());
        script.waits(waited);
    }
}

#[test]
fn approved_may_be_a_text() {
    let mut script = polling();
    let text = serde_json::json!({"Authenticated": "false"});
    script.sends("GET", POLL).answers(answer::marked(200).with_json(&text));
    assert_eq!(script.waits(5).reason(), WaitReason::Approval);
    let text = serde_json::json!({"Authenticated": "true"});
    script.sends("GET", POLL).answers(answer::marked(200).with_json(&text));
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn a_404_is_a_lost_code_and_from_ten_minutes_on_an_expired_one() {
    for (age, error) in [(5, Error::CodeLost), (599, Error::CodeLost), (600, Error::CodeExpired)] {
        let unmarked = without_marker(refusal(404));
        for (mut script, answer) in [(polling(), refusal(404)), (polling_unmarked(), unmarked)] {
            script.clock.advance(seconds(age - 5));
            script.sends("GET", POLL).answers(answer);
            assert_eq!(script.fails(), error, "{age} s");
            assert_eq!(script.machine.to_record(), None, "it is gone");
        }
    }
}

#[test]
fn an_unmarked_404_of_a_server_that_sets_the_marker_says_nothing_about_the_code() {
    let mut script = polling();
    script.sends("GET", POLL).answers(answer::unmarked(404));
    let wait = script.waits(5);
    assert_eq!(wait.code(), Some("123456"));
    assert!(matches!(wait.reason(), WaitReason::Intercepted { status: 404, .. }));
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(answer::unmarked(404));
    script.waits(5);
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn the_exchange_may_find_the_code_gone_too() {
    for (age, error) in [(5, Error::CodeLost), (600, Error::CodeExpired)] {
        let mut script = polling();
        script.clock.advance(seconds(age - 5));
        script.sends("GET", POLL).answers(approved());
        script.sends("POST", EXCHANGE).answers(refusal(404));
        assert_eq!(script.fails(), error);
    }
}

#[test]
fn anything_else_whatever_is_waited_out_by_poll_and_exchange_alike() {
    let (starting, busy) = (WaitReason::ServerStarting, WaitReason::Busy);
    let happenings: Vec<(Happening, WaitReason)> = vec![
        (Err(Failure::Timeout), WaitReason::NoAnswer(Failure::Timeout)),
        (Err(Failure::Unreachable), WaitReason::NoAnswer(Failure::Unreachable)),
        (Err(Failure::Interrupted), WaitReason::NoAnswer(Failure::Interrupted)),
        (Err(Failure::Tls), WaitReason::NoAnswer(Failure::Tls)),
        (Err(Failure::UntrustedCertificate), WaitReason::NoAnswer(Failure::UntrustedCertificate)),
        (Err(Failure::CertificateChanged), WaitReason::NoAnswer(Failure::CertificateChanged)),
        (
            Err(Failure::ClientCertificateRequired),
            WaitReason::NoAnswer(Failure::ClientCertificateRequired),
        ),
        (Ok(no_client_certificate()), WaitReason::NoAnswer(Failure::ClientCertificateRequired)),
        (Err(Failure::TooLarge), WaitReason::NoAnswer(Failure::TooLarge)),
        (Err(Failure::Proxy), WaitReason::NoAnswer(Failure::Proxy)),
        (Err(Failure::Redirected), WaitReason::NoAnswer(Failure::Redirected)),
        (Err(Failure::Other), WaitReason::NoAnswer(Failure::Other)),
        (Ok(refusal(403)), WaitReason::Other),
        (Ok(refusal(400)), WaitReason::Other),
        (Ok(answer::marked(405)), WaitReason::Other),
        (Ok(answer::marked(200).with_body(b"{}")), WaitReason::Other),
        (Ok(answer::marked(503)), WaitReason::Other), // the address filter
        (Ok(loading()), starting),
        (Ok(set_up_server()), WaitReason::ServerStarting),
        (Ok(answer::unmarked(429)), busy),
        (Ok(answer::unmarked(502)), busy),
        (Ok(answer::unmarked(503)), busy),
        (Ok(answer::unmarked(521)), busy),
        (Ok(answer::unmarked(408)), WaitReason::NoAnswer(Failure::Timeout)),
    ];
    for (happening, reason) in happenings {
        let mut script = polling();
        happens(script.sends("GET", POLL), &happening);
        let wait = script.waits(5);
        assert_eq!((wait.reason(), wait.code()), (reason, Some("123456")), "{happening:?}");
        script.sends("GET", POLL).answers(approved());
        // An approved code is not polled again: a strict rate limit would never let it through.
        happens(script.sends("POST", EXCHANGE), &happening);
        let wait = script.waits(5);
        assert_eq!((wait.reason(), wait.code()), (reason, Some("123456")), "{happening:?}");
        script.sends("POST", EXCHANGE).answers(token());
        script.ends();
    }
}

#[test]
fn a_failure_of_the_server_itself_is_named() {
    for status in [500, 501, 502, 504, 520, 599] {
        let mut script = polling();
        script.sends("GET", POLL).answers(refusal(status));
        let reason = script.waits(5).reason();
        assert!(
            matches!(reason, WaitReason::ServerFault { status: s, .. } if s == status),
            "{reason:?}"
        );
        script.sends("GET", POLL).answers(pending());
        assert_eq!(script.waits(5).reason(), WaitReason::Approval);
    }
}

#[test]
fn what_stands_in_front_of_the_server_is_waited_out_and_named() {
    for response in [
        answer::unmarked(404), // Traefik, while the container restarts
        portal(),
        answer::unmarked(401),
        answer::unmarked(403),
        answer::unmarked(500),
        answer::unmarked(511),
        redirect(302, "https://login.example/"),
        redirect(301, "https://nas.example/QuickConnect/Connect"),
        challenge(),
        answer::unmarked(407).with_header("proxy-authenticate", "Basic"),
    ] {
        let status = response.status().as_u16();
        let mut script = polling();
        script.sends("GET", POLL).answers(response);
        let reason = script.waits(5).reason();
        assert!(
            matches!(reason, WaitReason::Intercepted { status: s, .. } if s == status),
            "{status}: {reason:?}"
        );
        script.sends("GET", POLL).answers(pending());
        assert_eq!(script.waits(5).reason(), WaitReason::Approval);
    }
}

#[test]
fn an_exchange_behind_a_limit_of_every_second_request_gets_through() {
    let mut script = polling();
    script.sends("GET", POLL).answers(approved());
    for _ in 0..4 {
        script.sends("POST", EXCHANGE).answers(answer::unmarked(503).with_html("limited"));
        assert_eq!(script.waits(5).reason(), WaitReason::Busy);
    }
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn an_unreadable_token_is_asked_for_again() {
    let mut script = polling();
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(answer::marked(200).with_body(b"{\"User\":{}}"));
    assert_eq!(script.waits(5).reason(), WaitReason::Other);
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn failed_polls_back_off_up_to_half_a_minute_and_a_success_resets_that() {
    let mut script = polling();
    for seconds in [5, 5, 5, 8, 16, 30, 30] {
        script.sends("GET", POLL).fails(Failure::Timeout);
        script.waits(seconds);
    }
    script.sends("GET", POLL).answers(pending());
    script.waits(5);
    script.sends("GET", POLL).fails(Failure::Timeout);
    script.waits(5);
}

#[test]
fn a_wait_is_as_long_as_the_poll_interval_or_the_backoff_whichever_is_longer() {
    let mut script = showing_a_code(with_policy(quick_connect_login(SERVER), |policy| {
        policy.poll_interval = seconds(10);
    }));
    script.waits(10);
    for seconds in [10, 10, 10, 10, 16, 30] {
        script.sends("GET", POLL).fails(Failure::Timeout);
        script.waits(seconds);
    }
}

#[test]
fn a_server_that_cant_be_reached_is_asked_often_for_two_minutes_and_then_less() {
    let mut script = polling();
    for _ in 0..24 {
        script.sends("GET", POLL).fails(Failure::Unreachable);
        script.waits(5);
    }
    script.sends("GET", POLL).fails(Failure::Unreachable);
    script.waits(30);
}

#[test]
fn the_wait_shows_how_long_the_code_lives() {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    assert_eq!(script.waits(5).code_expires_in(), Some(minutes(10)));
    script.sends("GET", POLL).answers(pending());
    assert_eq!(script.waits(5).code_expires_in(), Some(seconds(595)));
    script.clock.advance(minutes(60));
    script.sends("GET", POLL).answers(pending());
    assert_eq!(script.waits(5).code_expires_in(), Some(Duration::ZERO));
}

#[test]
fn a_code_is_as_old_as_the_request_for_it() {
    let mut script = asked_for_a_code();
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).takes(3).answers(pending());
    assert_eq!(script.waits(5).code_expires_in(), Some(seconds(597)));
    script.clock.advance(seconds(592));
    // A slow answer doesn't make an expired code a lost one.
    script.sends("GET", POLL).answers(refusal(404));
    assert_eq!(script.fails(), Error::CodeExpired);
}
