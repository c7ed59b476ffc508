//! Does a driver keep the rules? One suite for every driver, over real sockets of the loopback
//! interface.
//!
//! Implement [`Driver`] for yours, then `Suite::new(driver).run().assert_clean()` in a test. It takes
//! less than a minute. A scenario that fails shows what the driver did, what it should have done, and
//! what the servers saw.
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
mod scenarios;
mod suite;
#[cfg(test)]
mod tests;

pub use driver::{Command, Controls, Driver, Ended, Environment};
pub use kept::{Kept, KeptDriver};
pub use suite::{Outcome, Report, ScenarioResult, Suite};
