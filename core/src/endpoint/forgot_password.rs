//! `POST /Users/ForgotPassword`: ask for a PIN (protocol facts, section 4.9).

use http::{Request, Response};
use serde::de::MapAccess;

use super::{Endpoint, request};
use crate::{
    Device, Error, ServerUrl, Stage,
    answer::Answer,
    json,
    verdict::{Judged, Verdict, judge},
};

const PATH: &str = "/Users/ForgotPassword";

/// Asks for a PIN that resets a password. The server writes it into a file of its own, for which the
/// user asks its administrator.
///
/// [`read`](Endpoint::read) fails with [`Error::Malformed`], [`Error::Unexpected`], and as every
/// endpoint with [`Error::ServerStarting`], [`Error::ServerBusy`], [`Error::ServerFault`],
/// [`Error::AddressBlocked`], [`Error::ProxyAuthentication`] and [`Error::Redirected`].
#[derive(Clone, Copy, Debug)]
pub struct ForgotPassword<'a> {
    server: &'a ServerUrl,
    device: &'a Device,
    user_name: &'a str,
}

/// What a user who forgot the password does next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PasswordReset {
    /// What to do.
    pub action: PasswordResetAction,
    /// The file on the server that holds the PIN, where it was told (10.8 and later).
    pub pin_file: Option<String>,
    /// When the PIN expires, as the server writes it: UTC, such as `2026-08-22T17:14:15.1234567Z`.
    pub pin_expiration_date: Option<String>,
}

/// What the server asks of a user who forgot the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PasswordResetAction {
    /// Ask the administrator.
    ContactAdmin,
    /// Get the PIN from the server's file and redeem it. Servers from 10.11 on say so for every name
    /// and address, whether there is a PIN or not.
    PinCode,
    /// Try again from the server's own network; 10.10 and older also say so for an unknown name.
    InNetworkRequired,
}

impl<'a> ForgotPassword<'a> {
    /// Asks for a PIN for `user_name`.
    ///
    /// # Errors
    ///
    /// [`Error::BlankUserName`] when the name is blank: servers refuse that.
    pub fn new(
        server: &'a ServerUrl,
        device: &'a Device,
        user_name: &'a str,
    ) -> Result<Self, Error> {
        if user_name.trim().is_empty() {
            return Err(Error::BlankUserName);
        }
        Ok(Self { server, device, user_name })
    }
}

impl Endpoint for ForgotPassword<'_> {
    type Output = PasswordReset;

    fn request(&self) -> Request<Vec<u8>> {
        let body = request::json_body(&[("EnteredUsername", self.user_name)]);
        request::post_json(self.server, self.device, PATH, body)
    }

    fn read<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<PasswordReset, Error> {
        Ok(judge(self, &Answer::new(response), false)?)
    }
}

impl Judged for ForgotPassword<'_> {
    type Output = PasswordReset;

    const STAGE: Stage = Stage::ForgotPassword;

    fn target(&self) -> (&ServerUrl, &'static str) {
        (self.server, PATH)
    }

    fn success(&self, answer: &Answer<'_>) -> Option<PasswordReset> {
        let result: ForgotPasswordResult = json::object(answer.body())?;
        let action = match result.action?.as_str() {
            "ContactAdmin" => PasswordResetAction::ContactAdmin,
            "PinCode" => PasswordResetAction::PinCode,
            "InNetworkRequired" => PasswordResetAction::InNetworkRequired,
            _ => return None,
        };
        Some(PasswordReset {
            action,
            pin_file: result.pin_file.filter(|file| !file.is_empty()),
            pin_expiration_date: result.pin_expiration_date,
        })
    }

    fn own(&self, _: &Answer<'_>) -> Option<Verdict<PasswordReset>> {
        None
    }
}

#[derive(Default)]
struct ForgotPasswordResult {
    action: Option<String>,
    pin_file: Option<String>,
    pin_expiration_date: Option<String>,
}

impl json::Object for ForgotPasswordResult {
    fn property<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        values: &mut A,
    ) -> Result<bool, A::Error> {
        match name {
            _ if json::is(name, "Action") => json::needed(&mut self.action, values),
            _ if json::is(name, "PinFile") => json::optional(&mut self.pin_file, values),
            _ if json::is(name, "PinExpirationDate") => {
                json::optional(&mut self.pin_expiration_date, values)
            }
            _ => Ok(false),
        }
    }
}
