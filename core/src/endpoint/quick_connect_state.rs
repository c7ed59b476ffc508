//! `GET /QuickConnect/Connect`: whether the code was approved (protocol facts, sections 4.6 and 5).

use http::{Request, Response};
use serde::de::MapAccess;
use zeroize::Zeroizing;

use super::{Endpoint, request};
use crate::{
    Device, Error, QuickConnectSecret, ServerUrl, Stage,
    answer::Answer,
    json,
    verdict::{Judged, Verdict, judge},
};

const PATH: &str = "/QuickConnect/Connect";

/// Asks whether a Quick Connect code was approved. The secret travels in the query: keep the URI out
/// of logs.
///
/// [`read`](Endpoint::read) fails with [`Error::CodeLost`] (404: expired, or the server restarted),
/// [`Error::QuickConnectDisabled`] (401: the secret is good again once Quick Connect is switched on
/// again), [`Error::Malformed`], [`Error::Unexpected`], and as every endpoint with
/// [`Error::ServerStarting`], [`Error::ServerBusy`], [`Error::ServerFault`],
/// [`Error::AddressBlocked`], [`Error::ProxyAuthentication`] and [`Error::Redirected`].
#[derive(Clone, Copy, Debug)]
pub struct QuickConnectState<'a> {
    server: &'a ServerUrl,
    device: &'a Device,
    secret: &'a QuickConnectSecret,
}

impl<'a> QuickConnectState<'a> {
    /// Asks `server` about the code that `secret` belongs to.
    #[must_use]
    pub fn new(server: &'a ServerUrl, device: &'a Device, secret: &'a QuickConnectSecret) -> Self {
        Self { server, device, secret }
    }
}

impl Endpoint for QuickConnectState<'_> {
    /// Whether the code was approved.
    type Output = bool;

    fn request(&self) -> Request<Vec<u8>> {
        const QUERY: &str = "?secret=";
        let secret = self.secret.expose();
        // Sized for the worst case and wiped: the URI alone, which is the driver's, holds the secret.
        let length = PATH.len() + QUERY.len() + 3 * secret.len();
        let mut path = Zeroizing::new(String::with_capacity(length));
        path.push_str(PATH);
        path.push_str(QUERY);
        request::push_encoded(&mut path, secret);
        request::get(self.server, self.device, &path, Some(self.device.authorization()))
    }

    fn read<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<bool, Error> {
        Ok(judge(self, &Answer::new(response), false)?)
    }
}

impl Judged for QuickConnectState<'_> {
    type Output = bool;

    const STAGE: Stage = Stage::Poll;

    fn target(&self) -> (&ServerUrl, &'static str) {
        (self.server, PATH)
    }

    fn success(&self, answer: &Answer<'_>) -> Option<bool> {
        let result: QuickConnectResult = json::object(answer.body())?;
        result.authenticated
    }

    fn own(&self, answer: &Answer<'_>) -> Option<Verdict<bool>> {
        match answer.status() {
            401 => Some(Err(Error::QuickConnectDisabled.into())),
            404 => Some(Err(Error::CodeLost.into())),
            _ => None,
        }
    }
}

#[derive(Default)]
struct QuickConnectResult {
    authenticated: Option<bool>,
}

impl json::Object for QuickConnectResult {
    fn property<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        values: &mut A,
    ) -> Result<bool, A::Error> {
        if json::is(name, "Authenticated") {
            return json::needed(&mut self.authenticated, values);
        }
        Ok(false)
    }
}
