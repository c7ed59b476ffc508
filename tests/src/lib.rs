//! What it takes to test a program that signs in to Jellyfin: a server, its traps, and time.
//!
//! | For | Use |
//! |---|---|
//! | an app's sign-in, in four tests | [`Harness`], as [this page](test_your_apps_sign_in) shows |
//! | a Jellyfin of 10.7 to 12, as a pure function of state, request and time | [`fake_server`] |
//! | the same on a socket of 127.0.0.1, with or without TLS | `listen` |
//! | tests that say `ignored`, and why, where they can't run | `test_program` |
//! | a machine of the core, step by step on a virtual clock | [`Script`], [`Clock`], [`answer`] |
//! | a driver of your own, rule by rule over real sockets | `conformance` |
//! | what no proper server would send | `raw_server` |
//!
//! # A server for any client
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
//! | Feature | Brings | Needs |
//! |---|---|---|
//! | none | the fake server, the clock, the harness, scripts and answers | no sockets, no TLS |
//! | `conformance`, on by default | `conformance` and `raw_server` | `socket2` |
//! | `listen` | `listen`, and the suite's rules that need TLS or the fake server on a socket | `tokio`, `hyper`, `rustls` with `ring`, `rcgen` |
//! | `test-program` | `test_program`, and `conformance::main`: each rule a test of its own | `libtest-mimic` |
//!
//! A driver's tests turn `listen` on. Without it the suite reports the rules that need it as impossible.
//!
//! Rust 1.85 or later; a new minor version may ask for a newer one, never for one that is younger than
//! half a year.

#![forbid(unsafe_code)]

pub mod answer;
mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod fake_server;
mod harness;
#[cfg(feature = "listen")]
pub mod listen;
#[cfg(feature = "conformance")]
#[cfg_attr(
    not(feature = "test-program"),
    allow(dead_code, unreachable_pub, reason = "test programs use the rest")
)]
mod need;
#[cfg(feature = "conformance")]
pub mod raw_server;
mod script;
#[cfg(feature = "test-program")]
pub mod test_program;

pub use clock::Clock;
pub use harness::Harness;
pub use script::{Exchange, Script};

/// Test your app's sign-in: four tests to begin with.
#[doc = include_str!("../docs/test_your_apps_sign_in.md")]
pub mod test_your_apps_sign_in {}
