//! Block 0: the probe of a resumed login. Its code may have been approved meanwhile, so that only another
//! server, or one that is not set up, ends it.

use jellyfin_auth::{Error, Failure, Login, LoginRecord, Renewals, WaitReason};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};
use serde_json::json;

use crate::given::*;

fn record_at(server: &str) -> LoginRecord {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    script.is_waiting();
    let record = script.machine.to_record().expect("a code is alive");
    let mut record = serde_json::to_value(record).expect("JSON");
    record["server"] = server.into();
    serde_json::from_value(record).expect("a record")
}

fn resumed_at(server: &str) -> Script<Login> {
    Script::new(Login::resume(record_at(server)).expect("a login"))
}

fn resumed() -> Script<Login> {
    resumed_at(SERVER)
}

fn signs_in(mut script: Script<Login>) {
    script.sends("GET", INFO).answers(info());
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(token());
    script.ends();
}

#[test]
fn a_code_approved_while_the_program_was_stopped_is_redeemed() {
    signs_in(resumed());
}

#[test]
fn the_server_is_asked_who_it_is_even_with_the_probe_off() {
    let script = with_policy(resumed(), |policy| policy.probe = false);
    signs_in(script);
}

#[test]
fn its_probe_outlasts_whatever_a_poll_outlasts_and_the_code_stays_shown() {
    let intercepted = |status| format!("Intercepted {{ status: {status} }}");
    let no_answer = |failure: Failure| format!("{:?}", WaitReason::NoAnswer(failure));
    let cases: Vec<(Happening, String)> = vec![
        (Ok(answer::unmarked(404).with_body(b"404 page not found\n")), "Other".to_owned()), // Traefik
        (Ok(portal()), "Other".to_owned()),
        (Ok(redirect(302, "https://login.example/")), intercepted(302)),
        (Ok(challenge()), intercepted(401)),
        (Ok(answer::unmarked(401)), intercepted(401)),
        (Ok(answer::unmarked(403)), intercepted(403)),
        (Ok(answer::unmarked(400)), intercepted(400)),
        (Ok(answer::unmarked(511)), intercepted(511)),
        (Ok(answer::marked(404)), "Other".to_owned()),
        (Ok(answer::marked(503)), "Other".to_owned()),
        (Ok(answer::unmarked(502)), "Busy".to_owned()),
        (Ok(answer::unmarked(429)), "Busy".to_owned()),
        (Ok(set_up_server()), "ServerStarting".to_owned()),
        (Ok(loading()), "ServerStarting".to_owned()),
        (Ok(refusal(500)), "ServerFault { status: 500 }".to_owned()),
        (Err(Failure::Tls), no_answer(Failure::Tls)),
        (Err(Failure::TooLarge), no_answer(Failure::TooLarge)),
        (Err(Failure::Proxy), no_answer(Failure::Proxy)),
        (Err(Failure::Redirected), no_answer(Failure::Redirected)),
        (Err(Failure::Timeout), no_answer(Failure::Timeout)),
        (Err(Failure::Unreachable), no_answer(Failure::Unreachable)),
        (Err(Failure::Interrupted), no_answer(Failure::Interrupted)),
        (Err(Failure::Other), no_answer(Failure::Other)),
    ];
    for (happening, reason) in cases {
        let mut script = resumed();
        // For more than the 7 s of three retries, and more than the 2 min of patience.
        while script.clock.now().since_origin() < minutes(4) {
            happens(script.sends("GET", INFO), &happening);
            let wait = script.is_waiting();
            assert_eq!(format!("{:?}", wait.reason()), reason, "{happening:?}");
            assert_eq!(wait.code(), Some("123456"), "{happening:?}");
            assert!((5..=30).contains(&wait.delay().as_secs()), "{:?}", wait.delay());
            assert!(script.machine.to_record().is_some(), "{happening:?}");
            script.clock.advance(wait.delay());
        }
        signs_in(script);
    }
}

#[test]
fn timeouts_are_waited_out_as_those_of_a_poll() {
    let mut script = resumed();
    for seconds in [5, 5, 5, 8, 16, 30, 30] {
        script.sends("GET", INFO).fails(Failure::Timeout);
        script.waits(seconds);
    }
    signs_in(script);
}

#[test]
fn refusals_are_waited_out_for_more_than_two_minutes() {
    let mut script = resumed();
    for _ in 0..24 {
        script.sends("GET", INFO).fails(Failure::Unreachable);
        script.waits(5);
    }
    for _ in 0..10 {
        script.sends("GET", INFO).fails(Failure::Unreachable);
        script.waits(30);
    }
    signs_in(script);
}

