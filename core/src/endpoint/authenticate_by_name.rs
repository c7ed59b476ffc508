//! `POST /Users/AuthenticateByName`: sign in by password (protocol facts, sections 4.4, 4.5 and 6).

use serde::Deserialize;

use super::{Body, Definition, Endpoint, Object, RequestName, lenient, request};
use crate::{
    AccessToken, Device, Password, ServerUrl, Session, User, reply::NotRead, user::UserDto,
};

/// Signs in by user name and password. Not replayable: each request is an attempt that counts
/// towards a lockout.
///
/// [`read`](Endpoint::read) fails with [`Error::BadCredentials`](crate::Error::BadCredentials) (401),
/// [`Error::LoginRefused`](crate::Error::LoginRefused) (403, and what a plugin says) and
/// [`Error::SecondFactorRequired`](crate::Error::SecondFactorRequired).
#[derive(Clone, Copy, Debug)]
pub struct AuthenticateByName<'a> {
    /// The server to ask.
    pub server: &'a ServerUrl,
    /// The program and device that ask.
    pub device: &'a Device,
    /// The user's name, as typed.
    pub user_name: &'a str,
    /// The password; a user without one has the empty password.
    pub password: &'a Password,
}

/// What a sign-in yields: `AuthenticationResult`, as far as it is needed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Authentication {
    /// The token. It doesn't expire.
    pub access_token: AccessToken,
    /// Who is signed in.
    pub user: User,
    /// The server's id, if present.
    pub server_id: Option<String>,
}

impl Endpoint for AuthenticateByName<'_> {
    type Output = Authentication;

    fn request(&self) -> http::Request<Vec<u8>> {
        let body =
            request::json_body(&[("Username", self.user_name), ("Pw", self.password.expose())]);
        request::post_json(self.server, self.device, Self::PATH, body)
    }
}

impl Definition<Authentication> for AuthenticateByName<'_> {
    const NAME: RequestName = RequestName::AuthenticateByName;
    const PATH: &'static str = "/Users/AuthenticateByName";
    const REPLAYABLE: bool = false;

    fn server(&self) -> &ServerUrl {
        self.server
    }

    fn read_success(&self, body: &Body<'_>) -> Result<Authentication, NotRead> {
        Authentication::read(body).ok_or(NotRead::Unreadable)
    }
}

impl Authentication {
    pub(super) fn read(body: &Body<'_>) -> Option<Self> {
        let AuthenticationResult { access_token, user, server_id } = body.object()?;
        Some(Self {
            access_token: AccessToken::try_from(access_token).ok()?,
            user: user.0.into_user()?,
            server_id,
        })
    }

    /// The session that this leads to at `server`, for programs that send the request themselves.
    #[must_use]
    pub fn into_session(self, server: ServerUrl, device: Device) -> Session {
        Session::from_parts(server, self.server_id, self.user, self.access_token, device)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AuthenticationResult {
    #[serde(alias = "accessToken")]
    access_token: String,
    #[serde(alias = "user")]
    user: Object<UserDto>,
    #[serde(alias = "serverId", default, deserialize_with = "lenient::id")]
    server_id: Option<String>,
}
