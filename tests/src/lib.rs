//! Test kit.

pub mod answer;
mod clock;
pub mod fake_server;
pub mod raw_server;
mod script;

pub use clock::Clock;
pub use script::{Exchange, Script};
