//! Certificates that aren't trusted: shown, asked about, kept, changed; and those of clients.

use std::{fs, path::Path};

use http::Response;
use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Version},
    listen::Listening,
    raw_server::{Conduct, Identity, Move, RawServer, wire::with_length},
};
use serde_json::Value;

use crate::run::{path, run, run_at};

const HERE: &[&str] = &["127.0.0.1"];

/// With the user alice.
pub(crate) fn showing(identity: &Identity) -> Listening {
    let mut server = FakeServer::new(Version::V12);
    server.add_user("alice", "wonderland");
    server.listen_tls(identity).expect("a port")
}

/// The server's certificate as a script learns of it.
pub(crate) fn fingerprint(server: &Listening) -> String {
    let ran = run(&["--json", "--user", "alice", &server.url()], "wonderland\n");
    ran.error()["certificate"]["fingerprint"].as_str().expect("it is shown").to_owned()
}

fn sign_in(server: &Listening, more: &[&str]) -> crate::run::Ran {
    run(&[&["--user", "alice"], more, &[&server.url()]].concat(), "wonderland\n")
}

fn session(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

#[test]
fn a_script_is_shown_the_certificate_and_what_to_pass() {
    let server = showing(&Identity::self_signed(HERE));

    let ran = sign_in(&server, &["--json"]);

    assert_eq!((ran.status, ran.out.as_str()), (4, ""));
    let error = ran.error();
    assert_eq!(error["name"], "UntrustedCertificate");
    let certificate = &error["certificate"];
    let fingerprint = certificate["fingerprint"].as_str().unwrap();
    assert_eq!(fingerprint.matches(':').count(), 31, "{fingerprint}");
    assert_eq!(certificate["origin"], server.url());
    assert_eq!(certificate["names"], serde_json::json!(HERE));
    assert!(certificate["why_not"].as_str().unwrap().contains("self-signed"));
    assert_eq!(certificate["trusted_fingerprint"], Value::Null);
    assert!(error["advice"].as_str().unwrap().contains(&format!("--trust {fingerprint}")));
    assert!(server.requests().is_empty());

    let ran = sign_in(&server, &[]);
    assert_eq!(ran.status, 4);
    assert!(ran.err.contains(&format!("--trust {fingerprint}")), "{}", ran.err);
    assert!(server.requests().is_empty(), "nobody is asked without a terminal");
}

#[test]
fn a_script_trusts_by_the_fingerprint_and_the_session_keeps_it() {
    let server = showing(&Identity::self_signed_and_expired(&["nas.example"]));
    let (fingerprint, folder) = (fingerprint(&server), tempfile::tempdir().unwrap());
    let file = folder.path().join("session");
    let plain = fingerprint.replace(':', "").to_lowercase();

    let ran = sign_in(&server, &["--trust", &plain, "--save", path(&file)]);

    assert_eq!(ran.status, 0, "{}", ran.err);
    let kept = &session(&file)["trusted_certificates"];
    assert_eq!(*kept, serde_json::json!([{ "origin": server.url(), "sha256": fingerprint }]));
    for command in [&["check"][..], &["logout"]] {
        let ran = run(&[command, &["--session", path(&file)]].concat(), "");
        assert_eq!(ran.status, 0, "{command:?}: {}", ran.err);
    }
}

#[test]
fn an_account_keeps_it_too_also_when_it_signs_in_again() {
    let server = showing(&Identity::self_signed(HERE));
    let (fingerprint, home) = (fingerprint(&server), tempfile::tempdir().unwrap());
    let url = server.url();
    let first = ["--account", "--user", "alice", "--trust", &fingerprint, &url];
    assert_eq!(run_at(home.path(), &first, "wonderland\n").status, 0);

    for arguments in
        [&["check", "--account"][..], &["--account=1", "--user", "alice"], &["check", "--account"]]
    {
        let ran = run_at(home.path(), arguments, "wonderland\n");
        assert_eq!(ran.status, 0, "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn another_certificate_is_an_error_that_shows_both_until_the_new_one_is_named() {
    let (before, folder) = (showing(&Identity::self_signed(HERE)), tempfile::tempdir().unwrap());
    let (old, file) = (fingerprint(&before), folder.path().join("session"));
    assert_eq!(sign_in(&before, &["--trust", &old, "--save", path(&file)]).status, 0);
    // The same server, with a new certificate at another port.
    let after = before.stop().listen_tls(&Identity::self_signed(HERE)).unwrap();
    let new = fingerprint(&after);
    let mut moved = session(&file);
    moved["server"] = after.url().into();
    moved["trusted_certificates"][0]["origin"] = after.url().into();
    fs::write(&file, moved.to_string()).unwrap();
    let asked = after.requests().len();
    let check = ["check", "--session", path(&file)];

    let ran = run(&[&["--json"], &check[..]].concat(), "");

    assert_eq!(ran.status, 4, "{}", ran.err);
    let error = ran.error();
    assert_eq!(error["name"], "CertificateChanged");
    assert_eq!(error["certificate"]["fingerprint"], new);
    assert_eq!(error["certificate"]["trusted_fingerprint"], old);
    let ran = run(&check, "");
    assert!(ran.err.contains(&old) && ran.err.contains(&new), "{}", ran.err);
    assert_eq!(after.requests().len(), asked, "nothing was sent");

    let ran = run(&[&check[..], &["--trust", &new]].concat(), "");
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!(session(&file)["trusted_certificates"][0]["sha256"], new);
    assert_eq!(run(&check, "").status, 0, "it is kept");
}

#[test]
fn what_is_no_fingerprint_and_a_key_without_a_certificate_are_called_wrongly() {
    for arguments in [&["--trust", "5E:4A", "nas"][..], &["--key", "key.pem", "nas"]] {
        let ran = run(arguments, "");
        assert_eq!(ran.status, 2, "{}", ran.err);
    }
}

#[test]
fn files_of_a_client_certificate_that_cannot_be_used_are_named_at_once() {
    let (identity, folder) = (Identity::self_signed(HERE), tempfile::tempdir().unwrap());
    let server = showing(&identity);
    let (cert, empty) = (folder.path().join("cert.pem"), folder.path().join("empty.pem"));
    fs::write(&cert, identity.pem()).unwrap();
    fs::write(&empty, "").unwrap();
    let missing = folder.path().join("missing.pem");

    for (arguments, why) in [
        (&["--cert", path(&cert)][..], "no private key"),
        (&["--cert", path(&empty)], "no certificate"),
        (&["--cert", path(&cert), "--key", path(&missing)], "missing.pem can't be read"),
    ] {
        let ran = sign_in(&server, arguments);
        assert_eq!(ran.status, 1, "{}", ran.err);
        assert!(ran.err.contains(why), "{}", ran.err);
    }
    assert!(server.requests().is_empty());
}

#[test]
fn the_doctor_uses_the_same_words() {
    let server = showing(&Identity::self_signed(HERE));
    let fingerprint = fingerprint(&server);

    let without = run(&["doctor", &server.url()], "");
    let with = run(&["doctor", "--trust", &fingerprint, &server.url()], "");

    assert_eq!(without.status, 4, "{}", without.out);
    assert!(without.out.contains("it isn't trusted here: self-signed"), "{}", without.out);
    assert!(without.out.contains("--trust SHA256"), "{}", without.out);
    assert!(without.out.contains(&fingerprint), "{}", without.out);
    assert_eq!(with.status, 0, "{}", with.out);
    assert!(with.out.contains("it is trusted here"), "{}", with.out);
}

#[test]
fn an_address_without_a_scheme_leads_to_the_certificate_too() {
    let server = showing(&Identity::self_signed(HERE));
    let (fingerprint, address) = (fingerprint(&server), server.address().to_string());

    let ran = run(&["--user", "alice", &address], "wonderland\n");
    assert_eq!(ran.status, 4);
    assert!(ran.err.contains(&format!("--trust {fingerprint}")), "{}", ran.err);

    let ran = run(&["--user", "alice", "--trust", &fingerprint, &address], "wonderland\n");
    assert_eq!(ran.status, 0, "{}", ran.err);
}

/// Sends everybody to `to`.
fn redirecting(to: &str) -> RawServer {
    let location = format!("{to}/System/Info/Public");
    let response = Response::builder().status(301).header("Location", location).body(Vec::new());
    let answer = with_length(&response.unwrap());
    Conduct::new(move |_| vec![Move::send(answer.clone())]).start()
}

#[test]
fn the_fingerprint_counts_where_http_leads_to() {
    let server = showing(&Identity::self_signed(HERE));
    let http = redirecting(&server.url());

    let ran =
        run(&["--user", "alice", "--trust", &fingerprint(&server), &http.url()], "wonderland\n");

    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(!ran.err.contains("isn't encrypted"), "{}", ran.err);
}
