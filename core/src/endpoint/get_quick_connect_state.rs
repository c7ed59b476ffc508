//! `GET /QuickConnect/Connect`: whether the code was approved (protocol facts, sections 4.6 and 5).

use serde::Deserialize;
use zeroize::Zeroizing;

use super::{Body, Definition, Endpoint, RequestName, lenient, request};
use crate::{Device, QuickConnectSecret, ServerUrl, reply::NotRead};

/// Asks whether a Quick Connect code was approved. The secret travels in the query: keep the URI out
/// of logs.
///
/// [`read`](Endpoint::read) fails with [`Error::CodeLost`](crate::Error::CodeLost) (404: expired, or the
/// server restarted) and [`Error::QuickConnectDisabled`](crate::Error::QuickConnectDisabled) (401: the
/// secret is good again once Quick Connect is switched on again).
#[derive(Clone, Copy, Debug)]
pub struct GetQuickConnectState<'a> {
    /// The server to ask.
    pub server: &'a ServerUrl,
    /// The program and device that ask.
    pub device: &'a Device,
    /// The secret that came with the code.
    pub secret: &'a QuickConnectSecret,
}

impl Endpoint for GetQuickConnectState<'_> {
    /// Whether the code was approved.
    type Output = bool;

    fn request(&self) -> http::Request<Vec<u8>> {
        const QUERY: &str = "?secret=";
        let secret = self.secret.expose();
        // Sized for the worst case and wiped: the URI alone, which is the driver's, holds the secret.
        let length = Self::PATH.len() + QUERY.len() + 3 * secret.len();
        let mut path = Zeroizing::new(String::with_capacity(length));
        path.push_str(Self::PATH);
        path.push_str(QUERY);
        request::push_encoded(&mut path, secret);
        request::get(self.server, self.device, &path, Some(self.device.authorization()))
    }
}

impl Definition<bool> for GetQuickConnectState<'_> {
    const NAME: RequestName = RequestName::GetQuickConnectState;
    const PATH: &'static str = "/QuickConnect/Connect";

    fn server(&self) -> &ServerUrl {
        self.server
    }

    fn read_success(&self, body: &Body<'_>) -> Result<bool, NotRead> {
        let result: Option<QuickConnectResult> = body.object();
        result.and_then(|result| result.authenticated).ok_or(NotRead::Unreadable)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QuickConnectResult {
    #[serde(alias = "authenticated", deserialize_with = "lenient::boolean")]
    authenticated: Option<bool>,
}
