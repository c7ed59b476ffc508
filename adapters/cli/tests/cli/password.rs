//! Signing in by password.

use crate::{run::run, server, terminal::Terminal};

#[test]
fn a_password_is_asked_for_without_echo() {
    let server = server();
    let mut terminal = Terminal::new(&["--user", "alice", &server.url()]);

    terminal.expect("Password of alice: ");
    terminal.type_line("wonderland");
    let ended = terminal.status();

    assert_eq!(ended.status, 0, "{ended:?}");
    assert!(!ended.last_words.contains("wonderland"), "{ended:?}");
    assert!(ended.has_echo, "{ended:?}");
    assert_eq!(terminal.session()["user_name"], "alice");
}

#[test]
fn a_password_comes_from_a_pipe_too() {
    let server = server();

    let ran = run(&["--user", "alice", &server.url()], "wonderland\n");

    assert_eq!(ran.status, 0, "{}", ran.err);
    let session: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(session["user_name"], "alice");
}

#[test]
fn a_wrong_password_is_shown_in_red_and_ends_with_3() {
    let server = server();
    let mut terminal = Terminal::new(&["--user", "alice", &server.url()]);

    terminal.expect("Password of alice: ");
    terminal.type_line("looking-glass");
    let ended = terminal.status();

    assert_eq!(ended.status, 3);
    assert!(ended.last_words.contains("\u{1b}[1m\u{1b}[31merror:"), "{ended:?}");
    assert!(!ended.last_words.contains("looking-glass"), "{ended:?}");
    assert_eq!(terminal.out(), "");
}

#[test]
fn a_password_over_http_is_warned_about_before_it_is_asked_for() {
    let server = server();
    let mut terminal = Terminal::new(&["--user", "alice", &server.url()]);

    let before = terminal.expect("Password of alice: ");

    assert!(before.contains("isn't encrypted"), "{before}");
    terminal.press_ctrl('c');
    terminal.status();
}

#[test]
fn no_password_at_all_is_sent_nowhere() {
    let server = server();

    let ran = run(&["--user", "alice", &server.url()], "");

    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("no password came"), "{}", ran.err);
    assert!(server.requests().iter().all(|request| request.method() == "GET"));
}
