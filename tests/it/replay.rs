//! The fake server against recordings of real ones, exchange by exchange.

mod comparison;
mod policy;
mod recording;
mod replayed_server;
mod values;

use std::collections::BTreeSet;

use jellyfin_auth_testkit::fake_server::Version;

use comparison::{Permitted, permitted};
use recording::recordings;
use replayed_server::{Outcome, replay};

fn replayed(folder: &str, version: Version) -> Outcome {
    let mut all = Outcome::default();
    for recording in recordings(folder) {
        all.add(replay(version, &recording));
    }
    println!("{version}: {} exchanges compared, {} not connected", all.compared, all.not_connected);
    all
}

fn agrees(folder: &str, version: Version, compared: usize, not_connected: usize) {
    let outcome = replayed(folder, version);
    let differences: Vec<_> =
        outcome.differences.iter().filter(|difference| !difference.is_permitted()).collect();
    for difference in &differences {
        println!("{difference}");
    }
    assert_eq!(differences.len(), 0, "differences from a real {version}");
    assert_eq!((outcome.compared, outcome.not_connected), (compared, not_connected));
}

#[test]
fn every_exchange_with_10_8_is_answered_as_the_real_server_answered_it() {
    agrees("10.8.13", Version::V10_8, 499, 19);
}

#[test]
fn every_exchange_with_10_11_is_answered_as_the_real_server_answered_it() {
    agrees("10.11.11", Version::V10_11, 536, 39);
}

#[test]
fn every_exchange_with_12_is_answered_as_the_real_server_answered_it() {
    agrees("12.0", Version::V12, 502, 29);
}

#[test]
fn every_permitted_difference_is_still_there() {
    let mut unused: BTreeSet<&Permitted> = permitted().iter().collect();
    for (folder, version) in
        [("10.8.13", Version::V10_8), ("10.11.11", Version::V10_11), ("12.0", Version::V12)]
    {
        for difference in replayed(folder, version).differences {
            unused.retain(|permitted| !permitted.covers(&difference));
        }
    }
    assert!(unused.is_empty(), "strike these from permitted.json: {unused:#?}");
}
