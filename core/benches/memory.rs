//! What sign-ins allocate, held to their budgets. The counts are the same on every 64-bit machine.
//! `core/benches/README.md` says how to run and read them.

use std::{alloc::System, hint::black_box, process::ExitCode, time::Duration};

use jellyfin_auth::Login;
use side_by_side::{authentication, hand_written, ours, pending, server_info};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Bytes, inline and on the heap, of one Quick Connect that shows its code. `Device` and `Policy` are
/// shared and count once for all.
const PENDING_LOGIN: usize = 524;
/// Allocations of one poll beyond the request's own parts.
const POLL_ALLOCATIONS: usize = 6;

struct Report {
    over: bool,
}

impl Report {
    fn line(&mut self, figure: &str, measured: usize, budget: Option<usize>) {
        let note = match budget {
            None => String::new(),
            Some(budget) if measured <= budget => format!("budget {budget}"),
            Some(budget) => {
                self.over = true;
                format!("budget {budget}, OVER")
            }
        };
        println!("{figure:<58} {measured:>6}  {note}");
    }
}

fn main() -> ExitCode {
    let mut report = Report { over: false };
    password_login(&mut report);
    quick_connect_poll(&mut report);
    pending_login(&mut report);
    if report.over { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn password_login(report: &mut Report) {
    let shared = ours::Shared::default();
    let by_hand = hand_written::Shared::default();
    let (answers, same) = ([server_info(), authentication()], [server_info(), authentication()]);
    let (ours, session) = counted(|| shared.password_login(answers));
    let (hand_written, fields) = counted(|| by_hand.password_login(same));
    report.line("password login: allocations", allocations(&ours), None);
    report.line("password login, hand-written: allocations", allocations(&hand_written), None);
    drop(black_box((session, fields)));
}

fn quick_connect_poll(report: &mut Report) {
    let shared = ours::Shared::default();
    let by_hand = hand_written::Shared::default();
    let mut login = shared.pending(Duration::ZERO);
    let mut waiting = by_hand.pending(Duration::ZERO);
    let (answer, same) = (pending(), pending());
    let (ours, ()) = counted(|| ours::poll_round(&mut login, Duration::ZERO, answer));
    let (hand_written, ()) = counted(|| by_hand.poll_round(&mut waiting, Duration::ZERO, same));
    let (parts, request) = counted(|| by_hand.poll_request(&waiting));
    drop(black_box(request));
    report.line("Quick Connect poll: allocations", allocations(&ours), None);
    report.line("Quick Connect poll, hand-written: allocations", allocations(&hand_written), None);
    report.line("Quick Connect poll: the request's own parts", allocations(&parts), None);
    let beyond = allocations(&ours).saturating_sub(allocations(&parts));
    report.line("Quick Connect poll: allocations beyond them", beyond, Some(POLL_ALLOCATIONS));
}

fn pending_login(report: &mut Report) {
    let shared = ours::Shared::default();
    let (stats, login) = counted(|| shared.pending(Duration::ZERO));
    let heap = held(&stats);
    report.line("pending login: bytes inline", size_of::<Login>(), None);
    report.line("pending login: bytes on the heap", heap, None);
    let all = size_of_val(&login) + heap;
    report.line("pending login: bytes", all, Some(PENDING_LOGIN));
    drop(black_box(login));
}

fn counted<T>(work: impl FnOnce() -> T) -> (Stats, T) {
    let region = Region::new(ALLOCATOR);
    let made = work();
    (region.change(), made)
}

/// A buffer that grew in place or moved was asked for again.
fn allocations(stats: &Stats) -> usize {
    stats.allocations + stats.reallocations
}

/// What has not been given back, as asked for: without what the allocator adds.
fn held(stats: &Stats) -> usize {
    stats.bytes_allocated - stats.bytes_deallocated
}
