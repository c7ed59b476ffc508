//! Finding the server that a user means.

use http::{Response, header};
use jellyfin_auth::{Discovery, Error, Failure, Policy, Server, Stage, WaitReason};
use jellyfin_auth_testkit::{Exchange, Script, answer, answer::ResponseExt as _};
use serde_json::json;

use crate::given::*;

fn looks_for(typed: &str) -> Script<Discovery> {
    Script::new(Discovery::new(typed, device()).expect("an address"))
}

fn server() -> Response<Vec<u8>> {
    answer::server_info(SERVER_ID, "12.0.0")
}

/// It asks there next.
#[track_caller]
fn asks<'s>(script: &'s mut Script<Discovery>, url: &str) -> Exchange<'s, Discovery> {
    let path = url.splitn(4, '/').nth(3).map_or(String::new(), |path| format!("/{path}"));
    let target = format!("{path}/System/Info/Public");
    let exchange = script.sends("GET", &target);
    assert_eq!(exchange.request().uri().to_string(), format!("{url}/System/Info/Public"));
    assert!(!exchange.request().headers().contains_key(header::AUTHORIZATION));
    exchange
}

/// What each address said, the best first.
fn tried(script: &mut Script<Discovery>) -> Vec<(String, String)> {
    match script.fails() {
        Error::NoServer { tried, .. } => tried
            .iter()
            .map(|attempt| (attempt.url.to_string(), format!("{:?}", attempt.error)))
            .collect(),
        other => panic!("{other:?}"),
    }
}

/// Every candidate of `nas` says what `each` says, in the order in which they are asked.
fn all_of_nas(each: [Result<Response<Vec<u8>>, Failure>; 4]) -> Vec<(String, String)> {
    let mut script = looks_for("nas");
    let urls = ["https://nas", "http://nas:8096", "http://nas", "https://nas:8920"];
    for (url, said) in urls.into_iter().zip(each) {
        match said {
            Ok(response) => asks(&mut script, url).answers(response),
            Err(failure) => asks(&mut script, url).fails(failure),
        }
    }
    tried(&mut script)
}

#[test]
fn the_candidates_are_asked_in_turn_and_at_once_until_one_is_a_server() {
    let mut script = looks_for("nas");
    assert_eq!(script.machine.server_url().as_str(), "https://nas");
    asks(&mut script, "https://nas").fails(Failure::Tls);
    asks(&mut script, "http://nas:8096").fails(Failure::Unreachable);
    asks(&mut script, "http://nas").answers(answer::unsigned(404).with_html("nginx"));
    asks(&mut script, "https://nas:8920").answers(server());
    assert_eq!(script.machine.server_url().as_str(), "https://nas:8920");
    let Server { url, info, .. } = script.ends();
    assert_eq!(url.as_str(), "https://nas:8920");
    assert_eq!((info.id.as_str(), info.version.as_str()), (SERVER_ID, "12.0.0"));
    assert_eq!(info.name.as_deref(), Some("nas"));
}

#[test]
fn the_first_server_ends_the_search() {
    let mut script = looks_for("nas/jf");
    asks(&mut script, "https://nas/jf").answers(server());
    assert_eq!(script.ends().url.as_str(), "https://nas/jf");
}

#[test]
fn a_scheme_or_a_single_address_is_the_only_candidate() {
    let mut script = looks_for("http://nas:8096");
    asks(&mut script, "http://nas:8096").fails(Failure::Unreachable);
    assert_eq!(tried(&mut script).len(), 1);
    let mut script = Script::new(Discovery::at(url("http://nas"), device()));
    asks(&mut script, "http://nas").answers(server());
    script.ends();
    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").fails(Failure::Tls);
    asks(&mut script, "http://nas:8096").answers(server());
    assert_eq!(script.ends().url.as_str(), "http://nas:8096");
}

#[test]
fn the_list_tells_what_each_candidate_said_and_tls_beats_refused_beats_not_found() {
    assert_eq!(
        all_of_nas([
            Ok(answer::unsigned(404)),
            Err(Failure::Unreachable),
            Ok(answer::unsigned(200).with_html("welcome")),
            Err(Failure::Tls),
        ]),
        [
            ("https://nas:8920", "NoAnswer { failure: Tls }"),
            ("http://nas:8096", "NoAnswer { failure: Unreachable }"),
            ("https://nas", "NotJellyfin"),
            ("http://nas", "NotJellyfin"),
        ]
        .map(|(url, error)| (url.to_owned(), error.to_owned()))
    );
}

