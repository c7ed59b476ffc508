//! Test kit.

pub mod answer;
mod clock;
mod script;

pub use clock::Clock;
pub use script::{Exchange, Script};
