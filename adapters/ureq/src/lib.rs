//! Signs in to a Jellyfin server from blocking code: [`jellyfin_auth`] driven by
//! [ureq](https://docs.rs/ureq). No runtime, one thread: the calling one.
//!
//! # By password
//!
//! ```no_run
//! use jellyfin_auth::{Device, DeviceFields, DeviceId, ServerUrl};
//!
//! let server = ServerUrl::parse("https://media.example.com")?;
//! let device = Device::new(DeviceFields {
//!     client: "My Player",
//!     version: "1.0",
//!     name: "Living room",
//!     id: DeviceId::new("f2f1c8a4")?, // chosen once per account, and kept with its session
//! })?;
//!
//! let session = jellyfin_auth_ureq::sign_in_with_password(server, device, "alice", "wonderland")?;
//! println!("Signed in as {}", session.user().id);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # By Quick Connect
//!
//! The server hands out a code, which the user types into an app that is already signed in.
//!
//! ```no_run
//! # use jellyfin_auth::{Device, DeviceFields, DeviceId, ServerUrl};
//! # let server = ServerUrl::parse("https://media.example.com")?;
//! # let device = Device::new(DeviceFields {
//! #     client: "My Player", version: "1.0", name: "Living room", id: DeviceId::new("f2f1c8a4")?,
//! # })?;
//! use jellyfin_auth_ureq::Driver;
//!
//! let mut driver = Driver::new();
//! let handle = driver.handle(); // for this run's "cancel" and "next" buttons, on any thread
//! let session = driver.sign_in_with_quick_connect(server, device, |wait| {
//!     match wait.code() {
//!         Some(code) => println!("Code: {code} ({})", wait.reason()),
//!         None => println!("Waiting: {}", wait.reason()),
//!     }
//! })?;
//! # drop((handle, session));
//! # Ok::<(), Box<dyn std::error::Error>>(())
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
//! # Errors
//!
//! [`Error::kind`] decides: the protocol's error ([`ErrorKind::Login`], whose
//! [`advice`](jellyfin_auth::Error::advice) is who must act), or what must be put right on this side
//! ([`ErrorKind::Config`]). [`source`](std::error::Error::source) is the last error of the network or of
//! TLS. `Display` is one sentence that can be shown to a user; nothing shows a secret.
//!
//! # Cancelling
//!
//! [`Handle::cancel`] ends what runs, at once and at any point: while a name is looked up, while
//! connecting, during a handshake, before the response, in the middle of a body, during a wait. The
//! socket is closed, and the run ends with [`Cancelled`](jellyfin_auth::Error::Cancelled). The same driver
//! can be used again: after "cancel", the user signs in by password. A handle belongs to one run, the next
//! one after [`Driver::handle`]: cancelled before that begins, it ends at once, and what is pressed too
//! late reaches no other.
//!
//! Neither ureq nor the system lets a look-up or a connect be interrupted, so that they run on a thread
//! of their own, which is left behind; it sends nothing, closes what it opened, and ends with the
//! request's timeout at the latest (a look-up: with the system's).
//!
//! # TLS
//!
//! rustls with `ring`, TLS 1.2 and 1.3, the system's certificate authorities, and the certificates
//! that [`Options::root_certificate_pem`] adds: a private authority's, or the self-signed one of a home
//! server. No switch turns the checks off. TLS is set up by the first request that needs it: plain
//! http works on a machine without any authority. The feature `bundled-roots` adds Mozilla's authorities,
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
//!
//! # Logging
//!
//! ureq itself logs through the `log` crate. At the levels up to `debug` it shows neither paths,
//! queries nor headers of requests; at `trace` it shows **every byte that is sent, passwords and tokens
//! too**, and its lines of the level `debug` show queries then. A program that logs at `trace` must keep
//! the targets `ureq` and `ureq_proto` at `debug`, or leave them out. With its feature `tracing-log`,
//! which is on by default, tracing-subscriber shows these records as well.
//!
//! # Features, compilers, servers
//!
//! The features: `lan`, on by default, is `find_servers`, which looks for servers on the local network;
//! `bundled-roots` and `tracing` are off by default. Rust 1.85 or later; a new minor version may ask for a
//! newer one, never for one that is younger than half a year. Jellyfin 10.7 to 12, Quick Connect from
//! 10.8 on: the table is in [`jellyfin_auth`]. Over http the password is sent as it is:
//! [`ServerUrl::is_encrypted`] shows which it is.

#![forbid(unsafe_code)]

mod connection;
mod driver;
mod exchange;
#[cfg(feature = "lan")]
mod lan;
mod run;

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
pub fn sign_in_with_password(
    server: ServerUrl,
    device: Device,
    user_name: impl Into<String>,
    password: impl Into<Password>,
) -> Result<Session, Error> {
    Driver::new().sign_in_with_password(server, device, user_name, password)
}

/// Signs in by Quick Connect, with the default options: `on_wait` shows the code.
///
/// # Errors
///
/// [`Error`], such as [`CodeExpired`](jellyfin_auth::Error::CodeExpired).
pub fn sign_in_with_quick_connect(
    server: ServerUrl,
    device: Device,
    on_wait: impl FnMut(&Wait),
) -> Result<Session, Error> {
    Driver::new().sign_in_with_quick_connect(server, device, on_wait)
}
