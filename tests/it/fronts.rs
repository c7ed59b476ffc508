//! What stands in front of a server, as 27 recorded set-ups of nginx, Caddy and `HAProxy`: each ends a
//! sign-in with the error that its name calls for, or lets it through.

mod table;

use std::collections::{BTreeMap, BTreeSet};

use http::Response;
use jellyfin_auth::{Error, Login, Machine as _, Step, WaitReason};
use jellyfin_auth_testkit::{Script, answer::ResponseExt as _};

use crate::{
    given::*,
    recordings::{self, Exchange},
};
use table::{Front, table};

/// Where the recorded set-up was asked.
fn address(front: &str) -> &'static str {
    if front.starts_with("caddy") { "http://127.0.0.1:8080" } else { "http://media.example.com" }
}

/// The recorded answers of one set-up, by path.
struct Answers {
    by_path: BTreeMap<String, Response<Vec<u8>>>,
    /// The paths that were asked.
    asked: BTreeSet<String>,
}

impl Answers {
    fn of(exchanges: &[Exchange]) -> Self {
        let answer = |one: &Exchange| (one.path.clone(), set_up(one));
        Self { by_path: exchanges.iter().map(answer).collect(), asked: BTreeSet::new() }
    }

    fn to(&mut self, path: &str) -> Response<Vec<u8>> {
        if path.ends_with(INITIATE) {
            // Not recorded; only a set-up that lets everything through is asked for it.
            return pending();
        }
        self.asked.insert(path.to_owned());
        self.by_path.get(path).unwrap_or_else(|| panic!("{path} was not recorded")).clone()
    }
}

/// The answer, as the recorded server gives it once its wizard was completed: it hadn't been.
fn set_up(exchange: &Exchange) -> Response<Vec<u8>> {
    let answer = exchange.answer.clone().expect("an answer");
    let body = String::from_utf8(answer.body().clone()).expect("UTF-8");
    let body = body.replace("\"StartupWizardCompleted\":false", "\"StartupWizardCompleted\":true");
    answer.with_body(body.as_bytes())
}

/// Runs a login against a set-up; behind a redirect to https stands the server itself.
fn run(mut login: Login, front: &mut Answers, behind: &mut Answers) -> Error {
    let mut clock = jellyfin_auth_testkit::Clock::default();
    for _ in 0..200 {
        match login.poll(clock.now()) {
            Ok(Step::Send(request)) => {
                let (request, ticket, _) = request.into_parts();
                let uri = request.uri();
                let answers =
                    if uri.scheme_str() == Some("https") { &mut *behind } else { &mut *front };
                assert!(login.handle(ticket, Ok(&answers.to(uri.path()))));
            }
            Ok(Step::Wait(wait)) => clock.advance(wait.delay()),
            Ok(other) => panic!("it should go on: {other:?}"),
            Err(error) => return error,
        }
    }
    panic!("it never ends")
}

#[test]
fn each_front_ends_a_sign_in_with_the_error_that_its_name_calls_for() {
    let recorded = recordings::fronts();
    let table = table();
    let names: BTreeSet<_> = table.iter().map(|front| front.name.to_owned()).collect();
    assert_eq!(names, recorded.keys().cloned().collect());
    assert_eq!(table.len(), 27);
    for Front { name, password, quick_connect, .. } in table {
        let mut front = Answers::of(&recorded[name]);
        let mut behind = Answers::of(&recorded["nginx-ok"]);
        let error = run(password_login(address(name)).machine, &mut front, &mut behind);
        assert_eq!(shown(&error), password, "{name}, by password");
        let login = quick_connect_login(address(name)).machine;
        let error = run(login, &mut front, &mut behind);
        assert_eq!(shown(&error), quick_connect, "{name}, by Quick Connect");
        // Nothing but the probe reaches a set-up that doesn't let it through.
        if password != "BadCredentials" && name != "nginx-body-limit" {
            assert_eq!(front.asked, BTreeSet::from([INFO.to_owned()]), "{name}");
        }
    }
}

#[test]
fn a_front_that_comes_between_is_not_taken_for_the_server() {
    let recorded = recordings::fronts();
    let mut fed = 0;
    for Front { name, authenticate, enabled, poll, .. } in table() {
        let mut answers = Answers::of(&recorded[name]);
        let host = address(name);

        let mut script = probed(password_login(host));
        script.sends("POST", AUTHENTICATE).answers(answers.to(AUTHENTICATE));
        assert_eq!(outcome(&mut script, &mut answers), authenticate, "{name}, to the password");

        let mut script = probed(quick_connect_login(host));
        script.sends("GET", ENABLED).answers(answers.to(ENABLED));
        assert_eq!(outcome(&mut script, &mut answers), enabled, "{name}, to Enabled");

        let mut script = showing_a_code(quick_connect_login(host));
        script.waits(5);
        script.sends("GET", POLL).answers(answers.to("/QuickConnect/Connect"));
        let found = match script.machine.poll(script.clock.now()) {
            Ok(Step::Wait(wait)) => {
                assert_eq!(wait.code(), Some("123456"), "{name}: the code is still shown");
                assert!(wait.reason() != WaitReason::Approval);
                format!("{:?}", wait.reason())
            }
            Err(error) => shown(&error),
            Ok(other) => panic!("{name}: {other:?}"),
        };
        assert_eq!(found, poll, "{name}, to a poll");
        fed += answers.asked.len();
    }
    assert_eq!(fed, 27 * 3);
}

