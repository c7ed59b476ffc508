//! Test kit.

pub mod answer;
mod clock;
#[cfg(feature = "listen")]
pub mod conformance;
pub mod fake_server;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
#[cfg(feature = "listen")]
pub mod listen;
pub mod raw_server;
mod script;
#[cfg(feature = "simulation")]
pub mod simulation;

pub use clock::Clock;
pub use script::{Exchange, Script};
