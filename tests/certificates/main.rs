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

use std::{collections::BTreeSet, env, process::ExitCode};

use jellyfin_auth_both_drivers::BOTH;
use jellyfin_auth_testkit::test_program::{Need, TestProgram};

fn main() -> ExitCode {
    let mut program = TestProgram::from_arguments();
    let ipv6 = Need::ipv6();
    program.test("every_driver_takes_what_the_table_says", &[], || look_at(false));
    program.test("every_driver_takes_what_the_table_says_of_ipv6", &[ipv6], || look_at(true));
    going_on::tests(&mut program);
    program.run()
}

fn look_at(rows_with_ipv6: bool) {
    let rows: Vec<_> = [authorities::rows(), self_signed::rows(), trusted::rows(), clients::rows()]
        .into_iter()
        .flatten()
        .collect();
    let names: BTreeSet<_> = rows.iter().map(|row| row.name).collect();
    assert!(names.len() == rows.len() && names.len() >= 30, "{} rows", names.len());

    let mut differing = Vec::new();
    let mut table =
        vec![format!("| What is at the address | {} | {} |\n|---|---|---|", BOTH[0], BOTH[1])];
    for row in rows.iter().filter(|row| row.needs_ipv6() == rows_with_ipv6) {
        let outcomes = BOTH.map(|adapter| row.outcome(adapter));
        table.push(format!("| {} | {} | {} |", row.name, outcomes[0], outcomes[1]));
        if outcomes.iter().any(|outcome| *outcome != row.expected) {
            differing.push(format!("{}: {outcomes:?}, not {:?}", row.name, row.expected));
        }
    }
    if env::args().any(|argument| argument == "--nocapture") {
        println!("{}", table.join("\n"));
    }
    assert!(differing.is_empty(), "{differing:#?}");
}
