//! Both adapters against real Jellyfin servers.
//!
//! Runs when `JELLYFIN_SERVERS` names a folder with a program `start VERSION PORT FOLDER [BASE_URL]`
//! that runs a server on 127.0.0.1; says so and passes when not. `JELLYFIN_SLOW=1` adds the cases
//! that wait for a code to expire by the server's own clock. One server runs at a time.
#![allow(clippy::unwrap_used)]

mod adapter;
mod administrator;
mod cable;
mod cases;
mod daemon;
mod plain_http;
mod release;
mod scene;
mod score;
mod server;
mod shared_login;
mod stand;

use std::{process::ExitCode, sync::Arc};

use libtest_mimic::{Arguments, Conclusion, Failed, Trial};

use cases::Case;
use release::Release;
use score::Score;
use stand::Stand;

/// Most of a case is waiting for the server.
const CASES_AT_A_TIME: usize = 4;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let Some(servers) = server::servers_folder() else {
        println!("skipped: no servers (JELLYFIN_SERVERS names none)");
        return ExitCode::SUCCESS;
    };
    let score = Arc::new(Score::default());
    let mut failed = false;
    let mut play = |stand: Stand, cases: Vec<Case>| {
        let (alone, shared): (Vec<_>, Vec<_>) = cases.into_iter().partition(|case| case.alone);
        let stand = Arc::new(stand);
        for (cases, threads) in [(shared, CASES_AT_A_TIME), (alone, 1)] {
            if cases.is_empty() {
                continue;
            }
            let trials = cases.into_iter().map(|case| trial(case, &stand, &score)).collect();
            let mut arguments = arguments.clone();
            arguments.test_threads = Some(threads);
            let conclusion: Conclusion = libtest_mimic::run(&arguments, trials);
            failed |= conclusion.has_failed();
        }
    };
    for release in Release::ALL {
        play(Stand::new(&servers, release, ""), cases::at_the_root());
        play(Stand::new(&servers, release, "/jf"), cases::at_a_base_url());
        if std::env::var_os("JELLYFIN_SLOW").is_some_and(|slow| slow == "1") {
            play(Stand::new(&servers, release, ""), cases::slow());
        }
    }
    if !arguments.list {
        score.print();
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
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
