//! Drivers for HTTP stacks of one's own, to copy from. Each module is complete. Those
//! that block or await give [`drive`](jellyfin_auth::drive) or
//! [`drive_async`](jellyfin_auth::drive_async) a function that sends one request and one that waits; the
//! frame loop calls [`poll`](jellyfin_auth::Machine::poll) itself.
//!
//! | Module | Stack | Given up by | "Next" by |
//! |---|---|---|---|
//! | [`over_hyper_util`] | hyper-util's legacy client on tokio | dropping the future | a `Notify` |
//! | [`plain_tcp`] | `std::net::TcpStream` and httparse, http only | a channel | the same channel |
//! | [`frame_loop`] | no blocking call: requests run on a thread of their own | a key | a key |
//!
//! All open a connection for each request. There is one every five seconds, and what may go wrong
//! with a kept connection (it died idle, the server's keep-alive ran out, a stray answer lies in it)
//! can't go wrong so.
//!
//! Each passes the conformance suite of `jellyfin-auth-testkit`; its exceptions are in
//! `tests/conformance`, with reasons.

pub mod frame_loop;
mod hyper_failure;
pub mod over_hyper_util;
pub mod plain_tcp;

/// The programs in the repository's README compile.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub mod readme {}
