//! `GET /Users/Me`: who a token belongs to (protocol facts, section 4.7).

use super::{Body, Definition, Endpoint, RequestName, request};
use crate::{ServerUrl, Session, User, reply::NotRead, user::UserDto};

/// Asks who is signed in, which also shows whether the token is still good.
///
/// A single response doesn't show whether the server or something in front of it spoke. Before you drop
/// a token, use [`SessionCheck`](crate::SessionCheck).
///
/// [`read`](Endpoint::read) fails with [`Error::TokenRevoked`](crate::Error::TokenRevoked) (401) and
/// [`Error::NotAllowedNow`](crate::Error::NotAllowedNow) (403: keep the token).
#[derive(Clone, Copy, Debug)]
pub struct GetCurrentUser<'a> {
    /// The session whose token is used.
    pub session: &'a Session,
}

impl Endpoint for GetCurrentUser<'_> {
    type Output = User;

    fn request(&self) -> http::Request<Vec<u8>> {
        request::get_with_token(self.session, Self::PATH)
    }
}

impl Definition<User> for GetCurrentUser<'_> {
    const NAME: RequestName = RequestName::GetCurrentUser;
    const PATH: &'static str = "/Users/Me";

    fn server(&self) -> &ServerUrl {
        self.session.server()
    }

    fn read_success(&self, body: &Body<'_>) -> Result<User, NotRead> {
        body.object().and_then(UserDto::into_user).ok_or(NotRead::Unreadable)
    }
}