/// The error without the request that it is about, which the column names.
fn shown(error: &Error) -> String {
    match error {
        Error::BadCredentials { hint: None, .. } => "BadCredentials".to_owned(),
        Error::Intercepted { status, .. } => format!("Intercepted {{ status: {status} }}"),
        other => format!("{other:?}"),
    }
}

/// How it ends when the same is said again and again, or that it goes on.
fn outcome(script: &mut Script<Login>, answers: &mut Answers) -> String {
    for _ in 0..200 {
        match script.machine.poll(script.clock.now()) {
            Ok(Step::Wait(wait)) => script.clock.advance(wait.delay()),
            Ok(Step::Send(request)) => {
                let (request, ticket, _) = request.into_parts();
                let path = request.uri().path();
                if path == INITIATE {
                    return "it goes on".to_owned();
                }
                assert!(script.machine.handle(ticket, Ok(&answers.to(path))));
            }
            Ok(other) => panic!("it should go on: {other:?}"),
            Err(error) => return shown(&error),
        }
    }
    panic!("it never ends")
}

/// A front that goes away again while a code is shown: the sign-in ends as if it had never been.
#[test]
fn a_code_that_was_approved_behind_any_front_is_still_redeemed() {
    for (name, exchanges) in recordings::fronts() {
        let mut answers = Answers::of(&exchanges);
        let poll = answers.to("/QuickConnect/Connect");
        if poll.headers().contains_key("x-response-time-ms") {
            continue; // It lets the server's own 404 through.
        }
        let mut script = showing_a_code(quick_connect_login(address(&name)));
        for _ in 0..10 {
            let wait = script.is_waiting();
            script.clock.advance(wait.delay());
            script.sends("GET", POLL).answers(poll.clone());
        }
        let wait = script.is_waiting();
        script.clock.advance(wait.delay());
        script.sends("GET", POLL).answers(approved());
        script.sends("POST", EXCHANGE).answers(poll.clone());
        let wait = script.is_waiting();
        script.clock.advance(wait.delay());
        script.sends("POST", EXCHANGE).answers(token());
        script.ends();
    }
}

#[test]
fn a_server_that_was_not_set_up_says_so_through_every_front_that_lets_it() {
    let mut let_through = 0;
    for (name, exchanges) in recordings::fronts() {
        let probes = exchanges.iter().filter(|one| one.path.ends_with(INFO) && one.status() == 200);
        for probe in probes.filter(|one| one.json().is_some()) {
            let base = probe.path.strip_suffix(INFO).expect("a probe");
            let mut script = password_login(&format!("{}{base}", address(&name)));
            script.sends("GET", &probe.path).answers(probe.answer.clone().expect("an answer"));
            assert_eq!(script.fails(), Error::ServerNotSetUp, "{name}");
            let_through += 1;
        }
    }
    assert_eq!(let_through, 6, "three that do nothing, a body limit, two sub-paths");
}

#[test]
fn a_sub_path_is_found_by_whoever_types_it() {
    let recorded = recordings::fronts();
    for name in ["nginx-sub-path", "caddy-sub-path"] {
        let mut answers = Answers::of(&recorded[name]);
        let mut script = password_login(&format!("{}/jellyfin", address(name)));
        let target = format!("/jellyfin{INFO}");
        script.sends("GET", &target).answers(answers.to(&target));
        let exchange = script.sends("POST", &format!("/jellyfin{AUTHENTICATE}"));
        exchange.answers(token());
        assert_eq!(script.ends().server().base_path(), "/jellyfin");
        // What the bare path says is no Jellyfin, and its redirect names another port: not followed.
        let mut script = password_login(&format!("{}/jellyfin", address(name)));
        script.sends("GET", &target).answers(answers.to("/jellyfin"));
        let error = format!("{:?}", script.fails());
        let expected = match name {
            "nginx-sub-path" => {
                "Redirected { to: Some(\"http://media.example.com:19009/jellyfin/\") }"
            }
            _ => "NotJellyfin",
        };
        assert_eq!(error, expected);
    }
    let count: usize = recorded.values().map(Vec::len).sum();
    assert_eq!(count, 27 * 4 + 2 * 2, "every exchange is one of those that were fed");
}

#[test]
fn a_server_behind_a_redirect_to_https_is_signed_in_to_there() {
    let recorded = recordings::fronts();
    for (name, adopted) in
        [("nginx-to-https", "https://media.example.com"), ("caddy-to-https", "https://127.0.0.1")]
    {
        let mut answers = Answers::of(&recorded[name]);
        let mut script = password_login(address(name));
        script.sends("GET", INFO).answers(answers.to(INFO));
        let exchange = script.sends("GET", INFO);
        assert_eq!(exchange.request().uri().to_string(), format!("{adopted}{INFO}"));
        exchange.answers(info());
        let exchange = script.sends("POST", AUTHENTICATE);
        assert!(
            exchange.request().uri().to_string().starts_with(adopted),
            "encrypted from there on"
        );
        exchange.answers(token().with_header("server", "Kestrel"));
        assert_eq!(script.ends().server().as_str(), adopted);
    }
}
