//! `POST /QuickConnect/Initiate`: get a code to show (protocol facts, sections 4.6 and 5).

use http::{Method, Request, Response};
use serde::de::MapAccess;

use super::{Endpoint, request};
use crate::{
    Device, Error, QuickConnectSecret, ServerUrl, Stage,
    answer::Answer,
    json,
    verdict::{Judged, Verdict, judge},
};

const PATH: &str = "/QuickConnect/Initiate";

/// The longest code that is taken from a server. Real ones have six digits.
const LONGEST_CODE: usize = 32;

/// Asks for a Quick Connect code to show and the secret to redeem it with.
///
/// [`read`](Endpoint::read) fails with [`Error::QuickConnectDisabled`] (401), [`Error::Malformed`],
/// [`Error::Unexpected`] (405: ask with the other [`InitiateMethod`]), and as every endpoint with
/// [`Error::ServerStarting`], [`Error::ServerBusy`], [`Error::ServerFault`],
/// [`Error::AddressBlocked`], [`Error::ProxyAuthentication`] and [`Error::Redirected`].
#[derive(Clone, Copy, Debug)]
pub struct InitiateQuickConnect<'a> {
    server: &'a ServerUrl,
    device: &'a Device,
    method: InitiateMethod,
}

/// How Initiate is asked for: 12 takes POST alone, 10.8 GET alone, what lies between takes both.
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

impl<'a> InitiateQuickConnect<'a> {
    /// Asks `server` for a code for `device`.
    #[must_use]
    pub fn new(server: &'a ServerUrl, device: &'a Device, method: InitiateMethod) -> Self {
        Self { server, device, method }
    }
}

impl Endpoint for InitiateQuickConnect<'_> {
    type Output = PendingQuickConnect;

    fn request(&self) -> Request<Vec<u8>> {
        let authorization = self.device.authorization();
        match self.method {
            InitiateMethod::Post => {
                request::post_nothing(self.server, self.device, PATH, authorization)
            }
            InitiateMethod::Get => {
                request::get(self.server, self.device, PATH, Some(authorization))
            }
        }
    }

    fn read<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<PendingQuickConnect, Error> {
        Ok(judge(self, &Answer::new(response), false)?)
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

impl Judged for InitiateQuickConnect<'_> {
    type Output = PendingQuickConnect;

    const STAGE: Stage = Stage::Initiate;

    fn target(&self) -> (&ServerUrl, &'static str) {
        (self.server, PATH)
    }

    fn success(&self, answer: &Answer<'_>) -> Option<PendingQuickConnect> {
        let result: QuickConnectResult = json::object(answer.body())?;
        Some(PendingQuickConnect {
            code: result.code.filter(|code| is_code(code))?.into(),
            secret: QuickConnectSecret::new(result.secret?)?,
        })
    }

    fn own(&self, answer: &Answer<'_>) -> Option<Verdict<PendingQuickConnect>> {
        (answer.status() == 401).then_some(Err(Error::QuickConnectDisabled.into()))
    }
}

/// Whether `text` can be a code: fit to be shown and typed.
pub(crate) fn is_code(text: &str) -> bool {
    (1..=LONGEST_CODE).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[derive(Default)]
struct QuickConnectResult {
    code: Option<String>,
    secret: Option<String>,
}

impl json::Object for QuickConnectResult {
    fn property<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        values: &mut A,
    ) -> Result<bool, A::Error> {
        match name {
            _ if json::is(name, "Code") => json::needed(&mut self.code, values),
            _ if json::is(name, "Secret") => json::needed(&mut self.secret, values),
            _ => Ok(false),
        }
    }
}
