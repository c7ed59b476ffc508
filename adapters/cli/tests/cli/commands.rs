//! What can be done with a session and a server.

use std::fs;

use jellyfin_auth_testkit::fake_server::{FakeServer, Version};
use serde_json::{Value, json};

use crate::{
    lan::another_server,
    run::{path, program, run, signed_in},
    server,
    terminal::Terminal,
    tokens,
};

#[test]
fn a_session_goes_from_one_program_to_the_next_by_a_pipe() {
    let server = server();
    let session = run(&["--user", "alice", &server.url()], "wonderland\n").out;

    let ran = run(&["check"], &session);

    assert_eq!((ran.status, ran.out.as_str()), (0, "valid\n"), "{}", ran.err);
}

#[test]
fn a_revoked_session_has_a_word_and_a_status_of_its_own() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let file = folder.path().join("session.json");
    signed_in(&server.url(), &file);
    let token = tokens(&server).remove(0);
    server.server().revoke_token(&token);

    let ran = run(&["--json", "check", "--session", path(&file)], "");

    assert_eq!(ran.status, 3);
    assert_eq!(serde_json::from_str::<Value>(&ran.out).unwrap(), json!({ "state": "revoked" }));
    assert_eq!(ran.error()["name"], "TokenRevoked");
    assert!(file.exists(), "deleting it is the user's business");
}

#[test]
fn an_unreachable_server_is_no_reason_to_drop_a_session() {
    let (mut server, folder) = (server(), tempfile::tempdir().unwrap());
    let file = folder.path().join("session.json");
    signed_in(&server.url(), &file);
    server.pause();

    let ran = run(&["logout", "--patience", "1", "--session", path(&file)], "");

    assert_eq!(ran.status, 5, "{}", ran.err);
    assert!(file.exists());
}

#[test]
fn another_server_at_the_address_never_gets_the_token() {
    let (server, stranger) = (server(), another_server());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("session.json");
    signed_in(&server.url(), &file);
    let kept = fs::read_to_string(&file).unwrap();
    fs::write(&file, kept.replace(&server.url(), &stranger.url())).unwrap();

    for command in [&["check"][..], &["approve", "123456"], &["logout"]] {
        let ran = run(&[command, &["--json", "--session", path(&file)]].concat(), "");

        assert_eq!(ran.status, 4, "{}", ran.err);
        assert_eq!(ran.error()["name"], "DifferentServer");
    }
    assert!(!stranger.requests().is_empty());
    assert!(stranger.requests().iter().all(|request| {
        request.uri().path() == "/System/Info/Public"
            && !request.headers().contains_key("Authorization")
    }));
    assert!(file.exists());
}

#[test]
fn a_session_that_was_revoked_meanwhile_is_deleted_by_signing_out() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let file = folder.path().join("session.json");
    signed_in(&server.url(), &file);
    let token = tokens(&server).remove(0);
    server.server().revoke_token(&token);

    assert_eq!(run(&["approve", "123456", "--session", path(&file)], "").status, 3);
    assert_eq!(run(&["logout", "--session", path(&file)], "").status, 0);
    assert!(!file.exists());
}

#[test]
fn the_session_of_the_environment_is_used_unless_another_is_named() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let file = folder.path().join("session.json");
    signed_in(&server.url(), &file);
    let with = |arguments: &[&str]| {
        program().args(arguments).env("JELLYFIN_SESSION", &file).output().unwrap()
    };

    assert!(with(&["check"]).status.success());
    let other = with(&["check", "--keyring"]);
    assert!(String::from_utf8_lossy(&other.stderr).contains("keyring"));
    assert_eq!(other.status.code(), Some(1));
}

#[test]
fn approving_lets_another_device_in() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let file = folder.path().join("session.json");
    signed_in(&server.url(), &file);
    let mut television = Terminal::new(&[&server.url()]);
    let code = television.code();
    television.expect("Press Enter");

    let typed = format!("{} {}", &code[..3], &code[3..]);
    let ran = run(&["approve", &typed, "--session", path(&file)], "");
    television.type_line("");

    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!(television.status().status, 0);
    assert_eq!(television.session()["user_name"], "alice");
}

#[test]
fn a_code_that_no_device_shows_ends_with_5() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let file = folder.path().join("session.json");
    signed_in(&server.url(), &file);

    let ran = run(&["--json", "approve", "000000", "--session", path(&file)], "");

    assert_eq!(ran.status, 5);
    assert_eq!(ran.error()["name"], "CodeUnknown");
}

#[test]
fn signing_out_ends_the_session_and_deletes_the_file() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let file = folder.path().join("session.json");
    signed_in(&server.url(), &file);

    let ran = run(&["logout", "--session", path(&file)], "");

    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(tokens(&server).is_empty());
    assert!(!file.exists());
}

#[test]
fn the_header_is_one_that_the_server_takes() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let file = folder.path().join("session.json");
    signed_in(&server.url(), &file);

    let value = run(&["header", "--session", path(&file)], "").out;
    let line = run(&["header", "--line", "--session", path(&file)], "").out;

    assert_eq!(line, format!("Authorization: {value}"));
    let request = http::Request::get("/Users/Me")
        .header("Authorization", value.trim_end())
        .body(Vec::new())
        .unwrap();
    let now = server.now();
    assert_eq!(server.server().handle(now, &request).status(), 200);
}

#[test]
fn users_are_those_of_the_log_in_page() {
    let mut server = FakeServer::new(Version::V12);
    server.add_user("alice", "wonderland");
    server.add_user("bob", "");
    server.user_mut("alice").is_hidden = false;
    server.user_mut("bob").is_hidden = false;
    let server = server.listen().unwrap();

    let text = run(&["users", &server.url()], "");
    let list = run(&["--json", "users", &server.url()], "");

    assert!(text.out.contains("alice\nbob\n"), "{}", text.out);
    let list: Value = serde_json::from_str(&list.out).unwrap();
    assert!(list.as_array().unwrap().iter().any(|user| user["name"] == "bob"), "{list}");
}

#[test]
fn info_shows_which_server_it_is() {
    let server = server();
    server.server().settings_mut().quick_connect = false;

    let ran = run(&["--json", "info", &server.url()], "");

    assert_eq!(ran.status, 0, "{}", ran.err);
    let info: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(info["id"], server.server().server_id());
    assert_eq!(info["name"], "nas");
    assert_eq!(info["product"], "Jellyfin");
    assert_eq!(info["quick_connect"], false);
    assert_eq!(info["is_encrypted"], false);
}

#[test]
fn info_of_a_server_without_quick_connect_shows_off() {
    let server = FakeServer::new(Version::V10_7).listen().unwrap();

    let ran = run(&["info", &server.url()], "");

    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("Quick Connect:  off"), "{}", ran.out);
}

#[test]
fn completions_and_manual_pages_are_made() {
    let folder = tempfile::tempdir().unwrap();

    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = run(&["generate", "completions", shell], "");
        assert!(ran.out.contains("approve"), "{shell}: {}", ran.err);
    }
    let page = run(&["generate", "man"], "");
    let pages = run(&["generate", "man", "--folder", path(folder.path())], "");

    assert!(page.out.contains(".TH jellyfin-login"), "{}", page.err);
    assert_eq!(pages.status, 0, "{}", pages.err);
    let approve = fs::read_to_string(folder.path().join("jellyfin-login-approve.1")).unwrap();
    assert!(approve.contains("CODE"), "{approve}");
}