#[test]
fn bad_tls_tells_more_than_silence_and_silence_more_than_a_refusal() {
    let said = all_of_nas([
        Ok(answer::unsigned(404)),
        Err(Failure::Unreachable),
        Err(Failure::Timeout),
        Err(Failure::Tls),
    ]);
    assert_eq!(
        said.iter().map(|(_, error)| error.as_str()).collect::<Vec<_>>(),
        [
            "NoAnswer { failure: Tls }",
            "NoAnswer { failure: Timeout }",
            "NoAnswer { failure: Unreachable }",
            "NotJellyfin",
        ]
    );
}

#[test]
fn what_a_jellyfin_says_beats_what_stands_in_front_of_one_beats_silence() {
    let order = |each| all_of_nas(each).into_iter().map(|(_, error)| error).collect::<Vec<_>>();
    let to_https = answer::unsigned(302).with_header("location", "https://sso.example/login?x");
    let not_set_up = answer::signed(200).with_json(&json!({"StartupWizardCompleted": false}));
    assert_eq!(
        order([Err(Failure::Tls), Ok(to_https), Err(Failure::Timeout), Ok(not_set_up)]),
        [
            "ServerNotSetUp",
            "Redirected { to: Some(\"https://sso.example/login\") }",
            "NoAnswer { failure: Tls }",
            "NoAnswer { failure: Timeout }",
        ]
    );
    let challenge = answer::unsigned(401).with_header("www-authenticate", "Basic");
    assert_eq!(
        order([
            Err(Failure::Unreachable),
            Ok(challenge),
            Ok(answer::signed(503)),
            Err(Failure::Tls)
        ]),
        [
            "AddressBlocked",
            "ProxyAuthentication { scheme: \"Basic\" }",
            "NoAnswer { failure: Tls }",
            "NoAnswer { failure: Unreachable }",
        ]
    );
    let (forbidden, elsewhere) = (answer::unsigned(403), answer::signed(404));
    assert_eq!(
        order([Err(Failure::Interrupted), Ok(forbidden), Err(Failure::Proxy), Ok(elsewhere)]),
        [
            "WrongBasePath",
            "Intercepted { status: 403 }",
            "NoAnswer { failure: Proxy }",
            "NoAnswer { failure: Interrupted }",
        ]
    );
}

#[test]
fn among_equals_the_better_guess_stays_first() {
    let said = all_of_nas([(); 4].map(|()| Err(Failure::Unreachable)));
    assert_eq!(
        said.iter().map(|(url, _)| url.as_str()).collect::<Vec<_>>(),
        ["https://nas", "http://nas:8096", "http://nas", "https://nas:8920",]
    );
}

#[test]
fn the_message_names_the_best_address_and_its_error() {
    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").fails(Failure::Tls);
    asks(&mut script, "http://nas:8096").fails(Failure::Unreachable);
    assert_eq!(
        script.fails().to_string(),
        "no Jellyfin server was found: https://nas:8096: no secure connection could be made: check \
         the address and the network"
    );
}

#[test]
fn a_redirect_to_https_is_adopted() {
    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").fails(Failure::Tls);
    asks(&mut script, "http://nas:8096").answers(
        answer::unsigned(301).with_header("location", "https://nas:8920/System/Info/Public"),
    );
    asks(&mut script, "https://nas:8920").answers(server());
    assert_eq!(script.ends().url.as_str(), "https://nas:8920");
}

#[test]
fn the_base_path_that_a_server_tells_is_adopted() {
    let mut script = looks_for("https://nas");
    asks(&mut script, "https://nas")
        .answers(answer::unsigned(302).with_header("location", "../../jf/web/"));
    asks(&mut script, "https://nas/jf").answers(server());
    assert_eq!(script.ends().url.as_str(), "https://nas/jf");

    let mut script = looks_for("https://nas/wrong");
    asks(&mut script, "https://nas/wrong").answers(answer::signed(404));
    asks(&mut script, "https://nas").answers(server());
    assert_eq!(script.ends().url.as_str(), "https://nas");
}

