//! Does a driver keep the rules? One suite for every driver, over real sockets of the loopback
//! interface.
//!
//! Implement [`Driver`] for yours, then `Suite::new(driver).run().assert_clean()` in a test; or, with the
//! feature `test-program`, a test program with `main`, where each scenario is a test. It takes less than
//! a minute. A scenario that fails shows what the driver did, what it should have done, and what the
//! servers saw. Without the feature `listen` the rules that need TLS are reported as impossible.
//! A driver may have exceptions, which the suite knows by name ([`Suite::except`]), and may leave out
//! what it can't do at all ([`Suite::leave_out`]).
//!
#![doc = include_str!("conformance/scenarios.md")]

mod app;
mod bench;
mod driver;
mod end;
mod jellyfin;
mod kept;
#[cfg(feature = "test-program")]
mod program;
mod scenarios;
mod suite;
#[cfg(test)]
mod tests;
mod yardstick;

pub use driver::{Command, Controls, Driver, Ended, Environment};
pub use kept::{Kept, KeptDriver};
#[cfg(feature = "test-program")]
pub use program::main;
pub use suite::{Outcome, Report, ScenarioResult, Suite};
