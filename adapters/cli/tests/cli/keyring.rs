//! `--keyring`: in a build without it, without a keyring, and with a real Secret Service.

#[cfg(any(not(feature = "keyring"), target_os = "linux"))]
use crate::{run::*, server};

#[cfg(not(feature = "keyring"))]
#[test]
fn a_build_without_keyring_fails_before_anybody_signs_in() {
    let server = server();

    let ran = run(&["--keyring", &server.url()], "");

    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("--features keyring"), "{}", ran.err);
    assert!(server.requests().is_empty());
}

#[cfg(all(feature = "keyring", target_os = "linux"))]
#[test]
fn a_machine_without_a_keyring_fails_before_anybody_signs_in() {
    let server = server();

    let output = program()
        .args(["--keyring", &server.url()])
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .output()
        .unwrap();

    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the keyring can't be used"));
    assert!(server.requests().is_empty());
}

/// A Secret Service of the test's own, on a bus of its own.
#[cfg(all(feature = "keyring", target_os = "linux"))]
mod secret_service {
    use std::process::Command;

    use jellyfin_auth_testkit::listen::Listening;

    use crate::{run::without_surroundings, server, tokens};

    /// Runs a script with an unlocked keyring; `$LOGIN` is the program and `$SERVER` the server.
    fn with_a_keyring(server: &Listening, script: &str) -> String {
        let home = tempfile::tempdir().unwrap();
        let unlock = "printf only-a-test | gnome-keyring-daemon --unlock --components=secrets";
        let mut command = Command::new("dbus-run-session");
        without_surroundings(&mut command);
        let output = command
            .args(["--", "sh", "-ec", &format!("{unlock} >/dev/null 2>&1\n{script}")])
            .env("HOME", home.path())
            .env("XDG_RUNTIME_DIR", home.path())
            .env("XDG_DATA_HOME", home.path().join("data"))
            .env("LOGIN", env!("CARGO_BIN_EXE_jellyfin-login"))
            .env("SERVER", server.url())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let (out, err) = (text(output.stdout), text(output.stderr));
        assert!(output.status.success(), "{out}\n{err}");
        out
    }

    #[test]
    #[ignore = "it needs dbus-run-session and gnome-keyring-daemon; .ci/nightly runs it"]
    fn a_session_in_the_keyring_is_used_replaced_and_forgotten() {
        let server = server();

        let out = with_a_keyring(
            &server,
            r#"
            echo wonderland | "$LOGIN" --user alice --keyring "$SERVER"
            "$LOGIN" check --keyring
            "$LOGIN" header --keyring
            echo wonderland | "$LOGIN" --user alice --keyring "$SERVER"
            "$LOGIN" header --keyring
            "$LOGIN" logout --keyring
            if "$LOGIN" check --keyring; then echo still there; fi
            "#,
        );

        let headers: Vec<_> = out.lines().filter(|line| line.starts_with("MediaBrowser")).collect();
        let [first, second] = headers[..] else { panic!("{out}") };
        let device_id = |header: &str| header.split("DeviceId=").nth(1).map(str::to_owned);
        let before_token =
            |id: Option<String>| id.map(|id| id.split(',').next().map(str::to_owned));
        assert_ne!(first, second, "a second sign-in has a new token");
        assert_eq!(before_token(device_id(first)), before_token(device_id(second)));
        assert!(!out.contains("still there"));
        assert!(tokens(&server).is_empty(), "signed out");
    }

    #[test]
    #[ignore = "it needs dbus-run-session and gnome-keyring-daemon; .ci/nightly runs it"]
    fn sessions_of_two_names_dont_disturb_each_other() {
        let server = server();

        with_a_keyring(
            &server,
            r#"
            echo wonderland | "$LOGIN" --user alice --keyring=one "$SERVER"
            echo wonderland | "$LOGIN" --user alice --keyring=two "$SERVER"
            "$LOGIN" logout --keyring=one
            "$LOGIN" check --keyring=two
            "#,
        );

        assert_eq!(tokens(&server).len(), 1);
    }
}
