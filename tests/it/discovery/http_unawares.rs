//! Nobody signs in over http without knowing it.

use http::Response;
use jellyfin_auth::{Discovery, Error, Failure, Found, NoHttps, Server};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};
use serde_json::json;

use super::{asks, looks_for};
use crate::given::*;

/// `https://nas:8096` says what `https` says, and `http://nas:8096` is a server.
fn found_by_http(https: &Happening) -> Found {
    let mut script = looks_for("nas:8096");
    happens(asks(&mut script, "https://nas:8096"), https);
    asks(&mut script, "http://nas:8096").answers(info());
    script.ends()
}

fn emby() -> Response<Vec<u8>> {
    let info = json!({"Id": "e", "Version": "4.9.1.80", "ProductName": "Emby Server"});
    answer::unmarked(200).with_json(&info)
}

#[test]
fn a_guessed_http_is_no_address_before_the_user_has_agreed_and_says_why() {
    let not_set_up = answer::marked(200).with_json(&json!({"StartupWizardCompleted": false}));
    let challenge = answer::unmarked(401).with_header("www-authenticate", "Basic");
    let elsewhere = answer::unmarked(302).with_header("location", "http://nas:8096/");
    for (https, reason, answered) in [
        (Err(Failure::Unreachable), NoHttps::Unavailable, false),
        (Err(Failure::HostNotFound), NoHttps::Unavailable, false),
        (Err(Failure::NoTls), NoHttps::Unavailable, false),
        (Err(Failure::Timeout), NoHttps::Unavailable, false),
        (Err(Failure::Interrupted), NoHttps::Unavailable, false),
        (Err(Failure::UntrustedCertificate), NoHttps::UntrustedCertificate, true),
        (Err(Failure::CertificateChanged), NoHttps::CertificateChanged, true),
        (Err(Failure::ClientCertificateRequired), NoHttps::ClientCertificateRequired, true),
        (Ok(no_client_certificate()), NoHttps::ClientCertificateRequired, true),
        (Err(Failure::Tls), NoHttps::OtherService, true),
        (Err(Failure::Proxy), NoHttps::OtherService, true),
        (Ok(answer::unmarked(502)), NoHttps::OtherService, true),
        (Ok(answer::unmarked(200).with_html("welcome")), NoHttps::OtherService, true),
        (Ok(challenge), NoHttps::OtherService, true),
        (Ok(elsewhere), NoHttps::OtherService, true),
        (Ok(emby()), NoHttps::OtherService, true),
        (Ok(not_set_up), NoHttps::Jellyfin, true),
        (Ok(answer::marked(500)), NoHttps::Jellyfin, true),
        (Ok(answer::marked(404)), NoHttps::Jellyfin, true),
    ] {
        let server = found_by_http(&https).into_best();
        assert_eq!(server.address(), "http://nas:8096");
        let unencrypted = server.url().expect_err("nobody typed http");
        assert_eq!(unencrypted.reason(), reason, "{https:?}");
        assert_eq!(reason.https_answered(), answered, "{reason:?}");
        assert_eq!(unencrypted.address(), server.address());
        let sentence = unencrypted.to_string();
        assert!(sentence.starts_with("http://nas:8096 is not encrypted"), "{sentence}");
        let why = reason.to_string();
        assert!(why.contains("https") && sentence.ends_with(&format!(": {why}")), "{sentence}");
        assert_eq!(unencrypted.accept().as_str(), "http://nas:8096");
    }
}

#[test]
fn the_most_telling_of_several_https_addresses_is_the_reason() {
    let mut script = looks_for("nas");
    asks(&mut script, "https://nas").fails(Failure::Unreachable);
    asks(&mut script, "http://nas:8096").answers(info());
    asks(&mut script, "https://nas:8920").fails(Failure::UntrustedCertificate);
    let unencrypted = script.ends().into_best().url().expect_err("nobody typed http");
    assert_eq!(unencrypted.reason(), NoHttps::UntrustedCertificate);

    let mut script = looks_for("nas");
    asks(&mut script, "https://nas").answers(answer::unmarked(404));
    asks(&mut script, "http://nas:8096").answers(info());
    asks(&mut script, "https://nas:8920").fails(Failure::Unreachable);
    let unencrypted = script.ends().into_best().url().expect_err("nobody typed http");
    assert_eq!(unencrypted.reason(), NoHttps::OtherService);
}

