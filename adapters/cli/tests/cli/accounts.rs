//! Several accounts: `--account`, `accounts`, `use`, `remove`.

use std::{fs, path::Path};

use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Version},
    listen::Listening,
};
use serde_json::Value;

use crate::{
    lan::another_server,
    run::{path, program, run, run_at, run_command, signed_in},
    server, tokens,
};

fn two_users() -> Listening {
    let mut server = FakeServer::new(Version::V12);
    server.add_user("alice", "wonderland");
    server.add_user("bob", "builder");
    server.listen().unwrap()
}

fn added(home: &Path, server: &Listening, user: &str, password: &str) {
    let ran = run_at(home, &["--account", "--user", user, &server.url()], password);
    assert_eq!((ran.status, ran.out.as_str()), (0, ""), "{}", ran.err);
}

fn accounts(home: &Path) -> Vec<Value> {
    let ran = run_at(home, &["--json", "accounts"], "");
    assert_eq!(ran.status, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn users_are_listed_switched_and_used_without_a_password() {
    let (server, home) = (two_users(), tempfile::tempdir().unwrap());
    added(home.path(), &server, "alice", "wonderland");
    added(home.path(), &server, "bob", "builder");

    let listed = run_at(home.path(), &["accounts"], "");
    let lines: Vec<_> = listed.out.lines().collect();
    assert!(lines[0].starts_with("  1  ") && lines[0].contains("alice at http://"), "{lines:?}");
    assert!(lines[1].starts_with("* 2  ") && lines[1].contains("bob at http://"), "{lines:?}");

    let ran = run_at(home.path(), &["use", "1"], "");
    assert_eq!(ran.err, format!("Now alice at {}\n", server.url()));
    let ran = run_at(home.path(), &["--json", "check", "--account"], "");
    assert_eq!(serde_json::from_str::<Value>(&ran.out).unwrap()["user_name"], "alice");
    let ran = run_at(home.path(), &["--json", "check", "--account=2"], "");
    assert_eq!(serde_json::from_str::<Value>(&ran.out).unwrap()["user_name"], "bob");
}

#[test]
fn what_is_listed_has_no_token() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    added(home.path(), &server, "alice", "wonderland");
    let token = tokens(&server).remove(0);

    for arguments in [&["accounts"][..], &["--json", "accounts"]] {
        let ran = run_at(home.path(), arguments, "");
        assert!(ran.out.contains("alice"), "{}", ran.err);
        assert!(!ran.out.contains(&token));
    }
}

#[test]
fn an_account_that_signs_in_again_keeps_its_device_id_and_knows_its_server() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    added(home.path(), &server, "alice", "wonderland");
    let id = accounts(home.path())[0]["id"].as_str().unwrap().to_owned();
    let header = || run_at(home.path(), &["header", "--account"], "").out;
    let device_id = |header: &str| header.split_once("DeviceId=").unwrap().1[..34].to_owned();
    let before = header();

    let again = format!("--account={id}");
    let ran = run_at(home.path(), &["--user", "alice", &again], "wonderland");

    assert_eq!(ran.status, 0, "{}", ran.err);
    let after = header();
    assert_ne!(before, after, "a new token");
    assert_eq!(device_id(&before), device_id(&after));
    assert_eq!((accounts(home.path()).len(), tokens(&server).len()), (1, 1));
}

#[test]
fn a_session_that_loses_its_place_is_signed_out() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    added(home.path(), &server, "alice", "wonderland");
    let first = tokens(&server);

    added(home.path(), &server, "alice", "wonderland");

    assert_eq!(accounts(home.path()).len(), 1);
    assert_eq!(tokens(&server).len(), 1);
    assert_ne!(tokens(&server), first);
    assert_eq!(run_at(home.path(), &["check", "--account"], "").out, "valid\n");
}

#[test]
fn a_session_of_another_server_that_loses_its_file_is_signed_out_or_warned_of() {
    for is_reachable in [true, false] {
        let (mut old, new, home) = (server(), another_server(), tempfile::tempdir().unwrap());
        new.server().add_user("alice", "wonderland");
        let file = home.path().join("session.json");
        signed_in(&old.url(), &file);
        if !is_reachable {
            old.pause();
        }

        let ran = run(&["--user", "alice", "--save", path(&file), &new.url()], "wonderland\n");

        assert_eq!(ran.status, 0, "{}", ran.err);
        let is_warned = ran.err.contains("Warning: the session that was replaced");
        assert_eq!(is_warned, !is_reachable, "{}", ran.err);
        assert_eq!(tokens(&old).is_empty(), is_reachable);
    }
}

