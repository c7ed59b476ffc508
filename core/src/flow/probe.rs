//! `GET /System/Info/Public`: who the server is, and where its base path is.
//!
//! ```text
//! Probe ─ 200 ─────────────────────────────────────────► the server
//!   ▲ ├── 3xx to https, or to where it really is ─► adopt that address ─┐
//!   │ └── 404 of a Jellyfin ─► the root of the same origin, once ───────┤
//!   └───────────────────────────────────────────────────────────────────┘
//! ```

use http::Request;

use super::Event;
use crate::{
    Device, Error, ServerInfo, ServerUrl,
    endpoint::{Endpoint, GetServerInfo, Probed, read_probe},
    server_url::Redirect,
    verdict::{Verdict, missing},
};

/// How many redirects are followed.
const MOST_HOPS: u8 = 5;

/// The probe of one address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Probe {
    server: ServerUrl,
    hops: u8,
    root_tried: bool,
}

impl Probe {
    pub(crate) fn new(server: ServerUrl) -> Self {
        Self { server, hops: 0, root_tried: false }
    }

    /// The address as it is known by now.
    pub(crate) fn server(&self) -> &ServerUrl {
        &self.server
    }

    pub(crate) fn request(&self, device: &Device) -> Request<Vec<u8>> {
        GetServerInfo::new(&self.server, device).request()
    }

    /// Takes in an answer: who the server is, or `None` when another address is to be asked.
    pub(crate) fn handle(
        &mut self,
        event: Event<'_>,
        device: &Device,
        signs: bool,
    ) -> Verdict<Option<ServerInfo>> {
        let answer = match event {
            Event::Failure(failure) => return Err(missing(failure)),
            Event::Answer(answer) => answer,
        };
        if answer.is_redirect() {
            return match Redirect::of_probe(&self.server, answer.location()) {
                Redirect::Refuse(to) => Err(Error::Redirected { to }.into()),
                Redirect::Adopt(_) if self.hops == MOST_HOPS => Err(Error::TooManyRedirects.into()),
                Redirect::Adopt(server) => {
                    self.hops += 1;
                    self.server = server;
                    Ok(None)
                }
            };
        }
        match read_probe(&GetServerInfo::new(&self.server, device), answer, signs)? {
            Probed::Server(info) => Ok(Some(info)),
            Probed::OtherPath => match self.server.without_base_path() {
                Some(root) if !self.root_tried => {
                    self.root_tried = true;
                    self.server = root;
                    Ok(None)
                }
                _ => Err(Error::WrongBasePath.into()),
            },
        }
    }
}
