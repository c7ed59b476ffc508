//! `GET /QuickConnect/Enabled`: whether Quick Connect is on (protocol facts, section 4.6).

use super::{Body, Definition, Endpoint, RequestName, request};
use crate::{Device, ServerUrl, reply::NotRead};

/// Asks whether Quick Connect is on. Needs no sign-in.
///
/// [`read`](Endpoint::read) fails with
/// [`Error::QuickConnectDisabled`](crate::Error::QuickConnectDisabled) (401) and
/// [`Error::QuickConnectUnsupported`](crate::Error::QuickConnectUnsupported) (404, 405, 501: 10.7 and
/// older, and servers of other makes).
#[derive(Clone, Copy, Debug)]
pub struct GetQuickConnectEnabled<'a> {
    /// The server to ask.
    pub server: &'a ServerUrl,
    /// The program and device that ask.
    pub device: &'a Device,
}

impl Endpoint for GetQuickConnectEnabled<'_> {
    type Output = bool;

    fn request(&self) -> http::Request<Vec<u8>> {
        request::get(self.server, self.device, Self::PATH, Some(self.device.authorization()))
    }
}

impl Definition<bool> for GetQuickConnectEnabled<'_> {
    const NAME: RequestName = RequestName::GetQuickConnectEnabled;
    const PATH: &'static str = "/QuickConnect/Enabled";

    fn server(&self) -> &ServerUrl {
        self.server
    }

    fn read_success(&self, body: &Body<'_>) -> Result<bool, NotRead> {
        body.boolean().ok_or(NotRead::Unreadable)
    }
}
