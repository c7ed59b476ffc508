//! Sign in to a [Jellyfin](https://jellyfin.org) server, by user name and password or by Quick
//! Connect, with any HTTP stack.
//!
//! This crate does no I/O. Both ways to sign in are state machines that emit [`http::Request`]s and
//! read [`http::Response`]s; a *driver* carries them. Ready-made drivers are `jellyfin-auth-ureq`
//! (blocking) and `jellyfin-auth-async-std` (async). With another HTTP client, [`drive`] and
//! [`drive_async`] are the driver, and you write two closures.
//!
//! The promise: a sign-in that can succeed does succeed, a sign-in that can't says exactly why, and
//! no secret goes where it should not.
//!
//! # The loop
//!
//! Every driver is this loop around [`Machine::poll`]:
//!
//! ```
//! use jellyfin_auth::{
//!     Device, DeviceFields, DeviceId, Error, Failure, Limits, Login, Machine, ServerUrl, Session, Step,
//!     Timestamp,
//! };
//!
//! /// `send` is your HTTP client: it keeps to the limits, follows no redirect, and returns a response
//! /// for every status.
//! fn sign_in(
//!     mut login: Login,
//!     mut send: impl FnMut(http::Request<Vec<u8>>, Limits) -> Result<http::Response<Vec<u8>>, Failure>,
//!     mut sleep: impl FnMut(std::time::Duration),
//!     now: impl Fn() -> Timestamp,
//! ) -> Result<Session, Error> {
//!     loop {
//!         match login.poll(now())? {
//!             Step::Send(request) => {
//!                 let (request, ticket, limits) = request.into_parts();
//!                 match send(request, limits) {
//!                     Ok(response) => login.handle(ticket, Ok(&response)),
//!                     Err(failure) => login.handle(ticket, Err(failure)),
//!                 };
//!             }
//!             Step::Wait(wait) => {
//!                 if let Some(code) = wait.code() {
//!                     println!("Enter {code} in an app that is signed in ({})", wait.reason());
//!                 }
//!                 sleep(wait.delay());
//!             }
//!             Step::Pending => sleep(std::time::Duration::from_secs(1)), // never here: no request is left open
//!             Step::Done(session) => return Ok(session),
//!         }
//!     }
//! }
//!
//! # use std::{cell::RefCell, time::Duration};
//! # use jellyfin_auth_testkit::{Clock, fake_server::{FakeServer, Version}};
//! # let clock = RefCell::new(Clock::default());
//! # let server = RefCell::new(FakeServer::new(Version::V12));
//! # server.borrow_mut().add_user("alice", "correct horse");
//! # let send = |request: http::Request<Vec<u8>>, _| {
//! #     Ok(server.borrow_mut().handle(clock.borrow().now().since_origin(), &request))
//! # };
//! # let sleep = |delay| {
//! #     clock.borrow_mut().advance(delay);
//! #     let code = server.borrow().pending_codes().next().map(str::to_owned);
//! #     if let Some(code) = code {
//! #         let _ = server.borrow_mut().approve(clock.borrow().now().since_origin(), &code, "alice");
//! #     }
//! # };
//! # let now = || clock.borrow().now();
//! let server_url = ServerUrl::parse("media.example.com")?;
//! let device = Device::new(DeviceFields {
//!     client: "Example Player",
//!     version: "1.4.0",
//!     name: "Living room",
//!     id: DeviceId::from_random([7; 16]), // random bytes once, then kept with the session
//! })?;
//!
//! // By password …
//! let login = Login::password(server_url.clone(), device.clone(), "alice", "correct horse")?;
//! let session = sign_in(login, &send, &sleep, &now)?;
//! assert_eq!(session.user().name.as_deref(), Some("alice"));
//!
//! // … or by Quick Connect.
//! let session = sign_in(Login::quick_connect(server_url, device), &send, &sleep, &now)?;
//! # assert!(server.borrow().is_token_valid(session.access_token().expose()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Machine`] states the contract, the [driver guide](driver_guide) explains it. In short: send what
//! [`Step::Send`] holds, as it is, once, without following redirects; hand in every response, whatever its
//! status; report [`Failure::Unreachable`] only when no byte was sent; poll when a wait or a request is
//! over; show what every [`Step::Wait`] holds. A dropped ticket, a late response, a poll too many, a clock
//! that goes back: none of it does harm.
//!
//! # By password
//!
//! Each state is named after its request, which is an [endpoint].
//!
//! ```text
//!    redirect or base path: adopt it
//!   ┌──┐
//!   ▼  │
//!  GetServerInfo ─────────► AuthenticateByName ─► (GetCurrentUser) ─► Session
//!   │       a Jellyfin       │         token, if the policy asks
//!   │                        ├─ 401 ────────────────────► BadCredentials
//!   │                        ├─ 403 ────────────────────► LoginRefused
//!   │                        ├─ sent, but no response ──► NoAnswer: no password is sent twice
//!   │                        └─ unreachable, 429, starting ─► the same again, after a wait
//!   └─ not a Jellyfin, not set up, elsewhere ─► NotJellyfin, ServerNotSetUp, Redirected, …
//! ```
//!
//! # By Quick Connect
//!
//! ```text
//!  GetServerInfo ─► GetQuickConnectEnabled ─► InitiateQuickConnect
//!                     │                         │ a code
//!                     │                         ▼
//!                     │      RenewCode ─► GetQuickConnectState ◄──┐ not yet approved; no response,
//!                     │          ▲         │ approved   │  └──────┘ 401, 5xx, a portal: Wait::reason
//!                     │          │         ▼            │
//!                     │          │   AuthenticateWithQuickConnect ◄─┐ no response, 401, 5xx, a portal:
//!                     │          │         │ token    │       └─────┘ the same again, after a wait
//!                     │          │         └─► (GetCurrentUser) ─► Session
//!                     │          │                    │
//!                     │          └────────────────────┤ 404, or 20 min without success; renewals left
//!                     │                               └ none left ─► CodeExpired, CodeLost, the last failure
//!                     └─ 404, 405, 501 ─────────────────────────────► QuickConnectUnsupported
//! ```
//!
//! `cancel` leads from each state to `Cancelled`. A code stays alive then, and after an error that isn't
//! about it: [`Login::to_record`] keeps it, [`Login::resume`] goes on with it.
//!
//! # The rules
//!
//! A response is classified once, by `classify` in `reply.rs`. *Marked* means that it has the header
//! `X-Response-Time-ms`, which the main Jellyfin server puts on each of its responses and nothing in front of
//! it does ([protocol facts](protocol_facts), section 8.7). A server that was seen to set it *sets the
//! marker*: an unmarked response from its address then comes from something in front of it. The last column
//! names the file in `src` where the rule stands: in its `next` match, one row an arm, where no other
//! function is named.
//!
#![doc = include_str!("../docs/rules.md")]
//!
//! *Tried again*: after 1 s, doubled each time, up to 30 s, or to 5 s while patience lasts
//! (`engine/retries.rs`). *Waited out*: the same request again after the poll interval or that backoff,
//! whichever is longer. Neither comes before the end of a `Retry-After` (`reply/headers.rs`), nor does "next"
//! (`check_now` in `engine.rs`). What a wait shows is `reason` in `flow/setback.rs`, the defaults are in
//! `policy.rs`, who must act is in `error/advice.rs`.
//!
//! # Inside
//!
//! ```text
//!     who answered, and what        what follows from it             when to act
//!  ┌─────────────────────────┐   ┌──────────────────────────┐   ┌───────────────────┐  Step::Send   ┌────────┐  HTTP
//!  │ reply: one classification│──►│ flow: one State and one  │──►│ engine: under way,│ ────────────► │        │ ◄────► server
//!  │ endpoint: one file a    │   │ `next` for each, Setback │   │ waiting, backing  │ ◄──────────── │ driver │
//!  │ request                 │   │ for the rest             │◄──│ off, the error    │ ────────────► │        │ ◄────► user
//!  └─────────────────────────┘   └──────────────────────────┘   └───────────────────┘  Step::Wait   └────────┘
//! ```
//!
//! A search and a session with several addresses are one engine for each address: `search` races them and
//! decides which to take. `known_server` sends a session's token to the one that shows the server's id.
//!
//! A sign-in begins by asking who the server is (`GET /System/Info/Public`, which shows it nothing): a
//! wrong address, a base path, https behind a redirect, a start-up, a missing set-up are found before a
//! password is sent anywhere.
//!
//! # Secrets
//!
//! Passwords, tokens and Quick Connect secrets are wiped when they are dropped and stay out of
//! `Debug`, `Display` and errors. They are sent to the server's own origin alone, never over http
//! after https. The headers and the URI of an emitted request wipe the secrets in them with the
//! last clone; its body belongs to the driver, which should do the same. Keep all three out of logs. An address with http sends the password as it is: [`ServerUrl::is_encrypted`] shows it, so that
//! a program can warn, and [`Discovery`] hands out an http address that it guessed only when the user has
//! agreed ([`Server::url`]). A server's id is public: that an address shows the right one proves nothing
//! about who is there.
//!
//! # Gateways
//!
//! Cloudflare Access, Authelia, Authentik, Pangolin and their like stand in front of many home servers.
//! [`GatewayHeaders`] are the headers and cookies that pass one: given once to a [`Login`] or a [`Discovery`],
//! kept with the [`Session`], sent to their own origin and nowhere else. Without them the error is
//! [`Error::LoginGateway`], which names the [`Gateway`] and what it wants; the [gateway facts](gateway_facts)
//! are what it is recognized by.
//!
//! # Errors
//!
//! ```
//! # use jellyfin_auth::{Advice, Error};
//! fn explain(error: &Error) {
//!     match error {
//!         Error::CodeExpired | Error::CodeLost => println!("Get a new code."),
//!         Error::BadCredentials { .. } => println!("{error}"),
//!         other if other.advice() == Advice::AskAddress => println!("{other} Which address is it?"),
//!         other => println!("{other}"),
//!     }
//! }
//! ```
//!
#![doc = include_str!("../docs/errors.md")]
//!
//! # Servers
//!
//! | Jellyfin | Password | Quick Connect |
//! |---|---|---|
//! | 12 | yes | yes |
//! | 10.9, 10.10, 10.11 | yes | yes |
//! | 10.8 | yes | yes |
//! | 10.7 | yes; names with `,` `"` `%` `+` or non-ASCII characters are shown percent-encoded | no: [`Error::QuickConnectUnsupported`] |
//! | servers of other makes with the same interface | yes | where they have it |
//!
//! # Features, compilers, versions
//!
//! There are no feature flags. Of other crates' types the interface shows `http`'s and serde's traits
//! alone. Rust 1.85 or later; a new minor version may ask for a newer one, never for one that is
//! younger than half a year. It builds for `wasm32-unknown-unknown`: the [guide](driver_guide) shows what
//! a driver in a browser looks like.

