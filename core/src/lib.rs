//! Sign in to a [Jellyfin](https://jellyfin.org) server, by user name and password or by Quick
//! Connect, with any HTTP stack.
//!
//! This crate does no I/O. Both ways to sign in are state machines that emit [`http::Request`]s and
//! consume [`http::Response`]s; a *driver*, which may be yours, carries them. Ready-made drivers are
//! `jellyfin-auth-ureq` (blocking) and `jellyfin-auth-async-std` (async).
//!
//! The promise: a sign-in that can succeed does succeed, a sign-in that can't says exactly why, and
//! no secret goes where it should not.
//!
//! # The loop
//!
//! Every driver is this loop around [`Login::poll`]:
//!
//! ```
//! use jellyfin_auth::{Device, DeviceId, Error, Failure, Login, ServerUrl, Session, Step, Timestamp};
//!
//! /// `send` is your HTTP stack, without redirects, and with an answer for every status.
//! fn sign_in(
//!     mut login: Login,
//!     mut send: impl FnMut(&http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Failure>,
//!     mut sleep: impl FnMut(std::time::Duration),
//!     now: impl Fn() -> Timestamp,
//! ) -> Result<Session, Error> {
//!     loop {
//!         match login.poll(now())? {
//!             Step::Send(request) => {
//!                 let (request, ticket) = request.into_parts();
//!                 let told = match send(&request) {
//!                     Ok(response) => login.handle_response(ticket, response),
//!                     Err(failure) => login.handle_failure(ticket, failure),
//!                 };
//!                 told.expect("the ticket is the one that was just handed out");
//!             }
//!             Step::Wait(wait) => {
//!                 if let Some(code) = wait.code() {
//!                     println!("Enter {code} in an app that is signed in ({})", wait.reason());
//!                 }
//!                 sleep(wait.delay());
//!             }
//!             Step::Pending => unreachable!("this driver tells every answer at once"),
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
//! # let send = |request: &http::Request<Vec<u8>>| {
//! #     Ok(server.borrow_mut().handle(clock.borrow().now().since_origin(), request))
//! # };
//! # let sleep = |delay| {
//! #     clock.borrow_mut().advance(delay);
//! #     let code = server.borrow().pending_codes().next().map(str::to_owned);
//! #     if let Some(code) = code {
//! #         let _ = server.borrow_mut().approve(clock.borrow().now().since_origin(), &code, "alice");
//! #     }
//! # };
//! # let now = || clock.borrow().now();
//! # let device_id = DeviceId::from_random([7; 16]);
//! let server_url = ServerUrl::parse("media.example.com")?;
//! let device = Device::new("Example Player", "1.4.0", "Living room", device_id)?;
//!
//! // By password …
//! let login = Login::password(server_url.clone(), device.clone(), "alice", "correct horse")?;
//! let session = sign_in(login, &send, &sleep, &now)?;
//! assert_eq!(session.user().name.as_deref(), Some("alice"));
//!
//! // … or by Quick Connect.
//! let session = sign_in(Login::quick_connect(server_url, device), &send, &sleep, &now)?;
//! assert!(server.borrow().is_token_valid(session.access_token().expose()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The contract of a driver
//!
//! [`Machine`] states it, [`driver_guide`] explains it. In short: send what [`Step::Send`] holds, as it
//! is, once, without following redirects; tell every answer, whatever its status, with the ticket; call
//! it [`Failure::Unreachable`] only when no byte was sent; poll when a wait or a request is over; show
//! what every [`Step::Wait`] says. A dropped ticket, a stale one, a poll too many, a clock that goes
//! back: none of it does harm.
//!
//! By password:
//!
//! ```text
//!    redirect or base path: adopt it
//!   ┌──┐
//!   ▼  │
//!  Probe ───────────────────► Authenticate ───────► Verify ───► Done
//!   │     a Jellyfin           │      token (if the policy asks)
//!   │                          ├─ 401 ────────────────────► BadCredentials
//!   │                          ├─ 403 ────────────────────► LoginRefused
//!   │                          ├─ sent, but no answer ────► NoAnswer: no password is sent twice
//!   │                          └─ unreachable, starting ──► the same again, after a wait
//!   └─ not a Jellyfin, not set up, elsewhere ─► NotJellyfin, ServerNotSetUp, Redirected, …
//! ```
//!
//! By Quick Connect:
//!
//! ```text
//!  Probe ─► CheckEnabled ─► Initiate ─► Waiting ◄──────────────┐
//!              │              ▲  code      │ delay over,       │ not yet approved; or no answer,
//!              │              │            ▼ or check_now      │ 401, 5xx, a portal: Wait::reason
//!              │              │           Poll ────────────────┘
//!              │              │            │ approved
//!              │              │            ▼
//!              │              │         Exchange ◄─┐ no answer, 401, 5xx, a portal:
//!              │              │            │   └───┘ the same again, after a wait
//!              │              │            │ token
//!              │              │            └───► Verify (if the policy asks) ───► Done
//!              │              │
//!              │              └─ 404 to Poll or Exchange, and renewals left: a new code
//!              │                 404, and none left ──────────► CodeExpired, CodeLost
//!              │                 nothing heard for 20 min ────► what was heard last
//!              ├─ false, 401 ─────────────────────────────────► QuickConnectDisabled
//!              └─ 404 ────────────────────────────────────────► QuickConnectUnsupported
//! ```
//!
//! In any state without a code on show, a request that failed is tried again `retries` times, and a
//! server that is starting or busy for as long as `patience` lasts ([`Policy`]). `cancel` leads from
//! each state to `Cancelled`.
//!
//! # Inside
//!
//! ```text
//!            what the protocol says             when to act
//!  ┌───────────────────────────────────┐   ┌──────────────────┐   Step::Send   ┌────────┐  HTTP
//!  │ flow:  probe, password,           │   │ errand: in flight│ ─────────────► │        │ ◄────► server
//!  │        quick_connect, session_…   │◄─►│  waiting, backing│ ◄───────────── │ driver │
//!  │ endpoint: one file a request      │   │  off, the error  │ handle_…       │        │ ◄────► user
//!  │ verdict: who answered, what then  │   │  that stays      │ ─────────────► │        │
//!  └───────────────────────────────────┘   └──────────────────┘   Step::Wait   └────────┘
//! ```
//!
//! A sign-in begins by asking who the server is (`GET /System/Info/Public`, which tells it nothing):
//! a wrong address, a base path, https behind a redirect, a start-up, a missing set-up are found
//! before a password is sent anywhere.
//!
//! # What the rules rest on
//!
//! The servers' behaviour was read in their source and recorded from running ones, 10.8 to 12. The
//! facts that the code rests on, by the section numbers that its documentation points to:
//!
//! * **2 Header.** Every version takes `Authorization: MediaBrowser Client="…", Device="…",
//!   DeviceId="…", Version="…"`, with `, Token="…"` once signed in; 12 takes nothing else by default.
//!   Values are percent-decoded once from 10.8 on; 10.7 decodes nothing.
//! * **3 Identity.** All four fields must be there. On 10.8 a login without a device id signs other
//!   users out.
//! * **4 Endpoints.** 401 to a password is a wrong name or password; 403 is a refused user, and the
//!   server doesn't say why. 401 to a token means that it is gone, 403 that its user may not come in
//!   now. Initiate takes POST from 10.9 on, GET up to 10.11.
//! * **5 Quick Connect.** A code and its secret live for ten minutes; the result for ten more after
//!   the approval, and it can be fetched any number of times. 404 means expired or forgotten, 401
//!   switched off, perhaps for a while. State is lost when the server restarts.
//! * **6 Tokens.** They don't expire. A sign-in with the same user and device id replaces the old
//!   token (10.9 and later) or gives it again (10.7, 10.8).
//! * **7 JSON.** Property names are matched in any case.
//! * **8 HTTP.** While a server starts it is refused, 503, or a camel-case answer that says
//!   `startupWizardCompleted:false` whatever the truth; then 503 with a page; then it is there. A
//!   network address that isn't let in gets 503 or 200 without a body. A wrong base path gets a
//!   redirect to the web client, which tells the right one. Every answer of the main server carries
//!   `X-Response-Time-ms`, and nothing that was seen in front of one sends it.
//!
//! # Secrets
//!
//! Passwords, tokens and Quick Connect secrets are wiped when they are dropped and stay out of
//! `Debug`, `Display` and errors. They are sent to the server's own origin alone, never over http
//! after https. The body and the URI of an emitted request belong to the driver: keep them out of
//! logs. An address with http sends the password as it is: [`ServerUrl::is_encrypted`] tells, so that a
//! program can warn.
//!
//! # Errors
//!
//! [`Error`] has the table: what happened, and who must act. [`Error::advice`] says the same to a
//! program: ask for the password, ask for the address, try again, offer the other way to sign in.
//!
//! # Servers
//!
//! | Jellyfin | Password | Quick Connect |
//! |---|---|---|
//! | 12 | yes | yes |
//! | 10.9, 10.10, 10.11 | yes | yes |
//! | 10.8 | yes | yes |
//! | 10.7 | yes; names with `,` `"` `%` `+` or non-ASCII characters are shown percent-encoded | no: [`Error::QuickConnectUnsupported`] |
//!
//! # Features, compilers, versions
//!
//! There are no feature flags. Of other crates' types the interface shows `http`'s and serde's traits
//! alone. Rust 1.85 or later; a new minor version may ask for a newer one, never for one that is
//! younger than half a year. It builds for `wasm32-unknown-unknown`: the [guide](driver_guide) tells
//! what a driver in a browser looks like.

#![forbid(unsafe_code)]

mod answer;
mod authorization;
mod device;
mod discovery;
pub mod endpoint;
mod errand;
mod error;
mod flow;
mod json;
pub mod lan;
mod login;
mod machine;
mod pace;
mod percent;
mod policy;
mod saved;
mod secret;
mod server_url;
mod session;
mod session_check;
mod user;
mod verdict;

/// How to write a driver of your own.
#[doc = include_str!("../docs/driver.md")]
pub mod driver_guide {}

pub use device::{Device, DeviceError, DeviceField, DeviceId};
pub use discovery::{Discovery, Server};
pub use endpoint::{Endpoint, ServerInfo};
pub use error::{Advice, Attempt, Error, Stage};
pub use login::Login;
pub use machine::{
    Failure, Machine, Request, StaleTicket, Step, Ticket, Timestamp, Wait, WaitReason,
};
pub use policy::{Policy, Renewals};
pub use saved::Saved;
pub use secret::{AccessToken, Password, QuickConnectSecret};
pub use server_url::{ServerUrl, ServerUrlError};
pub use session::{RecordError, Session, SessionRecord};
pub use session_check::{SessionCheck, SessionState};
pub use user::User;
