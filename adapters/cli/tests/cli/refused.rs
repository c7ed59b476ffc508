//! Places where no session can be kept: nobody is asked for a password, nobody signs in.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
    process::Command,
};

use jellyfin_auth_testkit::listen::Listening;

use crate::{
    run::{Ran, path, program, run, run_at, run_command, signed_in, without_surroundings},
    server,
    terminal::Terminal,
};

fn is_refused(server: &Listening, ran: &Ran, why: &str) {
    assert_eq!(ran.status, 1, "{}", ran.err);
    assert!(ran.err.contains(why), "{}", ran.err);
    assert!(server.requests().is_empty());
}

#[test]
fn no_session_goes_to_a_link_fifo_device_or_directory() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let at = |name| folder.path().join(name);
    fs::write(at("target"), "precious").unwrap();
    symlink(at("target"), at("link")).unwrap();
    fs::create_dir(at("directory")).unwrap();
    assert!(Command::new("mkfifo").arg(at("fifo")).status().unwrap().success());

    for (name, why) in
        [("link", "symbolic link"), ("fifo", "no regular file"), ("directory", "no regular file")]
    {
        let ran =
            run(&["--user", "alice", "--save", path(&at(name)), &server.url()], "wonderland\n");
        is_refused(&server, &ran, why);
    }
    assert_eq!(fs::read_to_string(at("target")).unwrap(), "precious");
    let ran = run(&["--user", "alice", "--save", "/dev/null", &server.url()], "wonderland\n");
    is_refused(&server, &ran, "no regular file");
    assert!(fs::symlink_metadata("/dev/null").unwrap().permissions().mode() & 0o666 == 0o666);
}

#[test]
fn nobody_is_asked_for_a_password_then() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let link = folder.path().join("link");
    symlink("/dev/null", &link).unwrap();

    let mut terminal = Terminal::new(&["--user", "alice", "--save", path(&link), &server.url()]);

    let ended = terminal.status();
    assert_eq!(ended.status, 1);
    assert!(!ended.last_words.contains("Password"), "{}", ended.last_words);
}

#[test]
fn no_session_goes_where_others_look() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    let accounts = home.path().join("jellyfin-login/accounts");
    fs::create_dir_all(&accounts).unwrap();
    fs::set_permissions(&accounts, fs::Permissions::from_mode(0o755)).unwrap();

    let ran = run_at(home.path(), &["--user", "alice", "--account", &server.url()], "wonderland\n");

    is_refused(&server, &ran, "chmod 700");
}

/// The program, unable to make any file grow: a full disk.
fn on_a_full_disk(home: &Path, arguments: &[&str]) -> Ran {
    let mut command = Command::new("sh");
    without_surroundings(&mut command);
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"])
        .arg(program().get_program())
        .args(arguments)
        .env("XDG_DATA_HOME", home);
    run_command(&mut command, "wonderland\n")
}

#[test]
fn a_full_disk_is_noticed_before_and_loses_nothing() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    let file = home.path().join("session.json");
    signed_in(&server.url(), &file);
    let before = (fs::read(&file).unwrap(), server.requests().len());

    for place in [&["--save", path(&file)][..], &["--account"]] {
        let url = server.url();
        let arguments = [&["--user", "alice"], place, &[&url]].concat();
        let ran = on_a_full_disk(home.path(), &arguments);

        assert_eq!(ran.status, 1, "{}", ran.err);
        assert!(ran.err.contains("can't be written"), "{}", ran.err);
    }

    assert_eq!((fs::read(&file).unwrap(), server.requests().len()), before);
}

#[test]
fn a_check_says_what_the_server_said_on_a_full_disk_too() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    let signed_in =
        run_at(home.path(), &["--user", "alice", "--account", &server.url()], "wonderland\n");
    assert_eq!(signed_in.status, 0, "{}", signed_in.err);

    let ran = on_a_full_disk(home.path(), &["check", "--account"]);

    assert_eq!((ran.status, ran.err.lines().count()), (0, 1), "{}", ran.err);
    assert!(ran.err.starts_with("Warning: the account stays as it was: "), "{}", ran.err);
}
