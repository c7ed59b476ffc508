//! What the drivers of [`jellyfin_auth`] have in common: the same names, the same options, the same
//! behaviour, whether a driver blocks or is async.
//!
//! Programs don't use this crate itself: each adapter re-exports what its users need
//! ([`Options`], [`Proxy`], [`Handle`], [`Error`], [`ErrorKind`], [`ConfigError`]). The rest is for
//! writers of drivers:
//!
//! What every driver does alike is the [`manual`], which the adapters show, too.
//!
//! | For | Use |
//! |---|---|
//! | where a request goes, and which headers that takes | [`Target::prepare`], [`Options::route`] |
//! | a tunnel through a proxy | [`Tunnel`] |
//! | which of a host's addresses is tried when | [`interleave_families`], [`CONNECTION_ATTEMPT_DELAY`] |
//! | TLS | [`Target::tls`], [`Tls::peer`], [`TlsPeer`] |
//! | looking at a server's certificate | [`Tls::inspect`] |
//! | how far a request has come, what a failure means, and how much may arrive | [`Progress`] |
//! | bodies, which hold passwords and tokens | [`WipedBytes`] |
//! | waiting, "next", cancelling | [`Control`] and [`Run`]; the user has the [`Handle`] |
//! | what went wrong below the protocol | [`TransportError`] |
//! | how long a kept-alive connection may be reused | [`KeepAlive`] |
//! | looking for servers on the local network | [`LanSearch::start`], [`CollectingLanSearch`] |
//! | the error that a run ends with | [`LastFailure`] |
//! | spans and events | [`RunSpan`], [`RequestEvent`] |
//! | the loop around all of it | [`run_machine`], [`call_endpoint`]; for a blocking driver in a [`BlockingExecutor`] |
//!
//! # Feature flags
//!
//! On by default are `connect`, what a driver that makes its own connections needs ([`Options`],
//! [`Proxy`], [`Tls`], [`Target`], [`Tunnel`], [`Progress`]), and `lan` ([`LanSearch`]).
//!
//! `bundled-roots`, off by default: Mozilla's certificate authorities beside the system's, for devices whose
//! own are old or missing.
//!
//! `tracing`, off by default: a [`RunSpan`] is a span of [tracing](https://docs.rs/tracing) with events
//! in it; their target is `jellyfin_auth`. Without the feature it is empty and does nothing. The adapters
//! have a feature of the same name, and list the events.
//!
//! Rust 1.85 or later; a new minor version may ask for a newer one, never for one that is younger than
//! half a year.

#![forbid(unsafe_code)]

#[cfg(feature = "connect")]
mod addresses;
mod blocking_executor;
mod certificate;
mod control;
mod error;
#[cfg(feature = "connect")]
mod keep_alive;
#[cfg(feature = "lan")]
mod lan_search;
mod last_failure;
#[cfg(feature = "connect")]
mod options;
#[cfg(feature = "connect")]
mod progress;
#[cfg(feature = "connect")]
mod proxy;
mod run;
mod spans;
mod sync;
#[cfg(feature = "connect")]
mod target;
#[cfg(feature = "connect")]
mod tls;
mod transport_error;
#[cfg(feature = "connect")]
mod tunnel;
mod wiped;

#[doc = include_str!("manual.md")]
#[cfg(feature = "connect")]
pub mod manual {}

#[cfg(feature = "connect")]
pub use addresses::{CONNECTION_ATTEMPT_DELAY, interleave_families};
pub use blocking_executor::BlockingExecutor;
pub use certificate::{CertificateDetails, Distrust, UntrustedCertificate};
pub use control::{Control, Handle, Run};
pub use error::{ConfigError, Error, ErrorKind};
#[cfg(feature = "connect")]
pub use keep_alive::KeepAlive;
#[cfg(feature = "lan")]
pub use lan_search::{CollectingLanSearch, LanSearch};
pub use last_failure::LastFailure;
#[cfg(feature = "connect")]
pub use options::Options;
#[cfg(feature = "connect")]
pub use progress::{LONGEST_HEAD, Progress};
#[cfg(feature = "connect")]
pub use proxy::{Proxy, ProxyServer, Route};
pub use run::{Outgoing, call_endpoint, run_machine};
pub use spans::{RequestEvent, RunSpan};
#[cfg(feature = "connect")]
pub use target::Target;
#[cfg(feature = "connect")]
pub use tls::{Inspection, Tls, TlsPeer};
pub use transport_error::TransportError;
#[cfg(feature = "connect")]
pub use tunnel::Tunnel;
pub use wiped::WipedBytes;

/// The versions of TLS and of its types that [`Tls`] speaks, so that a driver uses the same ones.
pub use rustls;
