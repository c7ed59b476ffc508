//! How failures are shown: to people, to programs, by status.

use std::net::TcpListener;

use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Phase, Version},
    raw_server::Authority,
};

use crate::{
    run::{path, run},
    server,
    terminal::Terminal,
};

#[test]
fn errors_are_one_line_of_json_when_asked() {
    let server = server();

    let ran = run(&["--json", "--user", "alice", &server.url()], "looking-glass\n");

    assert_eq!(ran.status, 3);
    assert_eq!(ran.out, "");
    let error = ran.error();
    assert_eq!(error["name"], "BadCredentials");
    assert_eq!(error["exit_status"], 3);
    assert_eq!(error["advice"], serde_json::Value::Null);
    assert!(error["message"].as_str().unwrap().contains("password is wrong"));
    assert!(ran.err.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    assert!(!ran.err.contains("looking-glass"), "{}", ran.err);
}

#[test]
fn an_odd_user_name_is_pointed_out() {
    let server = server();

    let ran = run(&["--user", "alice ", &server.url()], "looking-glass\n");

    assert_eq!(ran.status, 3);
    assert!(ran.err.contains("the user name begins or ends with a blank"), "{}", ran.err);
}

#[test]
fn advice_is_a_line_of_its_own() {
    let server = server();
    server.server().settings_mut().quick_connect = false;

    let ran = run(&[&server.url()], "");

    let lines: Vec<_> = ran.err.lines().rev().take(2).collect();
    assert_eq!(lines[0], "Sign in by password: --user NAME", "{}", ran.err);
    assert!(lines[1].starts_with("error: Quick Connect is switched off"), "{}", ran.err);
}

#[test]
fn a_wrong_command_line_is_json_too_and_ends_with_2() {
    let ran = run(&["--json", "approve"], "");

    assert_eq!(ran.status, 2);
    assert_eq!(ran.error()["name"], "Usage");
    assert_eq!(run(&["--frobnicate"], "").status, 2);
}

#[test]
fn help_is_data_and_no_failure() {
    let ran = run(&["--help"], "");

    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("Exit status:") && ran.out.contains("curl -H @-"), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}'), "{}", ran.out);
    assert!(!ran.out.contains("generate"), "{}", ran.out);
}

#[test]
fn no_colour_in_a_pipe() {
    let server = server();

    let ran = run(&["--user", "alice", &server.url()], "looking-glass\n");

    assert!(ran.err.contains("error: the user name or password is wrong"), "{}", ran.err);
    assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
}

#[test]
fn an_address_without_a_server_ends_with_4() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();

    let ran = run(&["--json", "info", &format!("http://{unused}")], "");

    assert_eq!(ran.status, 4);
    assert_eq!(ran.error()["name"], "NoServer");
    assert_eq!(run(&["info", "ftp://nas"], "").status, 4);
}

#[test]
fn quick_connect_that_is_off_ends_with_6() {
    let server = server();
    server.server().settings_mut().quick_connect = false;

    let ran = run(&["--json", &server.url()], "");

    assert_eq!(ran.status, 6);
    assert_eq!(ran.error()["name"], "QuickConnectDisabled");
    assert_eq!(ran.error()["advice"], "Sign in by password: --user NAME");
}

#[test]
fn a_user_who_is_refused_ends_with_7() {
    let server = server();
    server.server().user_mut("alice").is_disabled = true;

    let ran = run(&["--json", "--user", "alice", &server.url()], "wonderland\n");

    assert_eq!(ran.status, 7);
    assert_eq!(ran.error()["name"], "LoginRefused");
}

#[test]
fn a_server_without_its_wizard_ends_with_7() {
    let server = FakeServer::before_wizard(Version::V12).listen().unwrap();

    assert_eq!(run(&[&server.url()], "").status, 7);
}

#[test]
fn a_starting_server_is_waited_for() {
    let server = server();
    server.server().set_phase(Phase::Loading);
    let mut terminal = Terminal::new(&["info", &server.url()]);

    terminal.expect("Trying again: the server is starting");
    server.server().set_phase(Phase::Ready);

    assert_eq!(terminal.status().status, 0);
    assert!(terminal.out().contains("nas"), "{}", terminal.out());
}

#[test]
fn a_home_servers_certificate_is_trusted_when_it_is_given() {
    let authority = Authority::new();
    let identity = authority.identity(&["127.0.0.1"]);
    let server = FakeServer::new(Version::V12).listen_tls(&identity).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, authority.pem()).unwrap();

    let without = run(&["--json", "info", &server.url()], "");
    let with = run(&["--json", "info", "--ca", path(&file), &server.url()], "");

    assert_eq!(without.status, 4, "{}", without.err);
    assert!(without.error()["advice"].as_str().unwrap().contains("--ca FILE"), "{}", without.err);
    assert_eq!(with.status, 0, "{}", with.err);
    let info: serde_json::Value = serde_json::from_str(&with.out).unwrap();
    assert_eq!(info["is_encrypted"], true);
}

#[test]
fn a_session_is_asked_for_where_none_was_given() {
    let mut terminal = Terminal::new(&["check"]);

    let ended = terminal.status();

    assert_eq!(ended.status, 1);
    assert!(ended.last_words.contains("--session FILE"), "{ended:?}");
}

#[test]
fn what_is_no_session_is_not_quoted() {
    let ran = run(&["check"], "hunter2");

    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("no session"), "{}", ran.err);
    assert!(!ran.err.contains("hunter2"), "{}", ran.err);
}
