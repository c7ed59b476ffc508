//! `POST /Users/AuthenticateByName`: sign in by password (protocol facts, sections 4.4, 4.5 and 6).

use http::{Request, Response};
use serde::de::MapAccess;

use super::{Endpoint, request};
use crate::{
    AccessToken, Device, Error, Password, ServerUrl, Stage, User,
    answer::Answer,
    json,
    secret::is_visible_ascii,
    user::{LONGEST_ID, UserProperties},
    verdict::{Judged, Verdict, judge},
};

const PATH: &str = "/Users/AuthenticateByName";

/// Signs in by user name and password. Not replayable: each request is an attempt that counts
/// towards a lockout.
///
/// [`read`](Endpoint::read) fails with [`Error::BadCredentials`] (401), [`Error::LoginRefused`]
/// (403), [`Error::ServerFault`] (5xx), [`Error::Malformed`], [`Error::Unexpected`], and as every
/// endpoint with [`Error::ServerStarting`], [`Error::ServerBusy`], [`Error::AddressBlocked`],
/// [`Error::ProxyAuthentication`] and [`Error::Redirected`].
#[derive(Clone, Copy, Debug)]
pub struct AuthenticateByName<'a> {
    server: &'a ServerUrl,
    device: &'a Device,
    user_name: &'a str,
    password: &'a Password,
}

/// What a sign-in yields: `AuthenticationResult`, as far as it is needed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Authentication {
    /// The token. It doesn't expire.
    pub access_token: AccessToken,
    /// Who is signed in.
    pub user: User,
    /// The server's id, where it was told.
    pub server_id: Option<String>,
}

impl<'a> AuthenticateByName<'a> {
    /// A user without a password has the empty one.
    #[must_use]
    pub fn new(
        server: &'a ServerUrl,
        device: &'a Device,
        user_name: &'a str,
        password: &'a Password,
    ) -> Self {
        Self { server, device, user_name, password }
    }
}

impl Endpoint for AuthenticateByName<'_> {
    type Output = Authentication;

    fn request(&self) -> Request<Vec<u8>> {
        let body =
            request::json_body(&[("Username", self.user_name), ("Pw", self.password.expose())]);
        request::post_json(self.server, self.device, PATH, body)
    }

    fn read<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<Authentication, Error> {
        Ok(judge(self, &Answer::new(response), false)?)
    }

    fn is_replayable(&self) -> bool {
        false
    }
}

impl Judged for AuthenticateByName<'_> {
    type Output = Authentication;

    const STAGE: Stage = Stage::Authenticate;

    fn target(&self) -> (&ServerUrl, &'static str) {
        (self.server, PATH)
    }

    fn success(&self, answer: &Answer<'_>) -> Option<Authentication> {
        Authentication::read(answer.body())
    }

    fn own(&self, answer: &Answer<'_>) -> Option<Verdict<Authentication>> {
        match answer.status() {
            401 => Some(Err(Error::BadCredentials.into())),
            403 => Some(Err(Error::LoginRefused.into())),
            _ => None,
        }
    }
}

impl Authentication {
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let result: AuthenticationResult = json::object(body)?;
        Some(Self {
            access_token: AccessToken::new(result.access_token?)?,
            user: result.user?.into_user()?,
            server_id: result.server_id.filter(|id| is_visible_ascii(id, LONGEST_ID)),
        })
    }
}

#[derive(Default)]
struct AuthenticationResult {
    access_token: Option<String>,
    user: Option<UserProperties>,
    server_id: Option<String>,
}

impl json::Object for AuthenticationResult {
    fn property<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        values: &mut A,
    ) -> Result<bool, A::Error> {
        match name {
            _ if json::is(name, "AccessToken") => json::needed(&mut self.access_token, values),
            _ if json::is(name, "User") => json::nested(&mut self.user, values),
            _ if json::is(name, "ServerId") => json::optional(&mut self.server_id, values),
            _ => Ok(false),
        }
    }
}
