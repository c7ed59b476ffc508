//! At a terminal, a certificate that isn't trusted is shown and asked about.

use std::fs;

use jellyfin_auth_testkit::raw_server::Identity;
use serde_json::Value;

use crate::{
    certificates::{fingerprint, showing},
    run::{path, run},
    terminal::Terminal,
};

const HERE: &[&str] = &["127.0.0.1"];

#[test]
fn the_certificate_is_shown_and_the_last_four_digits_are_enough() {
    let server = showing(&Identity::self_signed(HERE));
    let (fingerprint, folder) = (fingerprint(&server), tempfile::tempdir().unwrap());
    let file = folder.path().join("session");
    let (url, file_name) = (server.url(), path(&file).to_owned());
    let mut terminal = Terminal::new(&["--user", "alice", "--save", &file_name, &url]);

    let before = terminal.expect("[no] ");

    assert!(
        before.contains(&format!("The certificate of {url} isn't trusted: self-signed.")),
        "{before}"
    );
    assert!(before.contains("127.0.0.1") && before.contains("CN=Test server"), "{before}");
    assert!(before.contains(&format!("SHA-256  {fingerprint}")), "{before}");
    assert!(server.requests().is_empty());
    terminal.type_line(&fingerprint[fingerprint.len() - 5..].to_lowercase());
    terminal.expect("Password of alice: ");
    terminal.type_line("wonderland");
    assert_eq!(terminal.status().status, 0);

    let kept: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(kept["trusted_certificates"][0]["sha256"], fingerprint);
    assert_eq!(run(&["check", "--session", &file_name], "").status, 0);
}

#[test]
fn yes_agrees_after_a_comparison() {
    let server = showing(&Identity::self_signed(HERE));
    let mut terminal = Terminal::new(&["--user", "alice", &server.url()]);
    terminal.expect("[no] ");
    terminal.type_line("yes");
    terminal.expect("Password of alice: ");
    terminal.type_line("wonderland");
    assert_eq!(terminal.status().status, 0);
}

#[test]
fn anything_else_sends_nothing() {
    for answer in ["", "y", "0000", "no"] {
        let server = showing(&Identity::self_signed(HERE));
        let mut terminal = Terminal::new(&["--user", "alice", &server.url()]);
        terminal.expect("[no] ");
        terminal.type_line(answer);
        terminal.expect("nothing was sent");
        assert_eq!(terminal.status().status, 130, "{answer}");
        assert!(server.requests().is_empty(), "{answer}");
    }
}

#[test]
fn a_changed_certificate_is_not_asked_about() {
    let server = showing(&Identity::self_signed(HERE));
    let other = [0xAB; 32].map(|byte: u8| format!("{byte:02X}")).join(":");
    let mut terminal = Terminal::new(&["--user", "alice", "--trust", &other, &server.url()]);

    let ended = terminal.status();

    assert_eq!(ended.status, 4, "{}", ended.last_words);
    assert!(!ended.last_words.contains("[no]"), "{}", ended.last_words);
    assert!(ended.last_words.contains(&other), "{}", ended.last_words);
    assert!(server.requests().is_empty());
}
