//! Three drivers, one behaviour: the same script of a server's answers through both adapters and
//! through a driver that is nothing but a loop brings the same requests, waits and end.

mod drivers;
mod trace;
mod turns;

use std::{thread, time::Duration};

use jellyfin_auth::{Failure, Login, Policy, Renewals, WaitReason};
use jellyfin_auth_testkit::answer::{
    ResponseExt as _, authentication, marked, quick_connect, server_info, unmarked,
};

use trace::Trace;
use turns::Turn::{self, Answer, Lose, Stall};

const SERVER_ID: &str = "713dc3fe952b438fa70ed35e4ef0525a";

fn probe() -> Turn {
    Answer(server_info(SERVER_ID, "10.11.11"))
}

/// By a server that doesn't set the marker: what follows is read by its status alone.
fn unmarked_probe() -> Turn {
    let mut info = server_info(SERVER_ID, "10.11.11");
    info.headers_mut().remove("x-response-time-ms");
    Answer(info)
}

fn enabled() -> Turn {
    Answer(marked(200).with_json(&true.into()))
}

fn authenticated(token: &str) -> Turn {
    Answer(authentication(token, "u-1", SERVER_ID))
}

fn hasty() -> Policy {
    let mut policy = Policy::default();
    policy.poll_interval = Duration::from_secs(1);
    policy.request_timeout = Duration::from_secs(1);
    policy.password_timeout = Duration::from_secs(1);
    policy
}

/// What all three drivers do, which is the same.
fn all(policy: &Policy, begin: fn(&str) -> Login, script: &[Turn]) -> Trace {
    let begin = |server: &str| begin(server).with_policy(policy.clone());
    let in_memory = drivers::in_memory(begin, script);
    thread::scope(|scope| {
        let blocking = scope.spawn(|| drivers::blocking(begin, script));
        let asynchronous = drivers::asynchronous(begin, script);
        let blocking = blocking.join().expect("the ureq adapter runs");
        assert_eq!(blocking, in_memory, "the ureq adapter does something else");
        assert_eq!(asynchronous, in_memory, "the async-std adapter does something else");
    });
    in_memory
}

#[test]
fn a_password_login_at_a_starting_server_is_the_same_through_every_driver() {
    let script = [
        Answer(unmarked(503).with_header("retry-after", "1")),
        Lose,
        probe(),
        Answer(unmarked(429)),
        authenticated("t-1"),
    ];
    let trace = all(&hasty(), drivers::password, &script);
    assert_eq!(trace.end.as_deref(), Ok("t-1"));
    assert_eq!(
        trace.reasons(),
        [WaitReason::ServerStarting, WaitReason::NoAnswer(Failure::Interrupted), WaitReason::Busy,]
    );
}

#[test]
fn a_quick_connect_with_every_turn_it_can_take_is_the_same_through_every_driver() {
    let mut policy = hasty();
    policy.renewals = Renewals::Times(1);
    policy.verify_token = true;
    let script = [
        Answer(unmarked(302).with_header("location", "/jf/System/Info/Public")),
        probe(),
        enabled(),
        Answer(marked(405).with_header("allow", "GET")),
        Answer(quick_connect("111111", "s-1", false)),
        Answer(quick_connect("111111", "s-1", false)),
        Lose,
        Answer(unmarked(502).with_html("<h1>Bad Gateway</h1>")),
        Answer(quick_connect("111111", "s-1", false)),
        Answer(marked(401).with_json(&"Quick connect is disabled".into())),
        Answer(marked(404).with_json(&"Unknown secret".into())),
        Answer(quick_connect("222222", "s-2", false)),
        Answer(quick_connect("222222", "s-2", true)),
        authenticated("t-2"),
        Answer(marked(200).with_json(&serde_json::json!({ "Id": "u-1", "Name": "alice" }))),
    ];
    let trace = all(&policy, drivers::quick_connect, &script);
    assert_eq!(trace.end.as_deref(), Ok("t-2"));
    assert_eq!(trace.requests.len(), script.len());
    let codes: Vec<_> = trace.waits.iter().filter_map(|wait| wait.code.as_deref()).collect();
    assert!(codes.contains(&"111111") && codes.contains(&"222222"), "{codes:?}");
}

#[test]
fn a_password_that_gets_no_answer_is_sent_once_through_every_driver() {
    for (turn, expected) in [
        (Lose, "NoAnswer { failure: Interrupted }"),
        (Stall, "PasswordTimeout"),
        (Answer(unmarked(403)), "LoginRefused { reason: NotStated }"),
    ] {
        let trace = all(&hasty(), drivers::password, &[unmarked_probe(), turn]);
        let error = trace.end.expect_err("the password got nowhere");
        assert_eq!(format!("{error:?}"), expected);
        assert_eq!(trace.requests.len(), 2);
    }
}

#[test]
fn an_answer_that_is_too_large_ends_it_through_every_driver() {
    let mut policy = hasty();
    policy.max_body = 1000;
    let script = [Answer(marked(200).with_body(&[b' '; 1001]))];
    let trace = all(&policy, drivers::password, &script);
    let end = trace.end.expect_err("the answer was too large");
    assert!(
        matches!(end, jellyfin_auth::Error::NoAnswer { failure: Failure::TooLarge, .. }),
        "{end:?}"
    );
}

#[test]
fn retries_run_out_alike_through_every_driver() {
    let mut policy = hasty();
    policy.retries = 1;
    let trace = all(&policy, drivers::quick_connect, &[Lose, Answer(marked(500))]);
    let end = trace.end.expect_err("there was no other try");
    assert!(matches!(end, jellyfin_auth::Error::ServerFault { status: 500, .. }), "{end:?}");
}

#[test]
fn a_wrong_password_is_the_same_through_every_driver() {
    let trace = all(&hasty(), drivers::password, &[probe(), Answer(marked(401))]);
    let end = trace.end.expect_err("the password was wrong");
    assert!(matches!(end, jellyfin_auth::Error::BadCredentials { .. }), "{end:?}");
}
