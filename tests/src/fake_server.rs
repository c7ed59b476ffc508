//! A Jellyfin server of a chosen version as a pure function of its state, a request and the time.
//!
//! There is no socket, clock, thread or randomness in it: the same calls give the same answers, and a
//! copy of it is a copy of the world. It knows what sign-in needs, byte for byte as the servers send it,
//! and shares no code with the library that it is there to test. What it does is checked against
//! recorded exchanges with real servers.
//!
//! ```
//! use std::time::Duration;
//! use jellyfin_auth_testkit::fake_server::{FakeServer, Version};
//!
//! let mut server = FakeServer::new(Version::V10_11);
//! server.add_user("alice", "secret");
//!
//! let request = http::Request::post("/Users/AuthenticateByName")
//!     .header("Authorization", r#"MediaBrowser Client="App", Device="PC", DeviceId="1", Version="1.0""#)
//!     .header("Content-Type", "application/json")
//!     .body(br#"{"Username":"alice","Pw":"secret"}"#.to_vec())?;
//! let response = server.handle(Duration::ZERO, &request);
//!
//! assert_eq!(response.status(), 200);
//! assert_eq!(server.tokens().count(), 1);
//! # Ok::<(), http::Error>(())
//! ```
//!
//! Not modelled: compression, `Accept-Charset`, editing users through `POST /Users/{id}`, everything
//! that has nothing to do with signing in (404).

mod account;
mod answer;
mod authorization;
mod body;
mod discovery;
mod draw;
mod dto;
mod forgot_password;
mod identity;
mod json;
mod login;
mod moment;
mod pipeline;
mod query;
mod quick_connect;
mod redirect;
mod route;
mod session;
mod settings;
mod start_up;
mod user;
mod version;

pub use authorization::{AuthorizationFields, parse_authorization};
pub use quick_connect::ApproveError;
pub use session::{ActiveSession, StoredToken};
pub use settings::{Phase, QuickConnectState, Settings};
pub use user::UserSettings;
pub use version::Version;

use std::fmt;

use draw::Draw;
use forgot_password::Reset;
use quick_connect::QuickConnect;
use user::User;

/// A Jellyfin server; see the [module](self).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FakeServer {
    version: Version,
    settings: Settings,
    phase: Phase,
    server_id: String,
    draw: Draw,
    users: Vec<User>,
    tokens: Vec<StoredToken>,
    api_keys: Vec<ApiKey>,
    sessions: Vec<ActiveSession>,
    quick_connect: QuickConnect,
    resets: Vec<Reset>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct ApiKey {
    token: String,
    app: String,
}

impl FakeServer {
    /// A server that is set up and ready, with the administrator `root` (password `pw-root`).
    #[must_use]
    pub fn new(version: Version) -> Self {
        Self::with_seed(version, 0)
    }

    /// The same with other ids, tokens, secrets and codes.
    #[must_use]
    pub fn with_seed(version: Version, seed: u64) -> Self {
        let mut draw = Draw::new(seed);
        let server_id = draw.guid();
        let mut server = Self {
            version,
            settings: Settings::new(version),
            phase: Phase::Ready,
            server_id,
            draw,
            users: Vec::new(),
            tokens: Vec::new(),
            api_keys: Vec::new(),
            sessions: Vec::new(),
            quick_connect: QuickConnect::default(),
            resets: Vec::new(),
        };
        server.add_user("root", "pw-root");
        server.user_mut("root").is_administrator = true;
        server
    }

    /// A server as it is unpacked: no user, and a wizard that nobody has gone through.
    #[must_use]
    pub fn before_wizard(version: Version) -> Self {
        let mut server = Self::new(version);
        server.users.clear();
        server.settings.wizard_completed = false;
        server
    }

    /// The version.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The server's id.
    #[must_use]
    pub fn server_id(&self) -> &str {
        &self.server_id
    }

    /// The settings, to be looked at.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The settings, to be changed.
    pub const fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// How far the start has come.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self.phase {
            Phase::SetUpServerWaiting | Phase::SetUpServer if self.version < Version::V10_11 => {
                Phase::Loading
            }
            phase => phase,
        }
    }

    /// Goes to another phase of the start.
    pub const fn set_phase(&mut self, phase: Phase) {
        self.phase = phase;
    }

    /// Restarts: pending Quick Connect requests and sessions are forgotten, tokens survive.
    pub fn restart(&mut self) {
        self.sessions.clear();
        self.quick_connect = QuickConnect::default();
        if self.settings.quick_connect_state == QuickConnectState::Active {
            self.settings.quick_connect_state = QuickConnectState::Available;
        }
    }

    /// Makes an API key for `app` and returns it.
    pub fn add_api_key(&mut self, app: &str) -> String {
        let token = self.draw.guid();
        self.api_keys.push(ApiKey { token: token.clone(), app: app.to_owned() });
        token
    }
}

/// Shows no password, token, secret, code or PIN.
impl fmt::Debug for FakeServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let users: Vec<_> = self.users.iter().map(|user| user.name.as_str()).collect();
        f.debug_struct("FakeServer")
            .field("version", &self.version)
            .field("phase", &self.phase)
            .field("settings", &self.settings)
            .field("users", &users)
            .field("tokens", &self.tokens)
            .field("sessions", &self.sessions)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