#[test]
fn a_revoked_account_is_reported_and_removed() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    added(home.path(), &server, "alice", "wonderland");
    let token = tokens(&server).remove(0);
    server.server().revoke_token(&token);

    let ran = run_at(home.path(), &["check", "--account"], "");

    assert_eq!((ran.status, ran.out.as_str()), (3, "revoked\n"));
    assert!(accounts(home.path()).is_empty());
    let ran = run_at(home.path(), &["check", "--account"], "");
    assert!(ran.err.contains("no account is the current one"), "{}", ran.err);
}

#[test]
fn removing_signs_out_and_deletes() {
    let (server, home) = (two_users(), tempfile::tempdir().unwrap());
    added(home.path(), &server, "alice", "wonderland");
    added(home.path(), &server, "bob", "builder");

    let ran = run_at(home.path(), &["remove", "1"], "");

    assert_eq!((ran.status, ran.err.as_str()), (0, "Signed out.\n"));
    assert_eq!(tokens(&server).len(), 1);
    assert_eq!(accounts(home.path())[0]["user_name"], "bob");
}

#[test]
fn an_account_of_an_unreachable_server_is_kept_unless_it_is_to_be_forgotten() {
    let (mut server, home) = (server(), tempfile::tempdir().unwrap());
    added(home.path(), &server, "alice", "wonderland");
    server.pause();

    for command in ["check", "logout"] {
        let ran = run_at(home.path(), &[command, "--account", "--patience", "1"], "");
        assert_eq!(ran.status, 5, "{}", ran.err);
    }
    let ran = run_at(home.path(), &["remove", "1", "--patience", "1"], "");
    assert_eq!(ran.status, 5, "{}", ran.err);
    assert_eq!(accounts(home.path()).len(), 1);

    let ran = run_at(home.path(), &["remove", "--forget", "1"], "");
    assert_eq!(ran.status, 0);
    assert!(ran.err.contains("stays valid"), "{}", ran.err);
    assert!(accounts(home.path()).is_empty());
}

#[test]
fn a_damaged_account_is_reported_and_deleted_only_when_asked_for() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    added(home.path(), &server, "alice", "wonderland");
    let file = home.path().join("jellyfin-login/accounts/00000000.json");
    fs::write(&file, "{").unwrap();

    let ran = run_at(home.path(), &["accounts"], "");
    assert!(ran.err.contains("00000000.json") && ran.out.contains("alice"), "{}", ran.err);
    let ran = run_at(home.path(), &["--json", "accounts"], "");
    let event: Value = serde_json::from_str(ran.err.trim()).unwrap();
    assert_eq!((&event["event"], &event["account"]), (&"damaged".into(), &"00000000".into()));
    let ran = run_at(home.path(), &["--json", "check", "--account=00000000"], "");
    assert_eq!(ran.error()["name"], "Damaged");
    assert!(file.exists());

    assert_eq!(run_at(home.path(), &["remove", "--forget", "00000000"], "").status, 0);
    assert!(!file.exists());
    assert_eq!(accounts(home.path()).len(), 1);
}

#[test]
fn an_account_that_is_not_there_is_named() {
    let home = tempfile::tempdir().unwrap();

    let listed = run_at(home.path(), &["accounts"], "");
    assert_eq!((listed.status, listed.out.as_str()), (0, ""));
    assert!(listed.err.contains("jellyfin-login --account ADDRESS"), "{}", listed.err);
    for which in ["0", "1", "alice", "99999999"] {
        for command in ["use", "remove"] {
            let ran = run_at(home.path(), &[command, which], "");
            assert!(ran.status == 1 || ran.status == 2, "{}", ran.err);
            assert!(ran.err.contains(&format!("there is no account {which}")), "{}", ran.err);
        }
    }
}

#[test]
fn without_a_home_other_places_are_named() {
    let ran = run_command(
        program().env_remove("HOME").env("XDG_DATA_HOME", "relative").arg("accounts"),
        "",
    );

    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("--save FILE"), "{}", ran.err);
}
