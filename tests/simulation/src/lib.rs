//! Whole sign-ins in a world where everything goes wrong: a seed decides what, and time is virtual.
//!
//! A seed draws a [`Plan`]: a server of some version and make, what a program wants of it, a network, a
//! user and what befalls each of them. A machine of the library talks to the
//! [`FakeServer`](jellyfin_auth_testkit::fake_server::FakeServer) through that network. A recorder checks at each event
//! what must never happen; an oracle, which knows the table of transitions by itself, whether the machine
//! goes on when it must and gives up when it must; and at the end a judge whether a success is true and
//! an error names what really happened.
//!
//! ```
//! use jellyfin_auth_simulation as simulation;
//!
//! let end = simulation::run(7).expect("no promise is broken");
//! println!("{end}");
//! ```
//!
//! The same seed gives the same world for as long as this module isn't changed.

mod agenda;
mod client;
mod demands;
mod dice;
mod facts;
mod faults;
mod front;
mod incident;
mod judge;
mod neighbourhood;
mod network;
mod oracle;
mod person;
mod plan;
mod program_clock;
mod recorder;
mod reply;
mod servers;
mod tally;
mod world;

pub use plan::Plan;
pub use recorder::Violation;
pub use tally::{End, Tally};

use world::World;

/// Runs the world of a seed.
///
/// # Errors
///
/// The promise that was broken.
pub fn run(seed: u64) -> Result<End, Violation> {
    World::new(Plan::of(seed), false).run().0
}

/// Runs the world of a seed, and returns line by line what happened.
pub fn replay(seed: u64) -> (Result<End, Violation>, Vec<String>) {
    World::new(Plan::of(seed), true).run()
}
