//! What errors tell: one sentence that says what to do, who must act, and never a secret.

use std::collections::BTreeSet;

use jellyfin_auth::{
    Advice, Discovery, Error, Failure, Login, SessionCheck, Stage, WaitReason,
    endpoint::{AuthorizeQuickConnect, CurrentUser, Endpoint as _, ForgotPassword, RedeemPin},
};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

const SERVER: &str = "https://nas.example";

const FAILURES: [Failure; 8] = [
    Failure::Unreachable,
    Failure::Interrupted,
    Failure::Timeout,
    Failure::Tls,
    Failure::TooLarge,
    Failure::Proxy,
    Failure::Redirected,
    Failure::Other,
];

/// The error of a password login that is answered so.
fn after(response: http::Response<Vec<u8>>) -> Error {
    let mut script = with_policy(probed(password_login(SERVER)), |_| ());
    script.sends("POST", AUTHENTICATE).answers(response);
    script.fails()
}

/// The error of a probe that is answered so until no patience is left.
fn of_the_probe(response: &http::Response<Vec<u8>>) -> Error {
    let mut script = with_policy(password_login(SERVER), |policy| {
        policy.retries = 0;
        policy.patience = std::time::Duration::ZERO;
    });
    script.sends("GET", INFO).answers(response.clone());
    script.fails()
}

/// The error of a live code's poll that says 404 after so many seconds.
fn of_a_poll(seconds: u64) -> Error {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    script.waits(5);
    script.clock.advance(std::time::Duration::from_secs(seconds));
    script.sends("GET", POLL).answers(refusal(404));
    script.fails()
}

fn in_circles() -> Error {
    let mut script = password_login("http://nas.example");
    for hop in 0..6 {
        let to = format!("/{hop}/System/Info/Public");
        let target = if hop == 0 { INFO.to_owned() } else { format!("/{}{INFO}", hop - 1) };
        script.sends("GET", &target).answers(answer::unsigned(302).with_header("location", &to));
    }
    script.fails()
}

fn no_server() -> Error {
    let mut script = Script::new(Discovery::at(url(SERVER), device()));
    script.sends("GET", INFO).fails(Failure::Tls);
    script.fails()
}

fn different_server() -> Error {
    let mut script = Script::new(SessionCheck::new(session()));
    script.sends("GET", INFO).answers(answer::server_info("ab", "12.0.0"));
    script.fails()
}

fn no_answer(failure: Failure) -> Error {
    let mut script = with_policy(password_login(SERVER), |policy| policy.retries = 0);
    script.sends("GET", INFO).fails(failure);
    script.fails()
}

fn cancelled() -> Error {
    let mut script = password_login(SERVER);
    script.machine.cancel();
    script.fails()
}

