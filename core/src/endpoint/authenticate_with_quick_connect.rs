//! `POST /Users/AuthenticateWithQuickConnect`: redeem an approved code (protocol facts, section 4.6).

use super::{Authentication, Body, Definition, Endpoint, RequestName, request};
use crate::{Device, QuickConnectSecret, ServerUrl, reply::NotRead};

/// Redeems the secret of an approved Quick Connect code. It may be asked again: for ten minutes the
/// server gives the same token each time.
///
/// [`read`](Endpoint::read) fails with [`Error::CodeLost`](crate::Error::CodeLost) (404: expired, not
/// approved, or the server restarted), [`Error::QuickConnectDisabled`](crate::Error::QuickConnectDisabled)
/// (401) and, where a plugin asks for more than the code,
/// [`Error::SecondFactorRequired`](crate::Error::SecondFactorRequired) and
/// [`Error::LoginRefused`](crate::Error::LoginRefused).
#[derive(Clone, Copy, Debug)]
pub struct AuthenticateWithQuickConnect<'a> {
    /// The server to ask.
    pub server: &'a ServerUrl,
    /// The program and device that ask.
    pub device: &'a Device,
    /// The secret that came with the code.
    pub secret: &'a QuickConnectSecret,
}

impl Endpoint for AuthenticateWithQuickConnect<'_> {
    type Output = Authentication;

    fn request(&self) -> http::Request<Vec<u8>> {
        let body = request::json_body(&[("Secret", self.secret.expose())]);
        request::post_json(self.server, self.device, Self::PATH, body)
    }
}

impl Definition<Authentication> for AuthenticateWithQuickConnect<'_> {
    const NAME: RequestName = RequestName::AuthenticateWithQuickConnect;
    const PATH: &'static str = "/Users/AuthenticateWithQuickConnect";

    fn server(&self) -> &ServerUrl {
        self.server
    }

    fn read_success(&self, body: &Body<'_>) -> Result<Authentication, NotRead> {
        Authentication::read(body).ok_or(NotRead::Unreadable)
    }
}