#[test]
fn a_typed_http_is_taken_as_typed() {
    let mut script = looks_for("http://nas:8096");
    asks(&mut script, "http://nas:8096").answers(info());
    let typed = script.ends().into_best().url();
    assert_eq!(typed.expect("it was typed").as_str(), "http://nas:8096");

    let mut script = Script::new(Discovery::at(url("http://nas"), device()));
    asks(&mut script, "http://nas").answers(info());
    assert!(script.ends().into_best().url().is_ok(), "the program gave it");
}

#[test]
fn https_is_taken_whether_it_was_typed_guessed_or_led_to() {
    let mut script = looks_for("nas");
    asks(&mut script, "https://nas").answers(info());
    assert!(script.ends().into_best().url().is_ok());

    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").fails(Failure::Tls);
    let to_https = answer::unmarked(301).with_header("location", "https://nas/System/Info/Public");
    asks(&mut script, "http://nas:8096").answers(to_https);
    asks(&mut script, "https://nas").answers(info());
    let url = script.ends().into_best().url();
    assert_eq!(url.expect("it is encrypted").as_str(), "https://nas");
}

#[test]
fn what_nobody_typed_is_a_guess_even_if_it_is_the_only_one() {
    let mut script = Script::new(Discovery::among(vec![url("http://192.0.2.7:8096")], device()));
    asks(&mut script, "http://192.0.2.7:8096").answers(info());
    let unencrypted = script.ends().into_best().url().expect_err("nobody typed it");
    assert_eq!(unencrypted.reason(), NoHttps::NotTried);
    assert!(!unencrypted.reason().https_answered());
}

#[test]
fn two_candidates_that_lead_to_one_address_are_one_server() {
    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").answers(emby());
    let to_https =
        answer::unmarked(301).with_header("location", "https://nas:8096/System/Info/Public");
    asks(&mut script, "http://nas:8096").answers(to_https);
    asks(&mut script, "https://nas:8096").answers(emby());
    let found = script.ends();
    assert_eq!(found.servers().len(), 1, "{found:?}");
    assert!(found.tried().is_empty());
}

#[test]
fn several_servers_are_listed_the_best_first() {
    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").answers(emby());
    asks(&mut script, "http://nas:8096").answers(info());
    let found = script.ends();
    let addresses: Vec<_> = found.servers().iter().map(Server::address).collect();
    assert_eq!(addresses, ["http://nas:8096", "https://nas:8096"]);
    assert!(found.servers()[1].url().is_ok(), "it is encrypted");
}

#[test]
fn a_search_among_no_addresses_says_so() {
    let mut script = Script::new(Discovery::among(Vec::new(), device()));
    assert_eq!(
        script.fails().to_string(),
        "no Jellyfin server was found: there was no address to try"
    );
}

#[test]
fn a_local_name_that_cant_be_looked_up_is_explained() {
    for (typed, explained) in [
        ("http://nas.local", true),
        ("http://NAS.Local.:8096", true),
        ("http://nas.localdomain", false),
        ("http://local", false),
    ] {
        let mut script = looks_for(typed);
        script.sends("GET", INFO).fails(Failure::HostNotFound);
        let error = script.fails();
        assert_eq!(error.to_string().contains("mDNS"), explained, "{error}");
    }
    let mut script = looks_for("http://nas.local");
    script.sends("GET", INFO).fails(Failure::Unreachable);
    let error = script.fails();
    assert!(matches!(error, Error::NoServer { .. }) && !error.to_string().contains("mDNS"));
}
