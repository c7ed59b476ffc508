//! Both adapters against real Jellyfin servers.
//!
//! Runs when `JELLYFIN_SERVERS` names a folder with a program `start VERSION PORT FOLDER [BASE_URL]`
//! that runs a server on 127.0.0.1; prints that and passes when not. `JELLYFIN_SLOW=1` adds the cases
//! that wait for a code to expire by the server's own clock. The servers run side by side.
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

use std::{path::Path, process::ExitCode, sync::Arc};

use libtest_mimic::{Arguments, Failed, Trial};

use cases::Case;
use release::Release;
use score::Score;
use stand::Stand;

/// Most of a case is waiting for its server.
const CASES_AT_A_TIME: usize = 8;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    let Some(servers) = server::servers_folder() else {
        println!("skipped: no servers (JELLYFIN_SERVERS names none)");
        return ExitCode::SUCCESS;
    };
    arguments.test_threads.get_or_insert(CASES_AT_A_TIME);
    let score = Arc::new(Score::default());
    let conclusion = libtest_mimic::run(&arguments, in_turn(trials(&servers, &score)));
    if !arguments.list {
        score.print();
    }
    conclusion.exit_code()
}

/// What is done on each stand.
fn trials(servers: &Path, score: &Arc<Score>) -> Vec<Vec<Trial>> {
    let slow = std::env::var_os("JELLYFIN_SLOW").is_some_and(|slow| slow == "1");
    let programs = [
        ("", cases::at_the_root()),
        ("/jf", cases::at_a_base_url()),
        ("", if slow { cases::slow() } else { Vec::new() }),
    ];
    let stands = programs.iter().flat_map(|(base_path, cases)| {
        Release::ALL.map(|release| {
            let stand = Arc::new(Stand::new(servers, release, base_path));
            cases.iter().map(|&case| trial(case, &stand, score)).collect()
        })
    });
    stands.collect()
}

/// One of each stand after the other, so that no server waits for another's last case.
fn in_turn(stands: Vec<Vec<Trial>>) -> Vec<Trial> {
    let mut stands: Vec<_> = stands.into_iter().map(Vec::into_iter).collect();
    let mut trials = Vec::new();
    while !stands.is_empty() {
        stands.retain_mut(|stand| stand.next().map(|trial| trials.push(trial)).is_some());
    }
    trials
}

fn trial(case: Case, stand: &Arc<Stand>, score: &Arc<Score>) -> Trial {
    let (stand, score) = (Arc::clone(stand), Arc::clone(score));
    Trial::test(format!("{}/{}", stand.release(), case.name), move || {
        let mut failures = Vec::new();
        for (adapter, ended) in stand.play(&case) {
            score.add(stand.release(), adapter, ended.is_ok());
            if let Err(message) = ended {
                failures.push(format!("{}: {message}", adapter.name()));
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(Failed::from(failures.join("\n"))) }
    })
}
