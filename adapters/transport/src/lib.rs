//! What the drivers of [`jellyfin_auth`] have in common: the same names, the same options, the same
//! behaviour, whether a driver blocks or is async.
//!
//! Programs don't use this crate itself: each adapter re-exports what its users need
//! ([`Options`], [`Proxy`], [`Handle`], [`Error`], [`ErrorKind`], [`SetUpError`]). The rest is for
//! writers of drivers:
//!
//! | For | Use |
//! |---|---|
//! | extra headers | [`Options::add_headers`] |
//! | which way a request goes | [`Options::route`] |
//! | which of a host's addresses is tried when | [`by_turns`], [`STAGGER`] |
//! | TLS | [`Tls::config`] |
//! | what a request may cost | [`Limits`] |
//! | waiting, "next", cancelling | [`Signals`], of which the user holds the [`Handle`] |
//! | what went wrong below the protocol | [`TransportError`] |
//! | how long a kept-alive connection may be reused | [`KeepAlive`] |
//! | looking for servers on the local network | [`LanSearch::sockets`] |
//! | the end of a run | [`Verdict`] |
//! | telling `tracing` what goes on | [`Journal`], [`Entry`] |
//!
//! # Feature flags
//!
//! `tracing`, off by default: a [`Journal`] tells what goes on as a span and events of
//! [tracing](https://docs.rs/tracing), whose target is `jellyfin_auth`. Without it a journal is empty
//! and does nothing. The adapters have a feature of the same name and say which events there are.
//!
//! Rust 1.85 or later; a new minor version may ask for a newer one, never for one that is younger than
//! half a year.

#![forbid(unsafe_code)]

mod addresses;
mod error;
mod extra_header;
mod handle;
mod journal;
mod keep_alive;
mod lan_search;
mod limits;
mod options;
mod proxy;
mod tls;
mod transport_error;
mod verdict;

pub use addresses::{STAGGER, by_turns};
pub use error::{Error, ErrorKind, SetUpError};
pub use handle::{CancelGuard, Handle, Signals, Woken};
pub use journal::{Entry, Journal};
pub use keep_alive::KeepAlive;
pub use lan_search::LanSearch;
pub use limits::Limits;
pub use options::Options;
pub use proxy::{Proxy, ProxyServer, Route};
pub use tls::Tls;
pub use transport_error::TransportError;
pub use verdict::Verdict;

/// The versions of TLS and of its types that [`Tls`] speaks, so that a driver uses the same ones.
pub use rustls;
