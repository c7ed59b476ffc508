//! Keeping a session in a file.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
    process::Stdio,
};

use serde_json::Value;

use crate::{
    run::{path, program, run, signed_in},
    server,
    terminal::Terminal,
    tokens,
};

fn kept(file: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn a_saved_session_is_its_owners_alone_and_not_printed() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let file = folder.path().join("session.json");

    let ran = run(&["--user", "alice", "--save", path(&file), &server.url()], "wonderland\n");

    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!(ran.out, "");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(kept(&file)["user_name"], "alice");
}

#[test]
fn a_file_that_others_could_read_is_replaced_not_filled() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let file = folder.path().join("session.json");
    fs::write(&file, "something else").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let before = fs::metadata(&file).unwrap().ino();

    signed_in(&server.url(), &file);

    let after = fs::metadata(&file).unwrap();
    assert_ne!(after.ino(), before);
    assert_eq!(after.permissions().mode() & 0o777, 0o600);
}

#[test]
fn signing_in_again_into_a_file_ends_the_session_in_it() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let file = folder.path().join("session.json");
    signed_in(&server.url(), &file);
    let first = kept(&file);

    signed_in(&server.url(), &file);

    let second = kept(&file);
    assert_eq!(first["device_id"], second["device_id"]);
    assert_eq!(tokens(&server), [second["access_token"].as_str().unwrap()]);
}

#[test]
fn two_sessions_live_side_by_side() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());

    signed_in(&server.url(), &folder.path().join("one"));
    signed_in(&server.url(), &folder.path().join("two"));

    assert_eq!(tokens(&server).len(), 2);
}

#[test]
fn nobody_signs_in_when_nothing_can_be_saved() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let file = folder.path().join("missing/session.json");

    let ran = run(&["--user", "alice", "--save", path(&file), &server.url()], "wonderland\n");

    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("missing"), "{}", ran.err);
    assert!(server.requests().is_empty());
}

#[test]
fn ctrl_c_leaves_no_file_behind() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let file = folder.path().join("session.json");
    let mut terminal = Terminal::new(&["--save", path(&file), &server.url()]);
    terminal.code();
    terminal.expect("Waiting for the approval");

    terminal.press_ctrl('c');

    assert_eq!(terminal.status().status, 130);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_session_that_nobody_reads_is_signed_out_again() {
    let server = server();
    let mut child = program()
        .args(["--user", "alice", &server.url()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());

    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"wonderland\n").unwrap();

    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(tokens(&server).is_empty());
    assert!(server.requests().iter().any(|request| request.uri().path() == "/Sessions/Logout"));
}
