use std::time::Duration;

use http::{Request, Response};

use super::{
    front::Front,
    plan::{Lack, Make},
};
use jellyfin_auth_testkit::{
    answer::{ResponseExt as _, marked, unmarked},
    fake_server::{FakeServer, Version},
};

/// The user's own server, and another one that may stand at its address for a while.
pub(super) struct Servers {
    all: [FakeServer; 2],
    /// The one that answers.
    active: usize,
    make: Make,
    front: Front,
    /// While the server fails: with which status.
    pub(super) failing: Option<u16>,
}

impl Servers {
    pub(super) fn new(own: FakeServer, make: Make, front: Front, seed: u64) -> Self {
        let mut other = FakeServer::with_seed(Version::V12, seed ^ u64::MAX);
        // The same address leads to both.
        other.settings_mut().base_url.clone_from(&own.settings().base_url);
        other.settings_mut().require_https = own.settings().require_https;
        Self { all: [own, other], active: 0, make, front, failing: None }
    }

    pub(super) fn own(&self) -> &FakeServer {
        &self.all[0]
    }

    pub(super) fn own_mut(&mut self) -> &mut FakeServer {
        &mut self.all[0]
    }

    pub(super) fn active_mut(&mut self) -> &mut FakeServer {
        &mut self.all[self.active]
    }

    pub(super) fn number(&self) -> usize {
        self.active
    }

    pub(super) fn get(&self, number: usize) -> &FakeServer {
        &self.all[number]
    }

    /// The user's own server answers, or the other one.
    pub(super) fn activate(&mut self, number: usize) {
        self.active = number;
    }

    pub(super) fn handle(
        &mut self,
        now: Duration,
        request: &Request<Vec<u8>>,
    ) -> Response<Vec<u8>> {
        let response = match self.failing {
            Some(status) => marked(status).with_html("<html><body>Error</body></html>"),
            None => self.active_mut().handle(now, request),
        };
        self.seen_from_outside(request, response)
    }

    /// What is left of a response on its way out.
    pub(super) fn seen_from_outside(
        &self,
        request: &Request<Vec<u8>>,
        response: Response<Vec<u8>>,
    ) -> Response<Vec<u8>> {
        let mut response = match self.make {
            Make::Jellyfin => response,
            Make::Other(lack) => with_lack(lack, request, response),
        };
        let hides_marker = match self.front {
            Front::HidesTheMarker => true,
            Front::HidesTheMarkerOverHttps => request.uri().scheme_str() == Some("https"),
            _ => self.make != Make::Jellyfin,
        };
        if hides_marker {
            response.headers_mut().remove("x-response-time-ms");
        }
        response
    }
}

/// Servers that speak this API lack some of it, each in its own way.
fn with_lack(
    lack: Lack,
    request: &Request<Vec<u8>>,
    whole: Response<Vec<u8>>,
) -> Response<Vec<u8>> {
    let path = request.uri().path();
    let (signs_out, asks) =
        (path.ends_with("/Sessions/Logout"), path.ends_with("/QuickConnect/Enabled"));
    if !whole.status().is_success() || !(signs_out || asks) {
        return whole;
    }
    match lack {
        Lack::NotFound => unmarked(404),
        Lack::NotAllowed => unmarked(405),
        Lack::NotImplemented => unmarked(501),
        // Codes are handed out all the same.
        Lack::Denied if asks => unmarked(200).with_json(&serde_json::json!(false)),
        Lack::Denied => unmarked(200).with_json(&serde_json::json!({})),
    }
}
