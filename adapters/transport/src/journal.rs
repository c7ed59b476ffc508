//! What a driver tells about its runs and requests through `tracing`; without that feature, nothing.
//!
//! Both halves have the same functions, so that a driver is written once.

#[cfg(not(feature = "tracing"))]
mod silent;
#[cfg(feature = "tracing")]
mod told;

#[cfg(not(feature = "tracing"))]
pub use silent::{Entry, Journal};
#[cfg(feature = "tracing")]
pub use told::{Entry, Journal};
