//! Spans and events of runs and requests, by `tracing`; without that feature, nothing.
//!
//! Both halves have the same functions, so that a driver is written once.

#[cfg(not(feature = "tracing"))]
mod disabled;
#[cfg(feature = "tracing")]
mod enabled;

#[cfg(not(feature = "tracing"))]
pub use disabled::{RequestEvent, RunSpan};
#[cfg(feature = "tracing")]
pub use enabled::{RequestEvent, RunSpan};
