//! `GET /QuickConnect/Enabled`: whether Quick Connect is on (protocol facts, section 4.6).

use http::{Request, Response};

use super::{Endpoint, request};
use crate::{
    Device, Error, ServerUrl, Stage,
    answer::Answer,
    verdict::{Judged, Verdict, judge},
};

const PATH: &str = "/QuickConnect/Enabled";

/// Asks whether Quick Connect is on. Needs no sign-in.
///
/// [`read`](Endpoint::read) fails with [`Error::QuickConnectDisabled`] (401),
/// [`Error::QuickConnectUnsupported`] (404: 10.7 and older), [`Error::Malformed`],
/// [`Error::Unexpected`], and as every endpoint with [`Error::ServerStarting`],
/// [`Error::ServerBusy`], [`Error::ServerFault`], [`Error::AddressBlocked`],
/// [`Error::ProxyAuthentication`] and [`Error::Redirected`].
#[derive(Clone, Copy, Debug)]
pub struct QuickConnectEnabled<'a> {
    server: &'a ServerUrl,
    device: &'a Device,
}

impl<'a> QuickConnectEnabled<'a> {
    /// Asks `server`.
    #[must_use]
    pub fn new(server: &'a ServerUrl, device: &'a Device) -> Self {
        Self { server, device }
    }
}

impl Endpoint for QuickConnectEnabled<'_> {
    type Output = bool;

    fn request(&self) -> Request<Vec<u8>> {
        request::get(self.server, self.device, PATH, Some(self.device.authorization()))
    }

    fn read<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<bool, Error> {
        Ok(judge(self, &Answer::new(response), false)?)
    }
}

impl Judged for QuickConnectEnabled<'_> {
    type Output = bool;

    const STAGE: Stage = Stage::CheckEnabled;

    fn target(&self) -> (&ServerUrl, &'static str) {
        (self.server, PATH)
    }

    fn success(&self, answer: &Answer<'_>) -> Option<bool> {
        serde_json::from_slice(answer.body()).ok()
    }

    fn own(&self, answer: &Answer<'_>) -> Option<Verdict<bool>> {
        match answer.status() {
            401 => Some(Err(Error::QuickConnectDisabled.into())),
            404 => Some(Err(Error::QuickConnectUnsupported.into())),
            _ => None,
        }
    }
}
