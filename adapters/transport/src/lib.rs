//! What the drivers of [`jellyfin_auth`] have in common: the same names, the same options, the same
//! behaviour, whether a driver blocks or is async.
//!
//! Programs don't use this crate itself: each adapter re-exports what its users need
//! ([`Options`], [`Proxy`], [`Handle`], [`Error`], [`ErrorKind`], [`ConfigError`]). The rest is for
//! writers of drivers:
//!
//! | For | Use |
//! |---|---|
//! | which way a request goes | [`Options::route`] |
//! | which of a host's addresses is tried when | [`interleave_families`], [`CONNECTION_ATTEMPT_DELAY`] |
//! | TLS | [`Tls::config`] |
//! | looking at a server's certificate | [`Tls::inspect`] |
//! | waiting, "next", cancelling | [`Control`] and [`Run`]; the user has the [`Handle`] |
//! | what went wrong below the protocol | [`TransportError`] |
//! | how long a kept-alive connection may be reused | [`KeepAlive`] |
//! | looking for servers on the local network | [`LanSearch::start`], [`CollectingLanSearch`] |
//! | the error that a run ends with | [`LastFailure`] |
//! | spans and events | [`RunSpan`], [`RequestEvent`] |
//!
//! # Feature flags
//!
//! `tracing`, off by default: a [`RunSpan`] is a span of [tracing](https://docs.rs/tracing) with events
//! in it; their target is `jellyfin_auth`. Without the feature it is empty and does nothing. The adapters
//! have a feature of the same name, and list the events.
//!
//! Rust 1.85 or later; a new minor version may ask for a newer one, never for one that is younger than
//! half a year.

#![forbid(unsafe_code)]

mod addresses;
mod control;
mod error;
mod keep_alive;
mod lan_search;
mod last_failure;
mod options;
mod proxy;
mod spans;
mod tls;
mod transport_error;

pub use addresses::{CONNECTION_ATTEMPT_DELAY, interleave_families};
pub use control::{Control, Handle, Run, Waker};
pub use error::{ConfigError, Error, ErrorKind};
pub use keep_alive::KeepAlive;
pub use lan_search::{CollectingLanSearch, LanSearch};
pub use last_failure::LastFailure;
pub use options::Options;
pub use proxy::{Proxy, ProxyServer, Route};
pub use spans::{RequestEvent, RunSpan};
pub use tls::{CertificateDetails, Distrust, Inspection, Tls};
pub use transport_error::TransportError;

/// The versions of TLS and of its types that [`Tls`] speaks, so that a driver uses the same ones.
pub use rustls;
