//! Block 0: while a code is alive, only these end or change the flow.

use std::time::Duration;

use jellyfin_auth::{Error, Failure, Login, Renewals, WaitReason};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

const SERVER: &str = "https://nas.example";
const PATIENCE: u64 = 120;

fn polling() -> Script<Login> {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    script.waits(5);
    script
}

fn polling_a_server_that_doesnt_sign() -> Script<Login> {
    let mut script = probed_unsigned(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(without_signature(on()));
    script.sends("POST", INITIATE).answers(without_signature(pending()));
    script.waits(5);
    script
}

#[test]
fn a_404_by_the_server_loses_the_code() {
    let mut script = polling();
    script.sends("GET", POLL).answers(refusal(404));
    assert!(matches!(script.fails(), Error::CodeLost { .. }));

    let mut script = polling_a_server_that_doesnt_sign();
    script.sends("GET", POLL).answers(without_signature(refusal(404)));
    assert!(matches!(script.fails(), Error::CodeLost { .. }));
}

#[test]
fn a_404_after_ten_minutes_is_an_expired_code() {
    let mut script = polling();
    // Exactly ten minutes after Initiate, 5 s of which have passed.
    script.clock.advance(Duration::from_secs(595));
    script.sends("GET", POLL).answers(refusal(404));
    assert!(matches!(script.fails(), Error::CodeExpired { .. }));

    let mut script = polling();
    script.clock.advance(Duration::from_secs(594));
    script.sends("GET", POLL).answers(refusal(404));
    assert!(matches!(script.fails(), Error::CodeLost { .. }));
}

#[test]
fn the_exchange_may_find_the_code_gone_too() {
    let mut script = polling();
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(refusal(404));
    assert!(matches!(script.fails(), Error::CodeLost { .. }));
}

#[test]
fn a_renewal_shows_a_new_code_and_keeps_the_method() {
    let script = with_policy(quick_connect_login(SERVER), |p| p.renewals = Renewals::Times(1));
    let mut script = probed(script);
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(answer::signed(405));
    script.sends("GET", INITIATE).answers(pending());
    script.waits(5);
    script.sends("GET", POLL).answers(refusal(404));
    let exchange = script.sends("GET", INITIATE);
    exchange.fails(Failure::Timeout);
    let wait = script.waits(1);
    assert_eq!(wait.code(), None, "there is no code during a renewal");
    script.sends("GET", INITIATE).answers(answer::quick_connect("654321", "NEW", false));
    assert_eq!(script.waits(5).code(), Some("654321"));
    script.sends("GET", "/QuickConnect/Connect?secret=NEW").answers(refusal(404));
    assert!(matches!(script.fails(), Error::CodeLost { .. }), "no renewal is left");
}

#[test]
fn initiate_is_retried_without_limit_during_a_renewal() {
    let script = with_policy(quick_connect_login(SERVER), |p| p.renewals = Renewals::Unlimited);
    let mut script = showing_a_code(script);
    script.waits(5);
    script.sends("GET", POLL).answers(refusal(404));
    for attempt in 0..200 {
        let failure = if attempt % 2 == 0 { Failure::Unreachable } else { Failure::Timeout };
        script.sends("POST", INITIATE).fails(failure);
        let wait = script.is_waiting();
        script.clock.advance(wait.delay());
    }
    script.sends("POST", INITIATE).answers(pending());
    script.waits(5);
}

#[test]
fn switched_off_is_waited_out_since_the_same_secret_may_work_again() {
    let mut script = polling();
    script.sends("GET", POLL).answers(refusal(401));
    assert_eq!(script.waits(5).reason(), WaitReason::Disabled);
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn switched_off_for_all_of_the_patience_is_the_end() {
    let mut script = polling();
    let mut off_for = 0;
    while off_for < PATIENCE {
        script.sends("GET", POLL).answers(refusal(401));
        let wait = script.is_waiting();
        assert_eq!(wait.reason(), WaitReason::Disabled);
        script.clock.advance(wait.delay());
        off_for += wait.delay().as_secs();
    }
    script.sends("GET", POLL).answers(refusal(401));
    assert!(matches!(script.fails(), Error::QuickConnectDisabled { .. }));
}

#[test]
fn a_lost_packet_between_doesnt_reset_the_patience_but_another_answer_does() {
    let mut script = polling();
    script.sends("GET", POLL).answers(refusal(401));
    script.waits(5);
    script.clock.advance(Duration::from_secs(PATIENCE));
    script.sends("GET", POLL).answers(pending());
    script.waits(5);
    script.sends("GET", POLL).answers(refusal(401));
    script.waits(5);
    script.sends("GET", POLL).fails(Failure::Timeout);
    script.waits(5);
    script.clock.advance(Duration::from_secs(PATIENCE));
    script.sends("GET", POLL).answers(refusal(401));
    assert!(matches!(script.fails(), Error::QuickConnectDisabled { .. }));
}

#[test]
fn a_401_to_the_exchange_is_waited_out_too() {
    let mut script = polling();
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(refusal(401));
    assert_eq!(script.waits(5).reason(), WaitReason::Disabled);
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn an_exchange_behind_a_limit_of_every_second_request_gets_through() {
    let mut script = polling();
    script.sends("GET", POLL).answers(approved());
    for _ in 0..4 {
        script.sends("POST", EXCHANGE).answers(answer::unsigned(503).with_html("limited"));
        assert_eq!(script.waits(5).reason(), WaitReason::Busy);
    }
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn anything_else_whatever_is_a_failed_poll_or_exchange_and_tells_its_reason() {
    type Happening = (&'static str, Result<http::Response<Vec<u8>>, Failure>, WaitReason);
    let happenings: Vec<Happening> = vec![
        ("timeout", Err(Failure::Timeout), WaitReason::NoAnswer(Failure::Timeout)),
        ("tls", Err(Failure::Tls), WaitReason::NoAnswer(Failure::Tls)),
        ("too large", Err(Failure::TooLarge), WaitReason::NoAnswer(Failure::TooLarge)),
        ("proxy", Err(Failure::Proxy), WaitReason::NoAnswer(Failure::Proxy)),
        ("redirected", Err(Failure::Redirected), WaitReason::NoAnswer(Failure::Redirected)),
        ("other", Err(Failure::Other), WaitReason::NoAnswer(Failure::Other)),
        ("signed 500", Ok(refusal(500)), WaitReason::Other),
        ("signed 403", Ok(refusal(403)), WaitReason::Other),
        ("signed nonsense", Ok(answer::signed(200).with_body(b"{}")), WaitReason::Other),
        ("blocked", Ok(answer::signed(503)), WaitReason::Other),
        ("loading", Ok(answer::signed(503).with_html("loading")), WaitReason::ServerStarting),
        ("busy", Ok(answer::unsigned(502)), WaitReason::Busy),
        ("rate limit", Ok(answer::unsigned(429)), WaitReason::Busy),
    ];
    for (name, happening, reason) in happenings {
        for exchange in [false, true] {
            let mut script = polling();
            let sent = if exchange {
                script.sends("GET", POLL).answers(approved());
                script.sends("POST", EXCHANGE)
            } else {
                script.sends("GET", POLL)
            };
            match happening.clone() {
                Ok(response) => sent.answers(response),
                Err(failure) => sent.fails(failure),
            }
            let wait = script.waits(5);
            assert_eq!((wait.reason(), wait.code()), (reason, Some("123456")), "{name}");
            if !exchange {
                script.sends("GET", POLL).answers(approved());
            }
            script.sends("POST", EXCHANGE).answers(token());
            script.ends();
        }
    }
}

#[test]
fn what_stands_in_front_is_told_from_the_server_while_polling() {
    for response in [
        answer::unsigned(404), // Traefik, while the container restarts
        answer::unsigned(200).with_html("captive portal"),
        answer::unsigned(401),
        answer::unsigned(403),
        answer::unsigned(520),
        answer::unsigned(302).with_header("location", "https://login.example/"),
        answer::unsigned(401).with_header("www-authenticate", "Basic"),
    ] {
        let status = response.status().as_u16();
        let mut script = polling();
        script.sends("GET", POLL).answers(response);
        match script.waits(5).reason() {
            WaitReason::Intercepted { status: s, .. } => assert_eq!(s, status),
            other => panic!("{status}: {other:?}"),
        }
        script.sends("GET", POLL).answers(pending());
    }
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
fn a_server_that_cant_be_reached_is_asked_often_at_first_and_then_less() {
    let mut script = polling();
    let mut waited = 0;
    while waited < PATIENCE {
        script.sends("GET", POLL).fails(Failure::Unreachable);
        script.waits(5);
        waited += 5;
    }
    script.sends("GET", POLL).fails(Failure::Unreachable);
    script.waits(30);
}

#[test]
fn a_code_approved_while_offline_is_still_redeemed() {
    let mut script = polling();
    let begin = script.clock.now();
    while script.clock.now().since_origin() < begin.since_origin() + Duration::from_secs(19 * 60) {
        script.sends("GET", POLL).fails(Failure::Unreachable);
        let wait = script.is_waiting();
        script.clock.advance(wait.delay());
    }
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn twenty_minutes_of_silence_are_the_end_once_a_poll_after_them_has_failed_too() {
    for (failure, expected) in [
        (Err(Failure::Timeout), "NoAnswer"),
        (Ok(answer::unsigned(502)), "ServerBusy"),
        (Ok(answer::unsigned(403)), "Intercepted"),
        (Ok(answer::signed(500)), "ServerFault"),
        (Ok(answer::signed(503).with_html("loading")), "ServerStarting"),
    ] {
        let mut script = polling();
        // The laptop slept for longer than any code lives.
        script.clock.advance(Duration::from_secs(20 * 60));
        let exchange = script.sends("GET", POLL);
        match failure {
            Ok(response) => exchange.answers(response),
            Err(failure) => exchange.fails(failure),
        }
        let error = format!("{:?}", script.fails());
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn a_poll_sent_before_the_twenty_minutes_are_over_doesnt_end_it() {
    let mut script = polling();
    script.clock.advance(Duration::from_secs(20 * 60 - 6));
    script.sends("GET", POLL).takes(30).fails(Failure::Timeout);
    script.waits(5);
    script.sends("GET", POLL).answers(approved());
}

#[test]
fn a_poll_that_shows_the_code_alive_starts_the_twenty_minutes_anew() {
    let mut script = polling();
    script.clock.advance(Duration::from_secs(19 * 60));
    script.sends("GET", POLL).answers(pending());
    script.waits(5);
    script.clock.advance(Duration::from_secs(19 * 60));
    script.sends("GET", POLL).fails(Failure::Timeout);
    script.waits(5);
}

#[test]
fn the_wait_tells_how_long_the_code_lives() {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    assert_eq!(script.waits(5).code_expires_in(), Some(Duration::from_secs(600)));
    script.sends("GET", POLL).answers(pending());
    assert_eq!(script.waits(5).code_expires_in(), Some(Duration::from_secs(595)));
    script.clock.advance(Duration::from_secs(3600));
    script.sends("GET", POLL).answers(pending());
    assert_eq!(script.waits(5).code_expires_in(), Some(Duration::ZERO));
}

#[test]
fn a_code_is_as_old_as_the_request_for_it_so_that_a_slow_answer_doesnt_make_it_lost() {
    let mut script = probed(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).takes(3).answers(pending());
    assert_eq!(script.waits(5).code_expires_in(), Some(Duration::from_secs(597)));
    script.clock.advance(Duration::from_secs(592));
    script.sends("GET", POLL).answers(refusal(404));
    assert!(matches!(script.fails(), Error::CodeExpired { .. }));
}
