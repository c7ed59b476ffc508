//! Many Quick Connects at once: one poll round of all of them, with answers, and what they hold.
//! `core/benches/README.md` says how to run and read it.

use std::{
    alloc::System,
    time::{Duration, Instant},
};

use jellyfin_auth::{Login, Machine as _, Step, Timestamp};
use side_by_side::{ours, pending};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Answers are made by so many at a time, outside of what is timed: they are the HTTP stack's work.
const AT_ONCE: usize = 1000;
const ROUNDS: u32 = 3;

fn main() {
    println!("{:>10} {:>9} {:>12} {:>12}", "logins", "MB", "s a round", "ns a login");
    for count in [1_000, 10_000, 100_000, 1_000_000] {
        let region = Region::new(ALLOCATOR);
        let shared = ours::Shared::default();
        let mut logins: Vec<Login> = Vec::with_capacity(count);
        logins.extend((0..count).map(|_| shared.pending(Duration::ZERO)));
        let stats = region.change();
        let held = stats.bytes_allocated - stats.bytes_deallocated;
        let best = (1..=ROUNDS).map(|number| round(&mut logins, number * 5)).min();
        let best = best.unwrap_or_default();
        println!(
            "{count:>10} {:>9.1} {:>12.4} {:>12.0}",
            megabytes(held),
            best.as_secs_f64(),
            best.as_secs_f64() * 1e9 / f64::from(u32::try_from(count).unwrap_or(u32::MAX)),
        );
    }
}

/// Asks for every login, at a moment when all are due, and begins the next wait.
fn round(logins: &mut [Login], at: u32) -> Duration {
    let now = Timestamp::new(Duration::from_secs(at.into()));
    let mut spent = Duration::ZERO;
    for logins in logins.chunks_mut(AT_ONCE) {
        let answers: Vec<_> = logins.iter().map(|_| pending()).collect();
        let begun = Instant::now();
        for (login, answer) in logins.iter_mut().zip(answers) {
            let Ok(Step::Send(request)) = login.poll(now) else { panic!("a poll is due") };
            let (request, ticket, _) = request.into_parts();
            drop(std::hint::black_box(request));
            assert!(login.handle(ticket, Ok(&answer)));
            assert!(matches!(login.poll(now), Ok(Step::Wait(_))));
        }
        spent += begun.elapsed();
    }
    spent
}

fn megabytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes / 1000).unwrap_or(u32::MAX)) / 1000.0
}
