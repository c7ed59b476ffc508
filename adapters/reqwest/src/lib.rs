//! Signs in to a Jellyfin server from a program that has [`reqwest`]: [`jellyfin_auth`] driven by it, on
//! tokio.
//!
//! The futures are `Send`. Dropping one, at any point, ends its request.
//!
//! # By password
//!
//! ```no_run
//! use jellyfin_auth::{Device, DeviceFields, DeviceId, ServerUrl};
//! use jellyfin_auth_reqwest::Driver;
//!
//! # async fn sign_in() -> Result<(), Box<dyn std::error::Error>> {
//! let server = ServerUrl::parse("https://media.example.com")?;
//! let device = Device::new(DeviceFields {
//!     client: "My Player",
//!     version: "1.0",
//!     name: "Living room",
//!     id: DeviceId::new("f2f1c8a4")?, // chosen once per account, and kept with its session
//! })?;
//!
//! let mut driver = Driver::new(reqwest::Client::builder())?;
//! let session = driver.sign_in_with_password(server, device, "alice", "wonderland").await?;
//! println!("Signed in as {}", session.user().id);
//! # Ok(())
//! # }
//! ```
//!
//! # By Quick Connect
//!
//! The server hands out a code, which the user types into an app that is already signed in.
//!
//! ```no_run
//! # use jellyfin_auth::{Device, DeviceFields, DeviceId, ServerUrl};
//! # use jellyfin_auth_reqwest::Driver;
//! # async fn sign_in(server: ServerUrl, device: Device) -> Result<(), Box<dyn std::error::Error>> {
//! let mut driver = Driver::new(reqwest::Client::builder())?;
//! let handle = driver.handle(); // for this run's "cancel" and "next" buttons, on any thread
//! let session = driver.sign_in_with_quick_connect(server, device, |wait| {
//!     match wait.code() {
//!         Some(code) => println!("Code: {code} ({})", wait.reason()),
//!         None => println!("Waiting: {}", wait.reason()),
//!     }
//! }).await?;
//! # drop((handle, session));
//! # Ok(())
//! # }
//! ```
//!
//! # More than that
//!
//! [`Driver::run_with`] runs any [`Machine`](jellyfin_auth::Machine): a
//! [`Login`](jellyfin_auth::Login) with a [`Policy`](jellyfin_auth::Policy) of its own or one that is
//! resumed, a [`Discovery`](jellyfin_auth::Discovery), a [`SessionCheck`](jellyfin_auth::SessionCheck), an
//! [`ApproveQuickConnect`](jellyfin_auth::ApproveQuickConnect), a [`SignOut`](jellyfin_auth::SignOut).
//! [`Driver::call`] sends a single request of [`jellyfin_auth::endpoint`], such as
//! [`GetPublicUsers`](jellyfin_auth::endpoint::GetPublicUsers).
//!
//! # The client
//!
//! Certificates, proxies, a resolver and default headers are the program's to set on the
//! [`ClientBuilder`](reqwest::ClientBuilder), and so is TLS: this crate takes reqwest without any, and a
//! program chooses one by reqwest's features (`rustls`, `rustls-no-provider`, `native-tls`). What would
//! break a sign-in is switched off, whatever the builder says: redirects (the sign-in knows which are
//! harmless), retries (a password is never sent twice), the `Referer` header, decompression, HTTP/2.
//!
//! Headers that are set by `default_headers` go to every server that is asked: also to those that a
//! search tries.
//!
//! # Dropping and cancelling
//!
//! A sign-in is over when its future is dropped: while connecting, during a handshake, in the middle of
//! a response, during a wait. reqwest runs each connection in a task of tokio's, which closes the socket
//! when it is woken next: at once, as long as the runtime runs. The driver can be used again, and so can
//! a login that was lent to it (`driver.run(&mut login)`): it goes on where it was, or is kept by
//! [`Login::to_record`](jellyfin_auth::Login::to_record).
//!
//! [`Handle::cancel`] ends what runs from another thread, at once, with
//! [`Cancelled`](jellyfin_auth::Error::Cancelled). The same driver can be used again: after "cancel", the
//! user signs in by password. A handle belongs to one run, the next one after [`Driver::handle`]: cancelled
//! before that begins, it ends at once, and what is pressed too late reaches no other.
//!
//! # Errors
//!
//! [`Error::kind`] decides: the protocol's error ([`ErrorKind::Login`], whose
//! [`advice`](jellyfin_auth::Error::advice) is who must act). [`source`](std::error::Error::source) is
//! the last error of the network or of TLS. `Display` is one sentence that can be shown to a user;
//! nothing shows a secret: reqwest's own texts, which quote addresses with their queries, aren't passed
//! on.
//!
//! Which [`Failure`](jellyfin_auth::Failure) an error of reqwest's is follows from the types of its
//! causes, such as `std::io::Error`, `rustls::Error` and hyper's. When no connection was made, nothing
//! was sent, and that is `Unreachable`; a failure on a connection is `Interrupted`.
//!
//! # What reqwest can't do
//!
//! The driver keeps every rule of the conformance suite but these:
//!
//! * `a_login_keeps_its_connection_between_polls`,
//!   `https_a_login_keeps_its_connection_between_polls`: each request has a connection of its own. A
//!   request that may not be sent twice needs a fresh one, and reqwest has one pool for all requests of a
//!   client, and one client for a builder. The rules whose names begin with `kept_connection_` or
//!   `https_kept_connection_` have nothing to look at.
//! * `a_head_of_more_than_64_kib_is_refused`: hyper takes up to 400 KiB.
//! * `https_with_a_given_self_signed_certificate`: rustls takes no certificate of an authority for a
//!   server's. Home servers that sign their own, as `openssl req -x509` makes them, need an authority of
//!   their own, or a verifier by the builder's `tls_backend_preconfigured`.
//! * `endless_informational_answers_are_refused`: hyper passes over as many as come. While it does, tokio may
//!   have no thread left for its timers, so that the time limit comes late.
//! * `https_endless_session_tickets_are_refused`: rustls passes over as many as come, until the time is over.
//! * `https_a_connect_with_bytes_behind_its_answer_is_refused`: what a proxy sends behind its answer goes to
//!   TLS, which ends in a failure of TLS or when the time is over.
//!
//! And where the suite doesn't look, or takes what is also true:
//!
//! * reqwest has one time for a whole request: when it is over before there is a connection, the failure is
//!   `Timeout` and not `Unreachable`. A certificate that isn't trusted is `Tls`.
//! * A cookie jar on the builder is switched off with the feature `cookies` alone. Without it, put none
//!   there.
//! * reqwest doesn't say whose name can't be looked up. With a proxy for plain http it may be the proxy's.
//! * With another TLS than rustls, whatever goes wrong in a handshake and isn't an I/O error is `Tls`; that
//!   plain http is spoken there isn't recognised.
//!
//! # Secrets in memory
//!
//! Bodies with a password, a Quick Connect secret or a token and headers with a token are wiped when they
//! are let go. What hyper and TLS copy into their own buffers isn't: the buffers are freed with the
//! connection, at the end of each request. Neither is the address of a poll, which holds the secret: reqwest
//! keeps addresses in a type of its own.
//!
//! # Observability
//!
//! The feature `tracing` adds spans and events of [tracing](https://docs.rs/tracing) with the target
//! `jellyfin_auth`: a span `run` for a machine's run (field `machine`), a span `call` for a single request
//! (field `endpoint`), and in them the events `request answered`, `request failed`, `request given up`,
//! `waiting`, `wait over`, `done` and `failed`. The fields are those of the other drivers, whose
//! documentation lists them. No secret is in any of it.
//!
//! # Features, compilers, servers
//!
//! | Feature | What for |
//! |---|---|
//! | `lan`, on by default | `find_servers`: looks for servers on the local network |
//! | `cookies` | switches a cookie jar on the builder off |
//! | `tracing` | spans and events |
//!
//! Rust 1.85 or later; a new minor version may ask for a newer one, never for one that is younger than
//! half a year. Jellyfin 10.7 to 12, Quick Connect from 10.8 on: the table is in [`jellyfin_auth`]. Over
//! http the password is sent as it is: [`ServerUrl::is_encrypted`](jellyfin_auth::ServerUrl::is_encrypted)
//! shows which it is.

#![forbid(unsafe_code)]

mod driver;
mod exchange;
mod failure;
#[cfg(feature = "lan")]
mod lan;

pub use driver::Driver;
#[cfg(feature = "lan")]
pub use jellyfin_auth_transport::LanSearch;
pub use jellyfin_auth_transport::{ConfigError, Error, ErrorKind, Handle};
#[cfg(feature = "lan")]
pub use lan::find_servers;