/// Each variant, provoked, with the advice that it gives and the words that tell what to do.
fn each() -> Vec<(Error, Advice, &'static str)> {
    let session = session();
    let me =
        |status| CurrentUser::new(&session).read(&answer::signed(status)).expect_err("refused");
    let approve = |status| {
        let approve = AuthorizeQuickConnect::new(&session, "123456").expect("a code");
        approve.read(&refusal(status)).expect_err("refused")
    };
    let enabled = |status| {
        let mut script = probed(quick_connect_login(SERVER));
        script.sends("GET", ENABLED).answers(answer::signed(status));
        script.fails()
    };
    let not_set_up = serde_json::json!({"StartupWizardCompleted": false});
    let portal =
        answer::unsigned(302).with_header("location", "https://sso.example/in?token=c4n4ry");
    let (server, pin) = (url(SERVER), "AB".into());
    let redeem = |response| {
        RedeemPin::new(&server, &device(), &pin)
            .expect("a PIN")
            .read(&response)
            .expect_err("refused")
    };
    vec![
        (after(refusal(401)), Advice::AskPassword, "check both"),
        (
            Login::password(url(SERVER), device(), " ", "pw").expect_err("blank"),
            Advice::AskPassword,
            "type one",
        ),
        (after(refusal(403)), Advice::AskAdministrator, "its administrator can tell"),
        (me(403), Advice::AskAdministrator, "try again later"),
        (me(401), Advice::AskPassword, "sign in again"),
        (of_the_probe(&answer::unsigned(404)), Advice::AskAddress, "check it"),
        (
            of_the_probe(&answer::signed(404)),
            Advice::AskAddress,
            "check what follows the host's name",
        ),
        (
            of_the_probe(&portal),
            Advice::AskAddress,
            "if that is the right server, use that address",
        ),
        (of_the_probe(&answer::unsigned(302)), Advice::AskAddress, "use that address"),
        (in_circles(), Advice::AskAddress, "check the address"),
        (different_server(), Advice::AskAddress, "check the address"),
        (no_server(), Advice::AskAddress, "https://nas.example: no secure connection"),
        (of_the_probe(&answer::signed(503).with_html("x")), Advice::TryAgain, "in a few minutes"),
        (of_the_probe(&answer::unsigned(502)), Advice::TryAgain, "try again later"),
        (of_a_poll(600), Advice::TryAgain, "ask for a new one"),
        (of_a_poll(0), Advice::TryAgain, "ask for a new one"),
        (approve(404), Advice::TryAgain, "check it, or ask for a new one"),
        (approve(500), Advice::TryAgain, "look at the device that shows it"),
        (
            AuthorizeQuickConnect::new(&session, "?").expect_err("no code"),
            Advice::TryAgain,
            "type the digits",
        ),
        (redeem(refusal(404)), Advice::TryAgain, "check it, or ask for a new one"),
        (enabled(401), Advice::OfferPassword, "use a password"),
        (enabled(404), Advice::OfferPassword, "use a password"),
        (
            of_the_probe(&answer::signed(200).with_json(&not_set_up)),
            Advice::AskAdministrator,
            "finish its wizard",
        ),
        (
            of_the_probe(&answer::signed(503)),
            Advice::AskAdministrator,
            "its administrator can change that",
        ),
        (after(refusal(500)), Advice::AskAdministrator, "its log tells why"),
        (
            after(answer::unsigned(401).with_header("www-authenticate", "Basic realm=c4n4ry")),
            Advice::FixProxy,
            "a proxy in front of the server wants its own log-in (Basic)",
        ),
        (after(answer::unsigned(403)), Advice::FixProxy, "check the proxy"),
        (after(answer::signed(200).with_body(b"c4n4ry")), Advice::ReportBug, "report this"),
        (after(answer::signed(418).with_body(b"c4n4ry")), Advice::ReportBug, "report this"),
        (cancelled(), Advice::TryAgain, "cancelled"),
    ]
    .into_iter()
    .chain(FAILURES.map(|failure| {
        let advice = match failure {
            Failure::Tls | Failure::Redirected => Advice::AskAddress,
            Failure::Proxy => Advice::FixProxy,
            _ => Advice::TryAgain,
        };
        (no_answer(failure), advice, "check the address and the network")
    }))
    .collect()
}

/// The variant's name.
fn variant(error: &Error) -> String {
    let shown = format!("{error:?}");
    shown.split([' ', '{']).next().expect("a name").to_owned()
}

#[test]
fn each_error_is_one_sentence_that_tells_what_to_do() {
    for (error, _, words) in each() {
        let sentence = error.to_string();
        assert!(sentence.contains(words), "{sentence}");
        assert!(!sentence.contains(". ") && !sentence.ends_with('.'), "one sentence: {sentence}");
        assert!(!sentence.contains("  ") && !sentence.contains('\n'), "one line: {sentence}");
        assert!(sentence.len() < 300, "{sentence}");
        let first = sentence.chars().next().expect("a letter");
        assert!(first.is_lowercase() || sentence.starts_with("Quick Connect"), "{sentence}");
        assert!(std::error::Error::source(&error).is_none(), "it says all itself");
    }
}

#[test]
fn no_error_shows_what_a_server_said_or_what_is_secret() {
    for (error, ..) in each() {
        for shown in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
            for canary in ["c4n4ry", "pw-alice-1", "0123456789abcdef", "5EC4E7"] {
                assert!(!shown.contains(canary), "{shown}");
            }
        }
    }
}

