//! Whole sign-ins over the loopback interface: each driver beside the stack that it uses, doing the
//! same requests on connections of the same age. `core/benches/README.md` says how to run and read it.

mod bare_hyper;
mod bare_reqwest;
mod bare_ureq;
mod drivers;
mod raw_socket;
mod round_trips;
mod server;

use std::time::Instant;

use server::Server;

/// One way to sign in.
type Contestant<'a> = (&'static str, Box<dyn FnMut() + 'a>);

/// Sign-ins in a row of one contestant, before the next has its turn.
const IN_A_ROW: u32 = 5;

fn main() {
    // reqwest's feature `rustls-no-provider` leaves the choice to the program.
    rustls::crypto::ring::default_provider().install_default().expect("it is the first");
    let rounds = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(300);
    let server = Server::start();
    println!("us a login: the median and the fastest of {rounds} rounds of {IN_A_ROW} logins,");
    println!("then the median of the rounds' ratios\n");
    compare(
        &server,
        rounds,
        1,
        vec![
            ("bare ureq", Box::new(bare_ureq::contestant(server.url()))),
            ("ureq adapter", Box::new(drivers::ureq(server.url()))),
        ],
        &[(1, 0, 1.05)],
    );
    compare(
        &server,
        rounds,
        1,
        vec![
            ("raw async-std socket", Box::new(raw_socket::contestant(server.url()))),
            ("bare hyper", Box::new(bare_hyper::contestant(server.url()))),
            ("async-std adapter", Box::new(drivers::async_std(server.url()))),
        ],
        &[(2, 1, 1.1), (2, 0, 1.6)],
    );
    compare(
        &server,
        rounds,
        2,
        vec![
            ("bare reqwest", Box::new(bare_reqwest::contestant(server.url()))),
            ("reqwest adapter", Box::new(drivers::reqwest(server.url()))),
        ],
        &[(1, 0, 1.1)],
    );
    round_trips::count();
}

/// Lets the contestants take turns, so that what else the machine does meets all of them.
fn compare(
    server: &Server,
    rounds: u32,
    connections_a_login: u32,
    mut contestants: Vec<Contestant<'_>>,
    budgets: &[(usize, usize, f64)],
) {
    for (name, sign_in) in &mut contestants {
        sign_in();
        server.connections();
        for _ in 0..IN_A_ROW {
            sign_in();
        }
        // A fresh one for each password and, of reqwest, for each probe: else it would be no comparison.
        assert_eq!(server.connections(), IN_A_ROW * connections_a_login, "{name}");
    }
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
    for ((name, _), times) in contestants.iter().zip(&times) {
        let times: Vec<_> = times.iter().map(|time| time.as_secs_f64() * 1e6).collect();
        let fastest = times.iter().copied().fold(f64::INFINITY, f64::min);
        println!("{name:<24} {:>8.0} {fastest:>8.0}", median(times));
    }
    for &(ours, theirs, budget) in budgets {
        // Of one round each: what disturbs a round disturbs both.
        let ratios = times[ours].iter().zip(&times[theirs]);
        let ratio = median(ratios.map(|(ours, theirs)| ours.div_duration_f64(*theirs)).collect());
        let name = format!("{} / {}", contestants[ours].0, contestants[theirs].0);
        println!("{name:<44} {ratio:>5.2}  budget {budget}");
    }
    println!();
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