#[test]
fn what_was_typed_is_listed_even_if_a_redirect_led_on() {
    let mut script = looks_for("http://nas");
    asks(&mut script, "http://nas")
        .answers(answer::unsigned(301).with_header("location", "https://nas/System/Info/Public"));
    asks(&mut script, "https://nas").fails(Failure::Tls);
    let said = tried(&mut script);
    assert_eq!(said, [("http://nas".to_owned(), "NoAnswer { failure: Tls }".to_owned())]);
}

#[test]
fn a_server_that_starts_is_waited_for() {
    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").fails(Failure::Tls);
    asks(&mut script, "http://nas:8096")
        .answers(answer::unsigned(503).with_header("retry-after", "005"));
    assert_eq!(script.waits(5).reason(), WaitReason::ServerStarting);
    // Between its phases it can't be reached: that is still the same start.
    asks(&mut script, "http://nas:8096").fails(Failure::Unreachable);
    script.waits(2);
    asks(&mut script, "http://nas:8096").fails(Failure::Interrupted);
    script.waits(4);
    asks(&mut script, "http://nas:8096").answers(answer::signed(503).with_html("loading"));
    script.waits(5);
    asks(&mut script, "http://nas:8096").answers(server());
    assert_eq!(script.ends().url.as_str(), "http://nas:8096");
}

#[test]
fn when_patience_with_a_start_runs_out_the_next_candidate_is_asked_afresh() {
    let mut policy = Policy::default();
    policy.patience = std::time::Duration::from_secs(3);
    let discovery = Discovery::new("nas:8096", device()).expect("an address");
    let mut script = Script::new(discovery.with_policy(policy));
    for seconds in [1, 2] {
        asks(&mut script, "https://nas:8096").answers(answer::signed(503).with_html("loading"));
        script.waits(seconds);
    }
    asks(&mut script, "https://nas:8096").answers(answer::signed(503).with_html("loading"));
    // No patience for a silent one: nothing was heard there yet.
    asks(&mut script, "http://nas:8096").fails(Failure::Unreachable);
    assert_eq!(tried(&mut script)[0], ("https://nas:8096".to_owned(), "ServerStarting".to_owned()));
}

#[test]
fn who_signs_is_learned_anew_for_each_candidate() {
    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").answers(answer::signed(404));
    // Another program may listen here: its 404 is its own, not one of something in front.
    asks(&mut script, "http://nas:8096").answers(answer::unsigned(404));
    let errors: Vec<_> = tried(&mut script).into_iter().map(|(_, error)| error).collect();
    assert_eq!(errors, ["WrongBasePath", "NotJellyfin"]);
}

#[test]
fn each_candidate_is_asked_once() {
    let said = all_of_nas([
        Ok(answer::signed(500)),
        Err(Failure::Timeout),
        Err(Failure::Other),
        Ok(answer::unsigned(418)),
    ]);
    assert_eq!(
        said.iter().map(|(_, error)| error.as_str()).collect::<Vec<_>>(),
        [
            "ServerFault { status: 500 }",
            "Intercepted { status: 418 }",
            "NoAnswer { failure: Timeout }",
            "NoAnswer { failure: Other }",
        ]
    );
}

#[test]
fn what_cant_be_an_address_is_refused_before_any_request() {
    for typed in ["", "ftp://nas", "user@nas", "a b", "nas:x"] {
        assert!(Discovery::new(typed, device()).is_err(), "{typed}");
    }
}

#[test]
fn an_answer_that_makes_no_sense_is_listed_too() {
    let mut script = looks_for("http://nas");
    asks(&mut script, "http://nas").answers(answer::signed(206));
    match script.fails() {
        Error::NoServer { tried, .. } => {
            assert!(matches!(tried[0].error, Error::Malformed { step: Stage::Probe, .. }));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_search_can_be_given_up() {
    let mut script = looks_for("nas");
    asks(&mut script, "https://nas").fails(Failure::Tls);
    script.machine.cancel();
    assert!(matches!(script.fails(), Error::Cancelled { .. }));
}
