//! Drivers for HTTP stacks of one's own, to copy from. Each module is complete: a loop around
//! [`poll`](jellyfin_auth::Login::poll) and a function that sends one request.
//!
//! | Module | Stack | Cancelled by |
//! |---|---|---|
//! | [`plain_tcp`] | `std::net::TcpStream` and `httparse`, http only | a channel |
//!
//! Each passes the conformance suite of `jellyfin-auth-testkit`; its exceptions are in
//! `tests/conformance.rs`, with reasons.

pub mod plain_tcp;
