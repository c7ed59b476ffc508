//! Which servers each driver takes, by what they show of themselves: a table of certificates, and what
//! comes of each. `cargo test --test certificates -- --nocapture` prints it.
#![allow(clippy::unwrap_used)]

mod authorities;
mod clients;
mod going_on;
mod made;
mod row;
mod self_signed;
mod trusted;

use std::{
    collections::BTreeSet,
    net::{Ipv6Addr, TcpListener},
};

use jellyfin_auth_both_drivers::BOTH;

#[test]
fn every_driver_takes_what_the_table_says() {
    let rows: Vec<_> = [authorities::rows(), self_signed::rows(), trusted::rows(), clients::rows()]
        .into_iter()
        .flatten()
        .collect();
    let names: BTreeSet<_> = rows.iter().map(|row| row.name).collect();
    assert!(names.len() == rows.len() && names.len() >= 30, "{} rows", names.len());

    let mut differing = Vec::new();
    println!("| What is at the address | {} | {} |\n|---|---|---|", BOTH[0], BOTH[1]);
    let has_ipv6 = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    if !has_ipv6 {
        eprintln!("skipped: this machine has no IPv6");
    }
    for row in rows.iter().filter(|row| has_ipv6 || !row.needs_ipv6()) {
        let outcomes = BOTH.map(|adapter| row.outcome(adapter));
        println!("| {} | {} | {} |", row.name, outcomes[0], outcomes[1]);
        if outcomes.iter().any(|outcome| *outcome != row.expected) {
            differing.push(format!("{}: {outcomes:?}, not {:?}", row.name, row.expected));
        }
    }
    assert!(differing.is_empty(), "{differing:#?}");
}
