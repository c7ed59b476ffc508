//! Whole sign-ins over the loopback interface: each driver beside the stack that it uses, doing the
//! same requests on connections of the same age. `core/benches/README.md` says how to run and read it.

mod bare_hyper;
mod bare_ureq;
mod drivers;
mod raw_socket;
mod server;

use std::time::{Duration, Instant};

use server::Server;

/// One way to sign in.
type Contestant<'a> = (&'static str, Box<dyn FnMut() + 'a>);

/// Sign-ins in a row of one contestant, before the next has its turn.
const IN_A_ROW: u32 = 20;

fn main() {
    let rounds = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let server = Server::start();
    println!("us a login: the median and the fastest of {rounds} rounds of {IN_A_ROW} logins\n");
    compare(
        rounds,
        vec![
            ("bare ureq", Box::new(bare_ureq::contestant(server.url()))),
            ("ureq adapter", Box::new(drivers::ureq(server.url()))),
        ],
        &[(1, 0, 1.05)],
    );
    compare(
        rounds,
        vec![
            ("raw async-std socket", Box::new(raw_socket::contestant(server.url()))),
            ("bare hyper", Box::new(bare_hyper::contestant(server.url()))),
            ("async-std adapter", Box::new(drivers::async_std(server.url()))),
        ],
        &[(2, 1, 1.1), (2, 0, 1.6)],
    );
}

/// Lets the contestants take turns, so that what else the machine does meets all of them.
fn compare(rounds: u32, mut contestants: Vec<Contestant<'_>>, budgets: &[(usize, usize, f64)]) {
    let mut times = vec![Vec::new(); contestants.len()];
    for _ in 0..rounds {
        for ((_, sign_in), times) in contestants.iter_mut().zip(&mut times) {
            let begun = Instant::now();
            for _ in 0..IN_A_ROW {
                sign_in();
            }
            times.push(begun.elapsed() / IN_A_ROW);
        }
    }
    let fastest = |times: &[Duration]| times.iter().min().map_or(0.0, Duration::as_secs_f64);
    for ((name, _), times) in contestants.iter().zip(&mut times) {
        times.sort();
        let median = times[times.len() / 2].as_secs_f64();
        println!("{name:<24} {:>8.0} {:>8.0}", median * 1e6, fastest(times) * 1e6);
    }
    for &(ours, theirs, budget) in budgets {
        let median = |of: usize| times[of][times[of].len() / 2].as_secs_f64();
        println!(
            "{:<40} {:>5.2} {:>5.2}  budget {budget}",
            format!("{} / {}", contestants[ours].0, contestants[theirs].0),
            median(ours) / median(theirs),
            fastest(&times[ours]) / fastest(&times[theirs]),
        );
    }
    println!();
}
