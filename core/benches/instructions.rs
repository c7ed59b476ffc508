//! Instruction counts under valgrind: they don't depend on what else the machine does.
//! `core/benches/README.md` says how to run and read them.

#![expect(missing_docs, reason = "the macros write public items")]

use std::{hint::black_box, time::Duration};

use gungraun::{library_benchmark, library_benchmark_group, main};
use jellyfin_auth::{Login, Session};
use side_by_side::{
    Answer, authentication,
    hand_written::{self, Authentication, Pending, ServerInfo},
    ours, pending, server_info,
};

fn login_answers() -> [Answer; 2] {
    [server_info(), authentication()]
}

// What goes in and what comes out is handed back, so that dropping it is not counted.

#[library_benchmark]
#[bench::warm(ours::Shared::default(), login_answers())]
fn login_ours(shared: ours::Shared, answers: [Answer; 2]) -> (ours::Shared, Session) {
    let session = black_box(&shared).password_login(black_box(answers));
    (shared, session)
}

#[library_benchmark]
#[bench::warm(hand_written::Shared::default(), login_answers())]
fn login_hand_written(
    shared: hand_written::Shared,
    answers: [Answer; 2],
) -> (hand_written::Shared, (ServerInfo, Authentication)) {
    let session = black_box(&shared).password_login(black_box(answers));
    (shared, session)
}

fn waiting() -> Login {
    let shared = ours::Shared::default();
    let mut login = shared.pending(Duration::ZERO);
    ours::poll_round(&mut login, Duration::ZERO, pending());
    login
}

#[library_benchmark]
#[bench::warm(waiting(), pending())]
fn poll_ours(mut login: Login, answer: Answer) -> Login {
    ours::poll_round(black_box(&mut login), Duration::from_secs(5), black_box(answer));
    login
}

fn waiting_by_hand() -> (hand_written::Shared, Pending) {
    let shared = hand_written::Shared::default();
    let pending = shared.pending(Duration::ZERO);
    (shared, pending)
}

#[library_benchmark]
#[bench::warm(waiting_by_hand(), pending())]
fn poll_hand_written(
    (shared, mut waiting): (hand_written::Shared, Pending),
    answer: Answer,
) -> (hand_written::Shared, Pending) {
    black_box(&shared).poll_round(black_box(&mut waiting), Duration::ZERO, black_box(answer));
    (shared, waiting)
}

library_benchmark_group!(name = password_login; benchmarks = login_ours, login_hand_written);
library_benchmark_group!(name = quick_connect_poll; benchmarks = poll_ours, poll_hand_written);

main!(library_benchmark_groups = password_login, quick_connect_poll);
