//! `GET /Users/Public`: the users to choose from (protocol facts, section 4.3).

use super::{Body, Definition, Endpoint, Object, RequestName, request};
use crate::{Device, ServerUrl, User, reply::NotRead, user::UserDto};

/// Asks for the users that the server shows before a sign-in. New users are hidden, so that an empty
/// list is normal. Servers of other makes that ask for a token first (401) show no users either.
#[derive(Clone, Copy, Debug)]
pub struct GetPublicUsers<'a> {
    /// The server to ask.
    pub server: &'a ServerUrl,
    /// The program and device that ask: 10.7 and 10.8 leave users out that may not use them.
    pub device: &'a Device,
}

impl Endpoint for GetPublicUsers<'_> {
    type Output = Vec<User>;

    fn request(&self) -> http::Request<Vec<u8>> {
        request::get(self.server, self.device, Self::PATH, Some(self.device.authorization()))
    }
}

impl Definition<Vec<User>> for GetPublicUsers<'_> {
    const NAME: RequestName = RequestName::GetPublicUsers;
    const PATH: &'static str = "/Users/Public";

    fn server(&self) -> &ServerUrl {
        self.server
    }

    fn without_permission() -> Option<Vec<User>> {
        Some(Vec::new())
    }

    fn read_success(&self, body: &Body<'_>) -> Result<Vec<User>, NotRead> {
        let users: Option<Vec<Object<UserDto>>> = body.json();
        let users = users
            .and_then(|users| users.into_iter().map(|Object(user)| user.into_user()).collect());
        users.ok_or(NotRead::Unreadable)
    }
}
