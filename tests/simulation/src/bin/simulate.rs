//! Simulates worlds by the million: `simulate [--from N] [--seeds N] [--seed N]`.

use std::{
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use jellyfin_auth_simulation::{self as simulation, Tally, Violation};

const HELP: &str = "\
Simulates worlds in which a program signs in, one a seed, on all cores.

    simulate [--from N] [--seeds N] [--threads N]
        Seeds N, N + 1, …: `--from` (0) goes on where another run stopped. From 20,000 seeds on, every
        error and every reason to wait must have come up often enough.
    simulate --seed N
        One seed, event by event.
";

/// How many seeds a thread takes at a time.
const BATCH: u64 = 1000;

/// From so many seeds on, what came up too rarely is a failure.
const ENOUGH_SEEDS: u64 = 20_000;

struct Options {
    from: u64,
    seeds: u64,
    threads: usize,
    one: Option<u64>,
}

fn main() -> Result<ExitCode, lexopt::Error> {
    let Some(options) = options()? else {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    };
    Ok(match options.one {
        Some(seed) => replay(seed),
        None => simulate(&options),
    })
}

fn options() -> Result<Option<Options>, lexopt::Error> {
    use lexopt::{Arg::Long, ValueExt as _};
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut options = Options { from: 0, seeds: 100_000, threads, one: None };
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("from") => options.from = arguments.value()?.parse()?,
            Long("seeds") => options.seeds = arguments.value()?.parse()?,
            Long("threads") => options.threads = arguments.value()?.parse()?,
            Long("seed") => options.one = Some(arguments.value()?.parse()?),
            Long("help") => return Ok(None),
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(Some(options))
}

/// Shows what happens in one seed.
fn replay(seed: u64) -> ExitCode {
    let (end, trace) = simulation::replay(seed);
    for line in trace {
        println!("{line}");
    }
    if end.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn simulate(options: &Options) -> ExitCode {
    let next = AtomicU64::new(options.from);
    let end = options.from.saturating_add(options.seeds);
    let over = AtomicBool::new(false);
    let (tally, broken) = (Mutex::new(Tally::default()), Mutex::new(Vec::new()));
    let begin = Instant::now();
    thread::scope(|scope| {
        for _ in 0..options.threads.max(1) {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let first = next.fetch_add(BATCH, Ordering::Relaxed);
                    if first >= end {
                        break;
                    }
                    let (counted, violations) = batch(first, end.min(first + BATCH));
                    let mut tally = tally.lock().expect("no thread panics with it");
                    tally.add(&counted);
                    show_progress(&tally, options, begin);
                    for violation in &violations {
                        eprintln!("{violation}");
                    }
                    let mut broken = broken.lock().expect("no thread panics with it");
                    broken.extend(violations);
                    over.store(broken.len() >= 20, Ordering::Relaxed);
                }
            });
        }
    });
    let (tally, broken) = (tally.into_inner(), broken.into_inner());
    let tally = tally.expect("no thread panicked with it");
    println!("{tally}");
    finish(&tally, &broken.expect("no thread panicked with it"), begin.elapsed())
}

fn batch(from: u64, to: u64) -> (Tally, Vec<Violation>) {
    let (mut tally, mut broken) = (Tally::default(), Vec::new());
    for seed in from..to {
        match simulation::run(seed) {
            Ok(end) => tally.count(&end),
            Err(violation) => broken.push(violation),
        }
    }
    (tally, broken)
}

fn show_progress(tally: &Tally, options: &Options, begin: Instant) {
    const EVERY: u64 = 100 * BATCH;
    let total = tally.total();
    if total % EVERY < BATCH {
        #[expect(clippy::cast_precision_loss, reason = "a rate to look at")]
        let rate = total as f64 / begin.elapsed().as_secs_f64();
        eprintln!("{total} of {} worlds, {rate:.0} a second", options.seeds);
    }
}

fn finish(tally: &Tally, broken: &[Violation], time: Duration) -> ExitCode {
    let total = tally.total();
    #[expect(clippy::cast_precision_loss, reason = "a rate to look at")]
    let rate = total as f64 / time.as_secs_f64();
    println!("{} broken, in {:.1} s: {rate:.0} worlds a second", broken.len(), time.as_secs_f64());
    let Some(first) = broken.first() else {
        let shortfalls = if total >= ENOUGH_SEEDS { tally.shortfalls() } else { Vec::new() };
        for shortfall in &shortfalls {
            println!("too rare: {shortfall}");
        }
        return if shortfalls.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    };
    for violation in broken {
        println!("{violation}");
    }
    println!("\nWhat happened with seed {}:", first.seed);
    replay(first.seed)
}
