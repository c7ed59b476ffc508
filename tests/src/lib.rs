//! What it takes to test a program that signs in to Jellyfin: a server, its traps, and time.
//!
//! | For | Use |
//! |---|---|
//! | a Jellyfin of 10.7 to 12, as a pure function of state, request and time | [`fake_server`] |
//! | the same on a socket of 127.0.0.1, with or without TLS | `listen` |
//! | what no proper server would send | [`raw_server`] |
//! | a driver of your own: 148 rules over real sockets | `conformance` |
//! | tests that say `ignored`, and why, where they can't run | `test_program` |
//! | a machine of the core, step by step on a virtual clock | [`Script`], [`Clock`], [`answer`] |
//! | whole sign-ins in a world where everything goes wrong | `simulation` |
//!
//! # For a client's own tests
//!
//! ```
//! # #[cfg(feature = "listen")]
//! # fn main() -> std::io::Result<()> {
//! use jellyfin_auth_testkit::fake_server::{FakeServer, Version};
//!
//! let mut server = FakeServer::new(Version::V10_11);
//! server.add_user("alice", "correct horse");
//! let listening = server.listen()?;
//! // Point the client at this address, let it sign in, and look at what arrived.
//! let (_address, arrived) = (listening.url(), listening.requests());
//! assert!(arrived.is_empty());
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "listen"))]
//! # fn main() {}
//! ```
//!
//! # Features
//!
//! `listen` (sockets, TLS, the conformance suite) and `simulation` are on by default; `fuzzing` has the
//! bodies of the fuzz targets.
//!
//! Rust 1.85 or later; a new minor version may ask for a newer one, never for one that is younger than
//! half a year.

#![forbid(unsafe_code)]

pub mod answer;
mod clock;
#[cfg(feature = "listen")]
pub mod conformance;
pub mod fake_server;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
#[cfg(feature = "listen")]
pub mod listen;
#[cfg(feature = "listen")]
mod need;
pub mod raw_server;
mod script;
#[cfg(feature = "simulation")]
pub mod simulation;
#[cfg(feature = "listen")]
pub mod test_program;

pub use clock::Clock;
pub use script::{Exchange, Script};
