//! Whole sign-ins in a world where everything goes wrong: a seed decides what, and time is virtual.
//!
//! A seed draws a [`Plan`]: a server of some version, a way to sign in, a network, a user, a program and
//! what befalls each of them. The core signs in to the [`FakeServer`](crate::fake_server::FakeServer)
//! through that network; after every event a witness checks what must never happen, and at the end a
//! judge checks that a sign-in which could succeed did, and that an error names what really happened.
//!
//! ```
//! use jellyfin_auth_testkit::simulation;
//!
//! let end = simulation::run(7).expect("no promise is broken");
//! println!("{end}");
//! ```
//!
//! The same seed gives the same world for as long as this module isn't changed.

mod agenda;
mod cause;
mod dice;
mod facts;
mod incident;
mod person;
mod plan;
mod tally;
mod weather;
mod witness;
mod world;

pub use plan::Plan;
pub use tally::{End, Tally};
pub use witness::Violation;

use world::World;

/// Runs the sign-in of a seed.
///
/// # Errors
///
/// The promise that was broken.
pub fn run(seed: u64) -> Result<End, Violation> {
    World::new(Plan::of(seed), false).run().0
}

/// Runs the sign-in of a seed and tells, line by line, what happened.
pub fn replay(seed: u64) -> (Result<End, Violation>, Vec<String>) {
    World::new(Plan::of(seed), true).run()
}
