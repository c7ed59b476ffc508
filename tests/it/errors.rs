//! What errors say: one sentence with what to do, who must act, and never a secret.

mod provoked;

use std::collections::BTreeSet;

use jellyfin_auth::{
    Advice, Error, Failure, Login, RequestName, WaitReason, endpoint::RequestPasswordReset,
};
use jellyfin_auth_testkit::answer;

use crate::given::*;
use provoked::{FAILURES, each};

/// The variant's name.
fn variant(error: &Error) -> String {
    let shown = format!("{error:?}");
    shown.split([' ', '{']).next().expect("a name").to_owned()
}

#[test]
fn each_error_is_one_sentence_that_says_what_to_do() {
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

#[test]
fn a_proxy_that_answers_the_password_itself_may_be_right() {
    let refused = |status| {
        let mut script = asked_for_password();
        script.sends("POST", AUTHENTICATE).answers(answer::unmarked(status));
        script.fails()
    };
    assert_eq!(refused(401).advice(), Advice::AskPassword);
    assert_eq!(
        refused(401).to_string(),
        "the user name or password is wrong, or something in front of the server answered in its \
         place (status 401): check the proxy"
    );
    assert_eq!(refused(403).advice(), Advice::FixProxy);
    assert!(!refused(403).to_string().contains("password"));
}

#[test]
fn a_hint_is_part_of_the_sentence() {
    let refused = |name: &str| {
        let login = Login::password(url(SERVER), device(), name, "pw").expect("a user name");
        let mut script = probed(jellyfin_auth_testkit::Script::new(login));
        script.sends("POST", AUTHENTICATE).answers(refusal(401));
        script.fails().to_string()
    };
    let plain = "the user name or password is wrong: check both";
    assert_eq!(refused("alice"), plain);
    for (name, hint) in [
        (" alice", "the user name begins or ends with a blank"),
        ("al\u{200b}ice", "the user name has a character that can't be seen"),
    ] {
        assert_eq!(refused(name), format!("{plain}; {hint}"));
    }
}

#[test]
fn another_server_is_named() {
    let mut script = jellyfin_auth_testkit::Script::new(jellyfin_auth::SignOut::new(session()));
    script.sends("GET", INFO).answers(other_info());
    let sentence = script.fails().to_string();
    assert!(sentence.contains("(nas, id 0ther)"), "{sentence}");
    assert!(sentence.contains("nothing secret was sent to it"), "{sentence}");
}

const TABLE: &str = include_str!("../../core/docs/errors.md");

/// What the documentation's table says: the variant and its advice.
fn table() -> Vec<(String, String)> {
    let rows = TABLE.lines().filter_map(|line| line.strip_prefix("| [`"));
    rows.map(|row| {
        let name = row.split('`').next().expect("a name");
        assert!(row.starts_with(&format!("{name}`](crate::Error::{name})")), "{row}");
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
        let of_this = each.iter().filter(|(error, ..)| variant(error) == name);
        let given: BTreeSet<_> = of_this.map(|(_, advice, _)| format!("{advice:?}")).collect();
        let written: BTreeSet<_> =
            advice.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        assert_eq!(written, given, "{name}: {advice}");
    }
}

#[test]
fn the_table_says_which_causes_are_advised_otherwise() {
    let table = table();
    let advice = |name: &str| {
        let (_, advice) = table.iter().find(|(known, _)| known == name).expect("its row");
        advice.clone()
    };
    assert_eq!(
        advice("NoAnswer"),
        "`TryAgain`; an untrusted certificate: `TrustCertificate`; a client certificate is wanted: \
         `GiveClientCertificate`; a changed certificate, no TLS in common: `AskAdministrator`; redirect, no \
         such host, no TLS: `AskAddress`; proxy: `FixProxy`"
    );
    assert_eq!(advice("ServerFault"), "`AskAdministrator`; to a password: `OfferQuickConnect`");
    assert_eq!(advice("Intercepted"), "`FixProxy`; 401 to a password: `AskPassword`");
}

#[test]
fn requests_failures_and_reasons_are_put_in_words() {
    let requests = [
        RequestName::GetServerInfo,
        RequestName::AuthenticateByName,
        RequestName::GetQuickConnectEnabled,
        RequestName::InitiateQuickConnect,
        RequestName::GetQuickConnectState,
        RequestName::AuthenticateWithQuickConnect,
        RequestName::GetCurrentUser,
        RequestName::AuthorizeQuickConnect,
        RequestName::LogOut,
        RequestName::GetPublicUsers,
        RequestName::GetBranding,
        RequestName::RequestPasswordReset,
        RequestName::RedeemPin,
    ];
    let reasons = [
        WaitReason::Approval,
        WaitReason::Search,
        WaitReason::ServerStarting,
        WaitReason::Busy,
        WaitReason::Disabled,
        WaitReason::Gateway,
        WaitReason::Other,
    ];
    let words: Vec<String> = requests
        .iter()
        .map(ToString::to_string)
        .chain(FAILURES.iter().map(ToString::to_string))
        .chain(reasons.iter().map(ToString::to_string))
        .collect();
    assert!(words.iter().all(|words| words.split(' ').count() >= 2), "{words:?}");
    let distinct: BTreeSet<_> = words.iter().collect();
    assert_eq!(distinct.len(), words.len(), "no two say the same");
    assert_eq!(WaitReason::NoAnswer(Failure::Tls).to_string(), Failure::Tls.to_string());
    let of_a_poll = |answer: http::Response<Vec<u8>>| {
        let mut script = polling();
        script.sends("GET", POLL).answers(answer);
        script.waits(5).reason().to_string()
    };
    assert_eq!(of_a_poll(refusal(500)), "the server failed (status 500)");
    assert!(of_a_poll(portal()).contains("in front of the server answered (status 200)"));
}

#[test]
fn a_name_that_is_blank_is_refused_wherever_one_is_asked_for() {
    for blank in ["", " ", "\t", "\u{a0}"] {
        assert!(Login::password(url(SERVER), device(), blank, "pw").is_err());
        assert!(RequestPasswordReset::new(&url(SERVER), &device(), blank).is_err());
    }
}