#[test]
fn each_error_advises_who_must_act() {
    for (error, advice, _) in each() {
        assert_eq!(error.advice(), advice, "{error:?}");
    }
}

/// What the documentation's table says: the variant and its advice.
fn table() -> Vec<(String, String)> {
    let source = include_str!("../../core/src/error.rs");
    let rows = source.lines().filter_map(|line| line.strip_prefix("/// | [`"));
    rows.map(|row| {
        let name = row.split('`').next().expect("a name");
        assert!(row.starts_with(&format!("{name}`](Self::{name})")), "{row}");
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        assert!(!cells[1].is_empty(), "it says when: {row}");
        (name.to_owned(), cells[2].to_owned())
    })
    .collect()
}

/// The variants as the source declares them.
fn declared() -> BTreeSet<String> {
    let source = include_str!("../../core/src/error.rs");
    let body = source.split("pub enum Error {").nth(1).expect("the enum");
    let body = body.split("\n}").next().expect("its end");
    let names = body.lines().filter_map(|line| line.strip_prefix("    "));
    names
        .filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()))
        .map(|line| line.trim_end_matches([',', '{', ' ']).to_owned())
        .collect()
}

#[test]
fn the_table_has_a_row_for_each_variant_with_the_advice_that_it_gives() {
    let (table, each) = (table(), each());
    let rows: BTreeSet<_> = table.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(rows.len(), table.len(), "no row stands twice");
    assert_eq!(rows, declared());
    assert_eq!(rows, each.iter().map(|(error, ..)| variant(error)).collect(), "each is provoked");
    for (name, advice) in table {
        let mut given: Vec<String> = each
            .iter()
            .filter(|(error, ..)| variant(error) == name)
            .map(|(_, advice, _)| format!("{advice:?}"))
            .collect();
        given.sort();
        given.dedup();
        let mut told: Vec<&str> = advice.split('`').skip(1).step_by(2).collect();
        told.sort_unstable();
        assert_eq!(told, given, "{name}: {advice}");
    }
}

#[test]
fn the_table_tells_which_failures_are_advised_otherwise() {
    let table = table();
    let (_, advice) = table.iter().find(|(name, _)| name == "NoAnswer").expect("its row");
    assert_eq!(advice, "`TryAgain`; TLS, redirect: `AskAddress`; proxy: `FixProxy`");
}

#[test]
fn stages_failures_and_reasons_are_told_in_words() {
    let stages = [
        Stage::Probe,
        Stage::Authenticate,
        Stage::CheckEnabled,
        Stage::Initiate,
        Stage::Poll,
        Stage::Exchange,
        Stage::CurrentUser,
        Stage::Authorize,
        Stage::Logout,
        Stage::PublicUsers,
        Stage::ForgotPassword,
        Stage::RedeemPin,
    ];
    let reasons = [
        WaitReason::Poll,
        WaitReason::ServerStarting,
        WaitReason::Busy,
        WaitReason::Disabled,
        WaitReason::Other,
    ];
    let words: Vec<String> = stages
        .iter()
        .map(ToString::to_string)
        .chain(FAILURES.iter().map(ToString::to_string))
        .chain(reasons.iter().map(ToString::to_string))
        .collect();
    assert!(words.iter().all(|words| words.split(' ').count() >= 2), "{words:?}");
    let distinct: BTreeSet<_> = words.iter().collect();
    assert_eq!(distinct.len(), words.len(), "no two say the same");
    assert_eq!(WaitReason::NoAnswer(Failure::Tls).to_string(), Failure::Tls.to_string());
}

#[test]
fn a_name_that_is_blank_is_refused_wherever_one_is_asked_for() {
    for blank in ["", " ", "\t", "\u{a0}"] {
        assert!(Login::password(url(SERVER), device(), blank, "pw").is_err());
        assert!(ForgotPassword::new(&url(SERVER), &device(), blank).is_err());
    }
}
