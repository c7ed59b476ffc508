//! `POST /Sessions/Logout`: sign out (protocol facts, section 4.8).

use serde::de::IgnoredAny;
use std::collections::BTreeMap;

use super::{Body, Definition, Endpoint, RequestName, request};
use crate::{ServerUrl, Session, reply::NotRead};

/// Signs out: the server forgets the token.
///
/// The token goes to whatever answers at the session's address, and the 401 of a captive portal looks
/// like one of the server. Unless you know who answers, use [`SignOut`](crate::SignOut), which asks first.
///
/// [`read`](Endpoint::read) fails with [`Error::TokenRevoked`](crate::Error::TokenRevoked) (401: the
/// token was gone before), [`Error::NotAllowedNow`](crate::Error::NotAllowedNow) (403: **the token is
/// still good**, its user is outside the access schedule or the local network) and
/// [`Error::SignOutUnsupported`](crate::Error::SignOutUnsupported) (404, 405, 501, 200 with an object:
/// servers of other makes).
#[derive(Clone, Copy, Debug)]
pub struct LogOut<'a> {
    /// The session whose token is used.
    pub session: &'a Session,
}

impl Endpoint for LogOut<'_> {
    type Output = ();

    fn request(&self) -> http::Request<Vec<u8>> {
        request::post_nothing_with_token(self.session, Self::PATH)
    }
}

impl Definition<()> for LogOut<'_> {
    const NAME: RequestName = RequestName::LogOut;
    const PATH: &'static str = "/Sessions/Logout";

    fn server(&self) -> &ServerUrl {
        self.session.server()
    }

    /// Only 204, without a body, means that the token is gone: a page with 200 is a captive portal's,
    /// and an empty 200 the address filter's on 10.8.
    fn read_success(&self, body: &Body<'_>) -> Result<(), NotRead> {
        match body.status {
            204 => Ok(()),
            _ if body.json::<BTreeMap<String, IgnoredAny>>().is_some() => {
                Err(NotRead::NotImplemented)
            }
            _ => Err(NotRead::Unreadable),
        }
    }
}
