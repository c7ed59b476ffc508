//! Both adapters against real Jellyfin servers.
//!
//! `JELLYFIN_SERVERS` names a folder with a program `start VERSION PORT FOLDER [BASE_URL]` that runs a
//! server on 127.0.0.1; without it, all of them are ignored. `JELLYFIN_SLOW=1` adds the cases that wait
//! for a code to expire by the server's own clock. The servers run side by side.
#![allow(clippy::unwrap_used)]

mod administrator;
mod cable;
mod cases;
mod daemon;
mod plain_http;
mod release;
mod scene;
mod score;
mod server;
mod stand;

use std::{process::ExitCode, sync::Arc};

use jellyfin_auth_testkit::test_program::{Need, TestProgram};

use cases::Case;
use release::Release;
use score::Score;
use stand::Stand;

/// Most of a case is waiting for its server.
const CASES_AT_A_TIME: usize = 8;

/// A case, and where it is played.
type Played = (Case, Arc<Stand>);

fn main() -> ExitCode {
    let mut program = TestProgram::from_arguments().side_by_side(CASES_AT_A_TIME);
    let servers = Need::new("servers", server::servers_folder().is_some());
    let score = Arc::new(Score::default());
    for (case, stand) in in_turn(stands()) {
        let (name, score) = (format!("{}/{}", stand.release(), case.name), Arc::clone(&score));
        program.test(&name, &[servers], move || play(case, &stand, &score));
    }
    let only_lists = program.only_lists();
    let ended = program.run();
    if !only_lists {
        score.print();
    }
    ended
}

/// What is played on each stand.
fn stands() -> Vec<Vec<Played>> {
    let slow = std::env::var_os("JELLYFIN_SLOW").is_some_and(|slow| slow == "1");
    let programs = [
        ("", cases::at_the_root()),
        ("/jf", cases::at_a_base_url()),
        ("", if slow { cases::slow() } else { Vec::new() }),
    ];
    let stands = programs.iter().flat_map(|(base_path, cases)| {
        Release::ALL.map(|release| {
            let stand = Arc::new(Stand::new(release, base_path));
            cases.iter().map(|&case| (case, Arc::clone(&stand))).collect()
        })
    });
    stands.collect()
}

/// One of each stand after the other, so that no server waits for another's last case.
fn in_turn(stands: Vec<Vec<Played>>) -> Vec<Played> {
    let mut stands: Vec<_> = stands.into_iter().map(Vec::into_iter).collect();
    let mut turns = Vec::new();
    while !stands.is_empty() {
        stands.retain_mut(|stand| stand.next().map(|one| turns.push(one)).is_some());
    }
    turns
}

fn play(case: Case, stand: &Stand, score: &Score) {
    let mut failures = Vec::new();
    for (adapter, ended) in stand.play(&case) {
        score.add(stand.release(), adapter, ended.is_ok());
        if let Err(message) = ended {
            failures.push(format!("{}: {message}", adapter.name()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
