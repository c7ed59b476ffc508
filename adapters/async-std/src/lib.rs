//! Signs in to a Jellyfin server from async code: [`jellyfin_auth`] driven by
//! [hyper](https://docs.rs/hyper) over [async-std](https://docs.rs/async-std).
//!
//! The futures are `Send`, run on async-std's executor and on any other, spawn no task and need no
//! tokio. Dropping one, at any point, closes its connection at once.
//!
//! # By password
//!
//! ```no_run
//! use jellyfin_auth::{Device, DeviceFields, DeviceId, ServerUrl};
//! use jellyfin_auth_async_std::sign_in_with_password;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = ServerUrl::parse("https://media.example.com")?;
//! let device = Device::new(DeviceFields {
//!     client: "My Player",
//!     version: "1.0",
//!     name: "Living room",
//!     id: DeviceId::new("f2f1c8a4")?, // chosen once per account, and kept with its session
//! })?;
//!
//! async_std::task::block_on(async {
//!     let session = sign_in_with_password(server, device, "alice", "wonderland").await?;
//!     println!("Signed in as {}", session.user().id);
//!     Ok(())
//! })
//! # }
//! ```
//!
//! # By Quick Connect
//!
//! The server hands out a code, which the user types into an app that is already signed in.
//!
//! ```no_run
//! # use jellyfin_auth::{Device, DeviceFields, DeviceId, ServerUrl};
//! use jellyfin_auth_async_std::Driver;
//!
//! # async fn sign_in() -> Result<(), Box<dyn std::error::Error>> {
//! # let server = ServerUrl::parse("https://media.example.com")?;
//! # let device = Device::new(DeviceFields {
//! #     client: "My Player", version: "1.0", name: "Living room", id: DeviceId::new("f2f1c8a4")?,
//! # })?;
//! let mut driver = Driver::new();
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
//! [`GetPublicUsers`](jellyfin_auth::endpoint::GetPublicUsers). [`find_servers`] asks the local network.
//! [`Options`] are how to connect.
//!
//! # Dropping and cancelling
//!
//! A sign-in is over when its future is dropped: while connecting, during a handshake, in the middle of
//! a response, during a wait. The connection belongs to the future, so that its socket is closed in the
//! same moment; nothing goes on in the background but the look-up of a name, which no system lets anyone
//! interrupt. The driver itself can be used again, and so can a login that was lent to it
//! (`driver.run(&mut login)`): it goes on where it was, or is kept by
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
//! [`advice`](jellyfin_auth::Error::advice) is who must act), or what must be put right on this side
//! ([`ErrorKind::Config`]). [`source`](std::error::Error::source) is the last error of the network or of
//! TLS. `Display` is one sentence that can be shown to a user; nothing shows a secret.
//!
//! # TLS
//!
//! rustls with `ring`, TLS 1.2 and 1.3, the system's certificate authorities, and the certificates
//! that [`Options::root_certificate_pem`] adds: a private authority's, or the self-signed one of a home
//! server. No switch turns the checks off. TLS is set up by the first request that needs it, which
//! reads the system's authorities from disk; plain http works on a machine without any. The feature `bundled-roots` adds Mozilla's authorities,
//! for devices whose own are old or missing.
//!
//! A certificate that isn't trusted ends with
//! [`UntrustedCertificate`](jellyfin_auth::Failure::UntrustedCertificate), and [`Error::certificate`] has
//! what a person can compare with the server's own screen: fingerprint, names, dates, issuer, and why it isn't
//! trusted. Whoever agrees to it passes it to [`Options::trust`], which takes exactly that certificate at that
//! origin, and to [`Session::trust_certificate`](jellyfin_auth::Session::trust_certificate), which keeps it.
//! Another one there later is
//! [`CertificateChanged`](jellyfin_auth::Failure::CertificateChanged); nothing is sent.
//!
//! [`Options::client_certificate`] is for servers that want to know who connects; that one is wanted is
//! [`ClientCertificateRequired`](jellyfin_auth::Failure::ClientCertificateRequired).
//!
//! # Proxies
//!
//! From `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in lower or upper case, or by
//! [`Options::proxy`]. http requests go to the proxy itself, https ones through a tunnel. SOCKS
//! proxies, and proxies that want TLS themselves, are refused.
//!
//! # Connections, limits, memory, observability
//!
//! What is done to connections, how much is accepted of a server, what stays in memory, and which spans and
//! events there are with the feature `tracing`: the [`manual`] of the drivers.
//! Nothing else is logged here; what async-std and its crates log is about sockets and timers.
//!
//! # async-std
//!
//! async-std is discontinued upstream
//! ([RUSTSEC-2025-0052](https://rustsec.org/advisories/RUSTSEC-2025-0052.html)). It is used for looking names
//! up, sockets and timers alone. The feature `smol` puts those of
//! [async-net](https://docs.rs/async-net) and [async-io](https://docs.rs/async-io) in its place, also where
//! another crate turns `async-std` on; with `default-features = false, features = ["lan", "smol"]` async-std
//! isn't even built. No type of either is in this crate's interface.
//!
//! # Features, compilers, servers
//!
//! `async-std`, and `lan`, which is `find_servers`, are on by default; `smol`, `bundled-roots` and `tracing` are
//! off. Rust 1.85 or later; a new minor version may ask for a
//! newer one, never for one that is younger than half a year. Jellyfin 10.7 to 12, Quick Connect from
//! 10.8 on: the table is in [`jellyfin_auth`]. Over http the password is sent as it is:
//! [`ServerUrl::is_encrypted`] shows which it is.

#![forbid(unsafe_code)]

mod connection;
mod driver;
mod exchange;
#[cfg(feature = "lan")]
mod lan;
mod runtime;

pub use driver::Driver;
#[cfg(feature = "lan")]
pub use jellyfin_auth_transport::LanSearch;
#[doc(inline)]
pub use jellyfin_auth_transport::manual;
pub use jellyfin_auth_transport::{
    CertificateDetails, ConfigError, Distrust, Error, ErrorKind, Handle, Options, Proxy,
    UntrustedCertificate,
};
#[cfg(feature = "lan")]
pub use lan::find_servers;

use jellyfin_auth::{Device, Password, ServerUrl, Session, Wait};

/// Signs in by user name and password, with the default options.
///
/// # Errors
///
/// [`Error`], such as [`BadCredentials`](jellyfin_auth::Error::BadCredentials).
pub async fn sign_in_with_password(
    server: ServerUrl,
    device: Device,
    user_name: impl Into<String>,
    password: impl Into<Password>,
) -> Result<Session, Error> {
    Driver::new().sign_in_with_password(server, device, user_name, password).await
}

/// Signs in by Quick Connect, with the default options: `on_wait` shows the code.
///
/// # Errors
///
/// [`Error`], such as [`CodeExpired`](jellyfin_auth::Error::CodeExpired).
pub async fn sign_in_with_quick_connect(
    server: ServerUrl,
    device: Device,
    on_wait: impl FnMut(&Wait),
) -> Result<Session, Error> {
    Driver::new().sign_in_with_quick_connect(server, device, on_wait).await
}
