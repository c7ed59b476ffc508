//! Which of the addresses without a server is shown first: the one that says most.

use jellyfin_auth::Failure;
use jellyfin_auth_testkit::{answer, answer::ResponseExt as _};
use serde_json::json;

use super::all_of_nas;

#[test]
fn the_list_shows_what_each_candidate_said_and_tls_beats_refused_beats_not_found() {
    assert_eq!(
        all_of_nas([
            Ok(answer::unmarked(404)),
            Err(Failure::Unreachable),
            Ok(answer::unmarked(200).with_html("welcome")),
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
fn bad_tls_says_more_than_silence_and_silence_more_than_a_refusal() {
    let said = all_of_nas([
        Ok(answer::unmarked(404)),
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
fn a_name_that_isnt_known_and_a_port_without_tls_say_more_than_a_refusal() {
    let failures = [Failure::NoTls, Failure::Unreachable, Failure::Timeout, Failure::HostNotFound];
    let urls: Vec<_> = all_of_nas(failures.map(Err)).into_iter().map(|(url, _)| url).collect();
    assert_eq!(urls, ["http://nas", "https://nas", "https://nas:8920", "http://nas:8096"]);
}

#[test]
fn what_a_jellyfin_says_beats_what_stands_in_front_of_one_beats_silence() {
    let order = |each| all_of_nas(each).into_iter().map(|(_, error)| error).collect::<Vec<_>>();
    let to_https = answer::unmarked(302).with_header("location", "https://sso.example/login?x");
    let not_set_up = answer::marked(200).with_json(&json!({"StartupWizardCompleted": false}));
    assert_eq!(
        order([Err(Failure::Tls), Ok(to_https), Err(Failure::Timeout), Ok(not_set_up)]),
        [
            "ServerNotSetUp",
            "Redirected { to: Some(\"https://sso.example/login\") }",
            "NoAnswer { failure: Tls }",
            "NoAnswer { failure: Timeout }",
        ]
    );
    let challenge = answer::unmarked(401).with_header("www-authenticate", "Basic");
    assert_eq!(
        order([
            Err(Failure::Unreachable),
            Ok(challenge),
            Ok(answer::marked(503)),
            Err(Failure::Tls)
        ]),
        [
            "AddressBlocked",
            "ProxyAuthentication { scheme: \"Basic\" }",
            "NoAnswer { failure: Tls }",
            "NoAnswer { failure: Unreachable }",
        ]
    );
    let (forbidden, elsewhere) = (answer::unmarked(403), answer::marked(404));
    assert_eq!(
        order([Err(Failure::Interrupted), Ok(forbidden), Err(Failure::Proxy), Ok(elsewhere)]),
        [
            "WrongBasePath",
            "Intercepted { request: GetServerInfo, status: 403 }",
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
