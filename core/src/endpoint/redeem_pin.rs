//! `POST /Users/ForgotPassword/Pin`: reset a password with a PIN (protocol facts, section 4.10).

use http::{Request, Response};
use serde::de::MapAccess;

use super::{Endpoint, request};
use crate::{
    Device, Error, Password, ServerUrl, Stage,
    answer::Answer,
    json,
    verdict::{Judged, Verdict, judge},
};

const PATH: &str = "/Users/ForgotPassword/Pin";

/// Redeems a PIN. Afterwards the PIN, **exactly as it was sent** (with its dashes, if they were
/// typed), is the password. Letter case counts from 10.9 on.
///
/// Gives the names of the users whose password was reset. [`read`](Endpoint::read) fails with
/// [`Error::PinRefused`] (404, or an answer that says so), [`Error::Malformed`],
/// [`Error::Unexpected`], and as every endpoint with [`Error::ServerStarting`],
/// [`Error::ServerBusy`], [`Error::ServerFault`], [`Error::AddressBlocked`],
/// [`Error::ProxyAuthentication`] and [`Error::Redirected`].
#[derive(Clone, Copy, Debug)]
pub struct RedeemPin<'a> {
    server: &'a ServerUrl,
    device: &'a Device,
    pin: &'a Password,
}

impl<'a> RedeemPin<'a> {
    /// Redeems `pin`: a secret, since it becomes the password.
    ///
    /// # Errors
    ///
    /// [`Error::PinRefused`] when it is blank: servers refuse that.
    pub fn new(
        server: &'a ServerUrl,
        device: &'a Device,
        pin: &'a Password,
    ) -> Result<Self, Error> {
        if pin.expose().trim().is_empty() {
            return Err(Error::PinRefused);
        }
        Ok(Self { server, device, pin })
    }
}

impl Endpoint for RedeemPin<'_> {
    /// The names of the users whose password was reset.
    type Output = Vec<String>;

    fn request(&self) -> Request<Vec<u8>> {
        let body = request::json_body(&[("Pin", self.pin.expose())]);
        request::post_json(self.server, self.device, PATH, body)
    }

    fn read<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<Vec<String>, Error> {
        judge(self, &Answer::new(response), false)?.ok_or(Error::PinRefused)
    }

    fn is_replayable(&self) -> bool {
        false
    }
}

impl Judged for RedeemPin<'_> {
    /// `None` when the server says that it did nothing.
    type Output = Option<Vec<String>>;

    const STAGE: Stage = Stage::RedeemPin;

    fn target(&self) -> (&ServerUrl, &'static str) {
        (self.server, PATH)
    }

    fn success(&self, answer: &Answer<'_>) -> Option<Option<Vec<String>>> {
        let result: PinRedeemResult = json::object(answer.body())?;
        let users = result.users_reset.unwrap_or_default();
        Some(result.success?.then(|| users.iter().map(|name| json::shown(name)).collect()))
    }

    fn own(&self, answer: &Answer<'_>) -> Option<Verdict<Option<Vec<String>>>> {
        (answer.status() == 404).then_some(Err(Error::PinRefused.into()))
    }
}

#[derive(Default)]
struct PinRedeemResult {
    success: Option<bool>,
    users_reset: Option<Vec<String>>,
}

impl json::Object for PinRedeemResult {
    fn property<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        values: &mut A,
    ) -> Result<bool, A::Error> {
        match name {
            _ if json::is(name, "Success") => json::needed(&mut self.success, values),
            _ if json::is(name, "UsersReset") => json::needed(&mut self.users_reset, values),
            _ => Ok(false),
        }
    }
}
