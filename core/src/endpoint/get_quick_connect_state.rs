//! `GET /QuickConnect/Connect`: whether the code was approved (protocol facts, sections 4.6 and 5).

use serde::Deserialize;
use zeroize::Zeroizing;

use super::{Body, Definition, Endpoint, RequestName, lenient, request};
use crate::{Device, QuickConnectSecret, ServerUrl, reply::NotRead, secret};

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
        let secret_text = self.secret.expose();
        let server = self.server.as_str();
        // Sized for the worst case: growing would leave a copy behind.
        let length = server.len() + Self::PATH.len() + QUERY.len() + 3 * secret_text.len();
        let mut address = Zeroizing::new(String::with_capacity(length));
        for part in [server, Self::PATH, QUERY] {
            address.push_str(part);
        }
        request::push_encoded(&mut address, secret_text);
        let uri = secret::uri(address).expect("a server URL was checked to make URIs");
        request::get_at(uri, self.device, Some(self.device.authorization()))
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