#![forbid(unsafe_code)]

mod approve_quick_connect;
mod authorization;
mod certificate_fingerprint;
mod device;
mod discovery;
mod drive;
pub mod endpoint;
mod engine;
mod error;
mod flow;
mod gateway;
mod gateway_headers;
mod invisible;
mod known_server;
pub mod lan;
mod login;
mod login_record;
mod machine;
mod policy;
mod reply;
mod search;
mod secret;
mod server_url;
mod session;
mod session_check;
mod sign_out;
mod trusted_certificates;
mod user;

/// How to write a driver of your own.
#[doc = include_str!("../docs/driver.md")]
pub mod driver_guide {}

/// The protocol facts, by section.
#[expect(clippy::doc_markdown, reason = "the servers' own terms stand there as they are")]
#[doc = include_str!("../docs/protocol.md")]
pub mod protocol_facts {}

/// The gateway facts, by section.
#[expect(clippy::doc_markdown, reason = "the products' own names stand there as they are")]
#[doc = include_str!("../docs/gateways.md")]
pub mod gateway_facts {}

pub use approve_quick_connect::ApproveQuickConnect;
pub use certificate_fingerprint::{CertificateFingerprint, InvalidFingerprint};
pub use device::{Device, DeviceError, DeviceField, DeviceFields, DeviceId};
pub use discovery::{Discovery, Found, NoHttps, Server, Unencrypted};
pub use drive::{WakeReason, drive, drive_async};
pub use endpoint::{Endpoint, RequestName, ServerInfo};
pub use error::{Advice, Attempt, Error, LoginRefusal, UserNameHint};
pub use gateway::{Gateway, GatewayKind};
pub use gateway_headers::{GatewayHeaderError, GatewayHeaders};
pub use login::Login;
pub use login_record::LoginRecord;
pub use machine::{
    Failure, HttpResponse, Limits, Machine, Request, Step, Ticket, Timestamp, Wait, WaitReason,
};
pub use policy::{Policy, Renewals};
pub use secret::{AccessToken, Password, QuickConnectSecret, SecretError};
pub use server_url::{ServerUrl, ServerUrlError};
pub use session::{RecordError, Session, SessionRecord};
pub use session_check::{CheckedSession, SessionCheck, SessionState};
pub use sign_out::SignOut;
pub use trusted_certificates::TrustedCertificate;
pub use user::User;
