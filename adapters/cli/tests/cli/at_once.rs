//! Two processes that sign in to one place at the same time.

use std::{fs, thread};

use serde_json::Value;

use crate::{
    run::{path, run_at},
    server, tokens,
};

/// Of three sign-ins each, at each place: more than forty in all.
const ROUNDS: usize = 14;

/// A file has room for one session, and so has an account: when all is over, the token there works, and it
/// is the only one.
#[test]
fn no_dead_token_is_left_and_none_that_nobody_has() {
    for place in ["--save", "--account", "--account=1"] {
        let (server, home) = (server(), tempfile::tempdir().unwrap());
        let file = home.path().join("session.json");
        let url = server.url();
        let sign_in = |place: &str| {
            let mut arguments = vec!["--user", "alice", place, &url];
            if place == "--save" {
                arguments.insert(3, path(&file));
            }
            let ran = run_at(home.path(), &arguments, "wonderland\n");
            assert_eq!(ran.status, 0, "{}", ran.err);
        };
        if place == "--account=1" {
            sign_in("--account");
        }

        for round in 0..ROUNDS {
            thread::scope(|scope| {
                for _ in 0..3 {
                    scope.spawn(|| sign_in(place));
                }
            });

            let text = if place == "--save" {
                fs::read_to_string(&file).unwrap()
            } else {
                let folder = fs::read_dir(home.path().join("jellyfin-login/accounts")).unwrap();
                let mut files = folder.map(|entry| entry.unwrap().path());
                let file = files.find(|file| file.extension().is_some()).unwrap();
                fs::read_to_string(file).unwrap()
            };
            let kept: Value = serde_json::from_str(&text).unwrap();
            let kept = kept["access_token"].as_str().unwrap();
            assert_eq!(tokens(&server), [kept], "{place}, round {round}");
        }
    }
}
