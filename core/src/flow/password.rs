//! `POST /Users/AuthenticateByName`. A password is never sent twice on its own.

use http::Request;

use super::Event;
use crate::{
    Device, Error, Failure, Password, ServerUrl,
    endpoint::{AuthenticateByName, Authentication, Endpoint},
    verdict::{Obstacle, Trouble, Verdict, judge},
};

/// The credentials, as long as they are needed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Credentials {
    user_name: Box<str>,
    password: Password,
}

impl Credentials {
    /// `None` for a blank user name, which no server takes.
    pub(crate) fn new(user_name: String, password: Password) -> Option<Self> {
        (!user_name.trim().is_empty()).then(|| Self { user_name: user_name.into(), password })
    }

    pub(super) fn request(&self, server: &ServerUrl, device: &Device) -> Request<Vec<u8>> {
        self.endpoint(server, device).request()
    }

    pub(super) fn handle(
        &self,
        event: Event<'_>,
        server: &ServerUrl,
        device: &Device,
        signs: bool,
    ) -> Verdict<Authentication> {
        match event {
            Event::Failure(failure @ Failure::Unreachable) => {
                Err(Obstacle::Again(Trouble::NoAnswer(failure)))
            }
            Event::Failure(failure) => Err(Error::NoAnswer { failure }.into()),
            Event::Answer(answer) => judge(&self.endpoint(server, device), answer, signs),
        }
    }

    fn endpoint<'a>(&'a self, server: &'a ServerUrl, device: &'a Device) -> AuthenticateByName<'a> {
        AuthenticateByName::new(server, device, &self.user_name, &self.password)
    }
}
