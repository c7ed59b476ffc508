//! `POST /QuickConnect/Initiate`: get a code to show (protocol facts, sections 4.6 and 5).

use http::Method;
use serde::Deserialize;

use super::{Body, Definition, Endpoint, RequestName, request};
use crate::{Device, QuickConnectSecret, ServerUrl, reply::NotRead};

/// The longest code that is taken from a server. Real ones have six digits.
const LONGEST_CODE: usize = 32;

/// Asks for a Quick Connect code to show and the secret to redeem it with.
///
/// [`read`](Endpoint::read) fails with
/// [`Error::QuickConnectDisabled`](crate::Error::QuickConnectDisabled) (401) and
/// [`Error::Unexpected`](crate::Error::Unexpected) (405: ask with the other [`InitiateMethod`]).
#[derive(Clone, Copy, Debug)]
pub struct InitiateQuickConnect<'a> {
    /// The server to ask.
    pub server: &'a ServerUrl,
    /// The program and device that ask.
    pub device: &'a Device,
    /// The method of the request.
    pub method: InitiateMethod,
}

/// The method of `InitiateQuickConnect`: 12 takes POST alone, 10.8 GET alone, what lies between both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum InitiateMethod {
    /// 10.9 and later.
    #[default]
    Post,
    /// 10.8.
    Get,
}

/// A Quick Connect that waits to be approved.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PendingQuickConnect {
    /// What the user types into an app that is signed in: 1 to 32 ASCII letters, digits or `-`.
    pub code: Box<str>,
    /// What is redeemed once the code was approved.
    pub secret: QuickConnectSecret,
}

impl Endpoint for InitiateQuickConnect<'_> {
    type Output = PendingQuickConnect;

    fn request(&self) -> http::Request<Vec<u8>> {
        let authorization = self.device.authorization();
        match self.method {
            InitiateMethod::Post => {
                request::post_nothing(self.server, self.device, Self::PATH, authorization)
            }
            InitiateMethod::Get => {
                request::get(self.server, self.device, Self::PATH, Some(authorization))
            }
        }
    }
}

impl Definition<PendingQuickConnect> for InitiateQuickConnect<'_> {
    const NAME: RequestName = RequestName::InitiateQuickConnect;
    const PATH: &'static str = "/QuickConnect/Initiate";

    fn server(&self) -> &ServerUrl {
        self.server
    }

    fn read_success(&self, body: &Body<'_>) -> Result<PendingQuickConnect, NotRead> {
        body.object().and_then(QuickConnectResult::into_pending).ok_or(NotRead::Unreadable)
    }
}

impl InitiateMethod {
    /// The method on the wire.
    #[must_use]
    pub fn as_http(self) -> Method {
        match self {
            Self::Post => Method::POST,
            Self::Get => Method::GET,
        }
    }
}

/// Whether `text` can be a code: fit to be shown and typed.
pub(crate) fn is_code(text: &str) -> bool {
    (1..=LONGEST_CODE).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QuickConnectResult {
    #[serde(alias = "code")]
    code: String,
    #[serde(alias = "secret")]
    secret: String,
}

impl QuickConnectResult {
    fn into_pending(self) -> Option<PendingQuickConnect> {
        let secret = QuickConnectSecret::try_from(self.secret).ok()?;
        is_code(&self.code).then(|| PendingQuickConnect { code: self.code.into(), secret })
    }
}
