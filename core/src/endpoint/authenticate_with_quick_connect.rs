//! `POST /Users/AuthenticateWithQuickConnect`: redeem an approved code (protocol facts, section 4.6).

use http::{Request, Response};

use super::{Authentication, Endpoint, request};
use crate::{
    Device, Error, QuickConnectSecret, ServerUrl, Stage,
    answer::Answer,
    verdict::{Judged, Verdict, judge},
};

const PATH: &str = "/Users/AuthenticateWithQuickConnect";

/// Redeems the secret of an approved Quick Connect code. It may be asked again: for ten minutes the
/// server gives the same token each time.
///
/// [`read`](Endpoint::read) fails with [`Error::CodeLost`] (404: expired, not approved, or the
/// server restarted), [`Error::QuickConnectDisabled`] (401), [`Error::Malformed`],
/// [`Error::Unexpected`], and as every endpoint with [`Error::ServerStarting`],
/// [`Error::ServerBusy`], [`Error::ServerFault`], [`Error::AddressBlocked`],
/// [`Error::ProxyAuthentication`] and [`Error::Redirected`].
#[derive(Clone, Copy, Debug)]
pub struct AuthenticateWithQuickConnect<'a> {
    server: &'a ServerUrl,
    device: &'a Device,
    secret: &'a QuickConnectSecret,
}

impl<'a> AuthenticateWithQuickConnect<'a> {
    /// Redeems `secret` at the `server` that handed it out.
    #[must_use]
    pub fn new(server: &'a ServerUrl, device: &'a Device, secret: &'a QuickConnectSecret) -> Self {
        Self { server, device, secret }
    }
}

impl Endpoint for AuthenticateWithQuickConnect<'_> {
    type Output = Authentication;

    fn request(&self) -> Request<Vec<u8>> {
        let body = request::json_body(&[("Secret", self.secret.expose())]);
        request::post_json(self.server, self.device, PATH, body)
    }

    fn read<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<Authentication, Error> {
        Ok(judge(self, &Answer::new(response), false)?)
    }
}

impl Judged for AuthenticateWithQuickConnect<'_> {
    type Output = Authentication;

    const STAGE: Stage = Stage::Exchange;

    fn target(&self) -> (&ServerUrl, &'static str) {
        (self.server, PATH)
    }

    fn success(&self, answer: &Answer<'_>) -> Option<Authentication> {
        Authentication::read(answer.body())
    }

    fn own(&self, answer: &Answer<'_>) -> Option<Verdict<Authentication>> {
        match answer.status() {
            401 => Some(Err(Error::QuickConnectDisabled.into())),
            404 => Some(Err(Error::CodeLost.into())),
            _ => None,
        }
    }
}
