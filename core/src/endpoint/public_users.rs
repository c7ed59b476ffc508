//! `GET /Users/Public`: the users to choose from (protocol facts, section 4.3).

use http::{Request, Response};

use super::{Endpoint, request};
use crate::{
    Device, Error, ServerUrl, Stage, User,
    answer::Answer,
    json,
    user::UserProperties,
    verdict::{Judged, Verdict, judge},
};

const PATH: &str = "/Users/Public";

/// Asks for the users that the server shows before a sign-in. New users are hidden, so that an empty
/// list is normal.
///
/// [`read`](Endpoint::read) fails with [`Error::Malformed`], [`Error::Unexpected`], and as every
/// endpoint with [`Error::ServerStarting`], [`Error::ServerBusy`], [`Error::ServerFault`],
/// [`Error::AddressBlocked`], [`Error::ProxyAuthentication`] and [`Error::Redirected`].
#[derive(Clone, Copy, Debug)]
pub struct PublicUsers<'a> {
    server: &'a ServerUrl,
    device: &'a Device,
}

impl<'a> PublicUsers<'a> {
    /// Asks `server`. 10.7 and 10.8 leave users out that may not use `device`.
    #[must_use]
    pub fn new(server: &'a ServerUrl, device: &'a Device) -> Self {
        Self { server, device }
    }
}

impl Endpoint for PublicUsers<'_> {
    type Output = Vec<User>;

    fn request(&self) -> Request<Vec<u8>> {
        request::get(self.server, self.device, PATH, Some(self.device.authorization()))
    }

    fn read<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<Vec<User>, Error> {
        Ok(judge(self, &Answer::new(response), false)?)
    }
}

impl Judged for PublicUsers<'_> {
    type Output = Vec<User>;

    const STAGE: Stage = Stage::PublicUsers;

    fn target(&self) -> (&ServerUrl, &'static str) {
        (self.server, PATH)
    }

    fn success(&self, answer: &Answer<'_>) -> Option<Vec<User>> {
        let users: Vec<UserProperties> = json::list(answer.body())?;
        users.into_iter().map(UserProperties::into_user).collect()
    }

    fn own(&self, _: &Answer<'_>) -> Option<Verdict<Vec<User>>> {
        None
    }
}
