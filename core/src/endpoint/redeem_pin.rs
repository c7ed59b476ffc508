//! `POST /Users/ForgotPassword/Pin`: reset a password with a PIN (protocol facts, section 4.10).

use serde::Deserialize;

use super::{Body, Definition, Endpoint, RequestName, lenient, request};
use crate::{Device, Error, Password, ServerUrl, reply::NotRead};

/// Redeems a PIN. Afterwards the PIN, **exactly as it was sent** (with its dashes, if they were
/// typed), is the password. Letter case counts from 10.9 on. Not replayable.
///
/// Yields the names of the users whose password was reset. [`read`](Endpoint::read) fails with
/// [`Error::PinRefused`] (404, or `Success` is `false`).
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

    fn request(&self) -> http::Request<Vec<u8>> {
        let body = request::json_body(&[("Pin", self.pin.expose())]);
        request::post_json(self.server, self.device, Self::PATH, body)
    }
}

impl Definition<Vec<String>> for RedeemPin<'_> {
    const NAME: RequestName = RequestName::RedeemPin;
    const PATH: &'static str = "/Users/ForgotPassword/Pin";
    const REPLAYABLE: bool = false;

    fn server(&self) -> &ServerUrl {
        self.server
    }

    fn read_success(&self, body: &Body<'_>) -> Result<Vec<String>, NotRead> {
        let result: Option<PinRedeemResult> = body.object();
        match result {
            Some(PinRedeemResult { success: Some(false), .. }) => Err(NotRead::NotFound),
            Some(PinRedeemResult { success: Some(true), users_reset }) => {
                let names = users_reset.unwrap_or_default();
                Ok(names.iter().map(|name| lenient::shown(name)).collect())
            }
            _ => Err(NotRead::Unreadable),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PinRedeemResult {
    #[serde(alias = "success", deserialize_with = "lenient::boolean")]
    success: Option<bool>,
    #[serde(alias = "usersReset", default, deserialize_with = "lenient::any")]
    users_reset: Option<Vec<String>>,
}
