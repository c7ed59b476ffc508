//! Whole worlds in which everything goes wrong. `SIMULATED_SEEDS` sets another number, and
//! the `simulate` program runs them by the million.

use jellyfin_auth_simulation::{self as simulation, Tally};

fn seeds() -> u64 {
    let seeds = std::env::var("SIMULATED_SEEDS").ok().and_then(|seeds| seeds.parse().ok());
    seeds.unwrap_or(1_500)
}

#[test]
fn every_promise_is_kept_in_every_world() {
    let mut tally = Tally::default();
    for seed in 0..seeds() {
        match simulation::run(seed) {
            Ok(end) => tally.count(&end),
            Err(violation) => {
                let (_, trace) = simulation::replay(seed);
                panic!("{violation}\n{}", trace.join("\n"));
            }
        }
    }
    // The worlds are neither too kind nor too cruel to show anything.
    let signed_in = tally.ended("signed in");
    let percent = signed_in * 100 / tally.total();
    assert!((40..60).contains(&percent), "{tally}");
    for end in ["CodeLost", "CodeExpired", "BadCredentials", "Intercepted", "QuickConnectDisabled"]
    {
        assert!(tally.ended(end) > 0, "no world ended with {end}: {tally}");
    }
}

#[test]
fn a_seed_is_the_same_world_every_time() {
    for seed in 0..50 {
        assert_eq!(simulation::replay(seed), simulation::replay(seed));
    }
}

/// What a run of many seeds owes: nothing that is demanded may be left out unnoticed.
#[test]
fn a_run_that_shows_nothing_falls_short_of_everything() {
    let shortfalls = Tally::default().shortfalls();
    assert!(shortfalls.len() > 50, "{shortfalls:?}");
    for demanded in ["ends: TooManyRedirects: 0 of 4", "waits: Disabled: 0 of 150"] {
        assert!(shortfalls.iter().any(|one| one == demanded), "{shortfalls:?}");
    }
}
