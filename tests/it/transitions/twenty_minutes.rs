//! Block 0: twenty minutes without an answer that showed the code alive, and a request after them that
//! has failed too.

use jellyfin_auth::{Error, Failure, Login, Renewals, RequestName};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

const NEW_POLL: &str = "/QuickConnect/Connect?secret=NEW";

/// A television or laptop was on standby.
fn slept(mut script: Script<Login>) -> Script<Login> {
    script.clock.advance(minutes(30));
    script
}

#[test]
fn a_code_approved_while_offline_is_still_redeemed() {
    let mut script = polling();
    for _ in 0..24 {
        script.sends("GET", POLL).fails(Failure::Unreachable);
        script.waits(5);
    }
    // 2 minutes are over; 34 waits of half a minute make it 19.
    for _ in 0..34 {
        script.sends("GET", POLL).fails(Failure::Unreachable);
        script.waits(30);
    }
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn a_code_approved_during_standby_is_still_redeemed() {
    let mut script = slept(polling());
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn without_a_renewal_the_last_reason_is_the_error() {
    let request = RequestName::GetQuickConnectState;
    let cases: Vec<(Happening, &str)> = vec![
        (Err(Failure::Timeout), "NoAnswer { failure: Timeout }"),
        (Err(Failure::Tls), "NoAnswer { failure: Tls }"),
        (Ok(answer::unmarked(502)), "ServerBusy { status: 502, by_cloudflare: false }"),
        (Ok(answer::unmarked(403)), "Intercepted { request: *, status: 403 }"),
        (Ok(portal()), "Intercepted { request: *, status: 200 }"),
        (Ok(refusal(500)), "ServerFault { request: *, status: 500 }"),
        (Ok(refusal(403)), "Unexpected { request: *, status: 403 }"),
        (Ok(answer::marked(200).with_body(b"{}")), "Malformed { request: * }"),
        (Ok(loading()), "ServerStarting"),
        (
            Ok(redirect(302, "https://login.example/")),
            "Redirected { to: Some(\"https://login.example/\") }",
        ),
        (Ok(challenge()), "ProxyAuthentication { scheme: \"Basic\" }"),
        (Ok(answer::marked(503)), "AddressBlocked"),
        (Ok(refusal(404)), "CodeExpired"),
    ];
    for (happening, error) in cases {
        let mut script = slept(polling());
        happens(script.sends("GET", POLL), &happening);
        assert_eq!(format!("{:?}", script.fails()), error.replace('*', &format!("{request:?}")));
        assert_eq!(script.machine.to_record(), None, "no code is alive any more");
    }
}

#[test]
fn with_a_renewal_left_it_is_a_renewal() {
    let happenings: [Happening; 7] = [
        Err(Failure::Unreachable),
        Err(Failure::Timeout),
        Err(Failure::Tls),
        Ok(portal()),
        Ok(answer::unmarked(404)),
        Ok(refusal(401)),
        Ok(refusal(500)),
    ];
    for renewals in [Renewals::Times(1), Renewals::Unlimited] {
        for happening in &happenings {
            let mut script = slept(polling_with(|policy| policy.renewals = renewals));
            happens(script.sends("GET", POLL), happening);
            // The Wi-Fi of a television wakes up later than it does.
            script.sends("POST", INITIATE).fails(Failure::Unreachable);
            assert_eq!(script.waits(5).code(), None);
            script.sends("POST", INITIATE).answers(answer::quick_connect("654321", "NEW", false));
            assert_eq!(script.waits(5).code(), Some("654321"));
            script.sends("GET", NEW_POLL).answers(answer::quick_connect("654321", "NEW", true));
            script.sends("POST", EXCHANGE).answers(token());
            script.ends();
        }
    }
}

#[test]
fn it_is_so_for_an_approved_code_too() {
    let approved_and_slept = |renewals| {
        let mut script = polling_with(|policy| policy.renewals = renewals);
        script.sends("GET", POLL).answers(approved());
        script.sends("POST", EXCHANGE).fails(Failure::Interrupted);
        script.waits(5);
        let mut script = slept(script);
        script.sends("POST", EXCHANGE).fails(Failure::Unreachable);
        script
    };
    let error = approved_and_slept(Renewals::Never).fails();
    assert!(matches!(error, Error::NoAnswer { failure: Failure::Unreachable, .. }));
    let mut script = approved_and_slept(Renewals::Times(1));
    script.sends("POST", INITIATE).answers(pending());
    script.waits(5);
}

#[test]
fn a_request_sent_before_they_are_over_doesnt_end_it() {
    let mut script = polling();
    script.clock.advance(seconds(1194));
    script.sends("GET", POLL).takes(30).fails(Failure::Timeout);
    script.waits(5);
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn they_are_exactly_twenty() {
    for (waited, over) in [(seconds(1194), false), (seconds(1195), true)] {
        let mut script = polling(); // the code came 5 s ago
        script.clock.advance(waited);
        script.sends("GET", POLL).fails(Failure::Timeout);
        if over {
            assert!(matches!(script.fails(), Error::NoAnswer { failure: Failure::Timeout, .. }));
        } else {
            script.waits(5);
        }
    }
}

#[test]
fn they_begin_with_the_answer_that_handed_the_code_out() {
    let mut script = asked_for_a_code();
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).takes(20).answers(pending());
    script.waits(5);
    script.clock.advance(seconds(1190));
    script.sends("GET", POLL).fails(Failure::Timeout);
    script.waits(5);
}

#[test]
fn a_poll_that_shows_the_code_alive_starts_them_anew() {
    let mut script = polling();
    script.clock.advance(minutes(19));
    script.sends("GET", POLL).answers(pending());
    script.waits(5);
    script.clock.advance(minutes(19));
    script.sends("GET", POLL).fails(Failure::Timeout);
    script.waits(5);
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).fails(Failure::Timeout);
    script.waits(5);
    script.clock.advance(minutes(19));
    script.sends("POST", EXCHANGE).fails(Failure::Timeout);
    script.waits(5);
}

#[test]
fn an_answer_that_isnt_a_success_doesnt() {
    let mut script = polling();
    script.clock.advance(minutes(19));
    script.sends("GET", POLL).answers(answer::unmarked(503));
    script.waits(5);
    script.clock.advance(minutes(1));
    script.sends("GET", POLL).answers(answer::unmarked(503));
    assert!(matches!(script.fails(), Error::ServerBusy { status: 503, .. }));
}
