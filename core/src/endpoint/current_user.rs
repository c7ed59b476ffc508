//! `GET /Users/Me`: who a token belongs to (protocol facts, section 4.7).

use http::{Request, Response};

use super::{Endpoint, request};
use crate::{
    Error, ServerUrl, Session, Stage, User,
    answer::Answer,
    json,
    user::UserProperties,
    verdict::{Judged, Verdict, judge},
};

const PATH: &str = "/Users/Me";

/// Asks who is signed in, which also shows whether the token is still good.
///
/// A single answer can't tell the server from something in front of it. Before you drop a token, let
/// [`SessionCheck`](crate::SessionCheck) look.
///
/// [`read`](Endpoint::read) fails with [`Error::TokenRevoked`] (401), [`Error::NotAllowedNow`] (403:
/// keep the token), [`Error::Malformed`], [`Error::Unexpected`], and as every endpoint with
/// [`Error::ServerStarting`], [`Error::ServerBusy`], [`Error::ServerFault`],
/// [`Error::AddressBlocked`], [`Error::ProxyAuthentication`] and [`Error::Redirected`].
#[derive(Clone, Copy, Debug)]
pub struct CurrentUser<'a> {
    session: &'a Session,
}

impl<'a> CurrentUser<'a> {
    /// Asks with the session's token.
    #[must_use]
    pub fn new(session: &'a Session) -> Self {
        Self { session }
    }
}

impl Endpoint for CurrentUser<'_> {
    type Output = User;

    fn request(&self) -> Request<Vec<u8>> {
        let authorization = self.session.authorization();
        request::get(self.session.server(), self.session.device(), PATH, Some(&authorization))
    }

    fn read<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<User, Error> {
        Ok(judge(self, &Answer::new(response), false)?)
    }
}

impl Judged for CurrentUser<'_> {
    type Output = User;

    const STAGE: Stage = Stage::CurrentUser;

    fn target(&self) -> (&ServerUrl, &'static str) {
        (self.session.server(), PATH)
    }

    fn success(&self, answer: &Answer<'_>) -> Option<User> {
        json::object::<UserProperties>(answer.body())?.into_user()
    }

    fn own(&self, answer: &Answer<'_>) -> Option<Verdict<User>> {
        match answer.status() {
            401 => Some(Err(Error::TokenRevoked.into())),
            403 => Some(Err(Error::NotAllowedNow.into())),
            _ => None,
        }
    }
}
