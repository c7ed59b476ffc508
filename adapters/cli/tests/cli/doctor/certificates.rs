//! What the doctor shows of a certificate.

use http::Response;
use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Version},
    raw_server::{Authority, Conduct, Identity, Move, wire::with_length},
};

use super::doctor;
use crate::run::path;

#[test]
fn an_expired_certificate_is_shown_with_its_dates_and_fingerprint() {
    let authority = Authority::new();
    let identity = authority.expired(&["127.0.0.1", "nas.example"]);
    let server = FakeServer::new(Version::V12).listen_tls(&identity).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, authority.pem()).unwrap();

    let report = doctor(&["--ca", path(&file), &server.url()]);

    assert_eq!(report.status, 4);
    let (severity, text, advice) = report.line("Validity");
    assert_eq!(severity, "problem");
    assert!(text.starts_with("2019-01-01 to 2020-01-01, expired "), "{text}");
    assert!(text.ends_with(" days ago") && advice.contains("renew"), "{text}: {advice}");
    assert!(report.line("Trust").1.ends_with("expired"));
    let names = report.line("Certificate").1;
    assert_eq!(names, "for 127.0.0.1, nas.example, by CN=Test authority");
    let fingerprint = report.line("Fingerprint").1;
    assert_eq!(fingerprint.matches(':').count(), 31, "{fingerprint}");
    let certificate = &report.facts(0)["certificate"];
    assert_eq!(certificate["is_trusted"], false);
    assert_eq!(certificate["not_after"], "2020-01-01");
    assert!(server.requests().is_empty(), "nothing may be asked there");
}

#[test]
fn a_certificate_that_was_given_is_trusted() {
    let identity = Identity::self_signed(&["127.0.0.1"]);
    let server = FakeServer::new(Version::V12).listen_tls(&identity).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("nas.pem");
    std::fs::write(&file, identity.pem()).unwrap();

    let without = doctor(&[&server.url()]);
    let with = doctor(&["--ca", path(&file), &server.url()]);

    assert_eq!(without.status, 4);
    let (_, text, advice) = without.line("Trust");
    assert!(text.ends_with("self-signed") && advice.contains("--ca FILE"), "{text}: {advice}");
    assert_eq!(with.status, 0, "{}", with.text);
    assert_eq!(with.line("Trust").0, "ok");
    assert_eq!(with.line("Validity").0, "ok");
    assert_eq!(with.json["use"], server.url());
}

#[test]
fn http_on_the_port_of_a_bad_certificate_is_not_what_is_reported() {
    let identity = Authority::new().expired(&["127.0.0.1"]);
    let response = Response::builder().status(400).body(Vec::new()).unwrap();
    let answer = with_length(&response);
    let tls = Conduct::new(move |_| vec![Move::send(answer.clone())]).tls(&identity).start();

    let report = doctor(&[&tls.address().to_string()]);

    assert_eq!(report.status, 4);
    assert_eq!(report.line("Validity").0, "problem");
    let (severity, text, _) = report.line("Server");
    assert_eq!(severity, "ok");
    assert!(text.starts_with("that port speaks https"), "{text}");
}
