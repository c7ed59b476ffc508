//! A finished sign-in, and how to keep it.

mod record;

pub use record::{RecordError, SessionRecord};

pub(crate) use record::{check_version, device};

use std::fmt;

use http::{HeaderValue, Request, header};

use crate::{AccessToken, Device, ServerUrl, User, authorization};

/// A finished sign-in: who is signed in where, and the token that proves it.
///
/// ```
/// # use jellyfin_auth::Session;
/// fn list_libraries(session: &Session) -> http::Request<()> {
///     let mut request = http::Request::get(format!("{}/UserViews", session.server()))
///         .body(())
///         .expect("a server URL with a path is a URI");
///     session.authorize(&mut request);
///     request
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Session {
    server: ServerUrl,
    server_id: Box<str>,
    user: User,
    access_token: AccessToken,
    device: Device,
}

impl Session {
    pub(crate) fn new(
        server: ServerUrl,
        server_id: String,
        user: User,
        access_token: AccessToken,
        device: Device,
    ) -> Self {
        Self { server, server_id: server_id.into(), user, access_token, device }
    }

    /// The same session as the server describes its user now.
    pub(crate) fn with_user(mut self, user: User) -> Self {
        self.user = user;
        self
    }

    /// The same session at the address where its server was found.
    pub(crate) fn at(mut self, server: ServerUrl) -> Self {
        self.server = server;
        self
    }

    /// Where the server is: as adopted, not as typed.
    #[must_use]
    pub fn server(&self) -> &ServerUrl {
        &self.server
    }

    /// Which server it is.
    #[must_use]
    pub fn server_id(&self) -> &str {
        &self.server_id
    }

    /// Who is signed in.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.user
    }

    /// The token.
    #[must_use]
    pub fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    /// The program and device that are signed in.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The value of the `Authorization` header for every later request to [`server`](Self::server).
    /// It is marked sensitive. It works on every server version; send the token in no other header
    /// and no query: servers from 12 on ignore them (protocol facts, section 2.1).
    #[must_use]
    pub fn authorization(&self) -> HeaderValue {
        authorization::with_token(self.device.authorization(), &self.access_token)
    }

    /// Puts [`authorization`](Self::authorization) into a request, in place of any other.
    pub fn authorize<B>(&self, request: &mut Request<B>) {
        request.headers_mut().insert(header::AUTHORIZATION, self.authorization());
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { server, server_id, user, access_token, device } = self;
        f.debug_struct("Session")
            .field("server", server)
            .field("server_id", server_id)
            .field("user", user)
            .field("access_token", access_token)
            .field("device", device)
            .finish()
    }
}
