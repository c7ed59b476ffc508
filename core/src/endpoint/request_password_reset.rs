//! `POST /Users/ForgotPassword`: ask for a PIN (protocol facts, section 4.9).

use serde::Deserialize;

use super::{Body, Definition, Endpoint, RequestName, lenient, request};
use crate::{Device, Error, ServerUrl, reply::NotRead};

/// Asks for a PIN that resets a password. The server writes it into a file of its own, for which the
/// user asks its administrator.
#[derive(Clone, Copy, Debug)]
pub struct RequestPasswordReset<'a> {
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
    /// The file on the server that holds the PIN, if present (10.8 and later).
    pub pin_file: Option<String>,
    /// When the PIN expires, as the server writes it: UTC, such as `2026-08-22T17:14:15.1234567Z`.
    pub pin_expiration_date: Option<String>,
}

/// What the server asks of a user who forgot the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[non_exhaustive]
pub enum PasswordResetAction {
    /// Ask the administrator.
    ContactAdmin,
    /// Get the PIN from the server's file and redeem it. Servers from 10.11 on answer so for every name
    /// and address, whether there is a PIN or not.
    PinCode,
    /// Try again from the server's own network; 10.10 and older also answer so for an unknown name.
    InNetworkRequired,
}

impl<'a> RequestPasswordReset<'a> {
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

impl Endpoint for RequestPasswordReset<'_> {
    type Output = PasswordReset;

    fn request(&self) -> http::Request<Vec<u8>> {
        let body = request::json_body(&[("EnteredUsername", self.user_name)]);
        request::post_json(self.server, self.device, Self::PATH, body)
    }
}

impl Definition<PasswordReset> for RequestPasswordReset<'_> {
    const NAME: RequestName = RequestName::RequestPasswordReset;
    const PATH: &'static str = "/Users/ForgotPassword";

    fn server(&self) -> &ServerUrl {
        self.server
    }

    fn read_success(&self, body: &Body<'_>) -> Result<PasswordReset, NotRead> {
        let result: Option<ForgotPasswordResult> = body.object();
        let result = result.ok_or(NotRead::Unreadable)?;
        Ok(PasswordReset {
            action: result.action,
            pin_file: result.pin_file.filter(|file| !file.is_empty()),
            pin_expiration_date: result.pin_expiration_date,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ForgotPasswordResult {
    #[serde(alias = "action")]
    action: PasswordResetAction,
    #[serde(alias = "pinFile", default, deserialize_with = "lenient::text")]
    pin_file: Option<String>,
    #[serde(alias = "pinExpirationDate", default, deserialize_with = "lenient::text")]
    pin_expiration_date: Option<String>,
}