#[test]
fn another_server_ends_it_without_seeing_the_secret() {
    for answer in [other_info(), without_marker(other_info())] {
        let mut script = resumed();
        let exchange = script.sends("GET", INFO);
        assert!(!exchange.request().headers().contains_key("authorization"));
        exchange.answers(answer);
        match script.fails() {
            Error::DifferentServer { found, .. } => {
                assert_eq!((found.id.as_str(), found.name.as_deref()), ("0ther", Some("nas")));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(script.machine.to_record().expect("it may be alive").code(), "123456");
    }
}

#[test]
fn a_server_that_is_not_set_up_ends_it() {
    for answer in [answer::marked(200), answer::unmarked(200), answer::unmarked(203)] {
        let mut script = resumed();
        let answer = answer.with_json(&json!({"Id": SERVER_ID, "StartupWizardCompleted": false}));
        script.sends("GET", INFO).answers(answer);
        assert_eq!(script.fails(), Error::ServerNotSetUp);
        assert_eq!(script.machine.to_record().expect("it may be alive").code(), "123456");
    }
}

#[test]
fn a_redirect_to_https_and_a_base_path_are_adopted() {
    let mut script = resumed_at("http://nas.example");
    script.sends("GET", INFO).answers(redirect(301, "https://nas.example/System/Info/Public"));
    let exchange = script.sends("GET", INFO);
    assert_eq!(exchange.request().uri().scheme_str(), Some("https"));
    exchange.answers(redirect(302, "/jf/web/"));
    script.sends("GET", &format!("/jf{INFO}")).answers(info());
    script.sends("GET", &format!("/jf{POLL}")).answers(approved());
    script.sends("POST", &format!("/jf{EXCHANGE}")).answers(token());
    assert_eq!(script.ends().server().as_str(), "https://nas.example/jf");
}

#[test]
fn after_a_detour_that_led_nowhere_it_asks_where_it_began() {
    let at_jf = format!("/jf{INFO}");
    // A Jellyfin says that this isn't its path; a proxy's site is all that there is above it.
    let mut script = resumed_at("https://nas.example/jf");
    script.sends("GET", &at_jf).answers(answer::marked(404));
    script.sends("GET", INFO).answers(answer::unmarked(404));
    script.waits(5);
    script.sends("GET", &at_jf).answers(info());
    script.sends("GET", &format!("/jf{POLL}")).answers(approved());

    // A redirect that was followed to an address where nothing is.
    let mut script = resumed_at("http://nas.example");
    script.sends("GET", INFO).answers(redirect(301, "https://nas.example/System/Info/Public"));
    script.sends("GET", INFO).fails(Failure::Tls);
    assert_eq!(script.waits(5).reason(), WaitReason::NoAnswer(Failure::Tls));
    let exchange = script.sends("GET", INFO);
    assert_eq!(exchange.request().uri().scheme_str(), Some("http"));
    exchange.answers(info());
}

#[test]
fn each_detour_may_have_as_many_hops_as_the_first() {
    let mut script = resumed_at("http://nas.example");
    for _ in 0..6 {
        script.sends("GET", INFO).answers(redirect(301, "https://nas.example/System/Info/Public"));
        script.sends("GET", INFO).fails(Failure::Tls);
        script.waits(5);
    }
    script.sends("GET", INFO).answers(redirect(301, "https://nas.example/System/Info/Public"));
    script.sends("GET", INFO).answers(info());
    script.sends("GET", POLL).answers(approved());
}

#[test]
fn a_sixth_hop_is_waited_out_from_where_it_began() {
    let mut script = resumed_at("https://nas.example/0");
    for hop in 0..5 {
        let next = redirect(302, &format!("/{}{INFO}", hop + 1));
        script.sends("GET", &format!("/{hop}{INFO}")).answers(next);
    }
    script.sends("GET", &format!("/5{INFO}")).answers(redirect(302, &format!("/6{INFO}")));
    script.waits(5);
    script.sends("GET", &format!("/0{INFO}")).answers(info());
    script.sends("GET", &format!("/0{POLL}")).answers(approved());
}

#[test]
fn what_is_kept_after_another_server_answered_elsewhere_is_where_it_was() {
    let mut script = resumed_at("http://nas.example");
    script.sends("GET", INFO).answers(redirect(301, "https://nas.example/System/Info/Public"));
    script.sends("GET", INFO).answers(other_info());
    assert!(matches!(script.fails(), Error::DifferentServer { .. }));
    let record = script.machine.to_record().expect("it may be alive");
    assert_eq!(record.server(), "http://nas.example");
}

#[test]
fn after_twenty_minutes_without_a_sign_of_life_it_ends_or_renews() {
    let failing = |renewals| {
        let mut script = with_policy(resumed(), |policy| policy.renewals = renewals);
        script.sends("GET", INFO).fails(Failure::Timeout);
        script.waits(5);
        script.clock.advance(minutes(20));
        script.sends("GET", INFO).fails(Failure::Timeout);
        script
    };
    let mut script = failing(Renewals::Never);
    assert!(matches!(script.fails(), Error::NoAnswer { failure: Failure::Timeout, .. }));
    assert_eq!(script.machine.to_record(), None);
    let mut script = failing(Renewals::Times(1));
    script.sends("POST", INITIATE).answers(pending());
    assert_eq!(script.waits(5).code(), Some("123456"));
}

#[test]
fn the_marker_is_learned_anew() {
    // A container that restarts: the proxy answers for it, and the login doesn't know that yet.
    let mut script = resumed();
    script.sends("GET", INFO).answers(answer::unmarked(404));
    script.waits(5);
    script.sends("GET", INFO).answers(info());
    script.sends("GET", POLL).answers(answer::unmarked(404));
    assert!(matches!(script.waits(5).reason(), WaitReason::Intercepted { status: 404, .. }));
    script.sends("GET", POLL).answers(approved());
}
