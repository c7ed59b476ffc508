//! What a driver did, so that it can be compared.

use std::time::Duration;

use http::Request;
use jellyfin_auth::{Error, Session, Wait, WaitReason};
use jellyfin_auth_testkit::raw_server::RawRequest;

/// What an HTTP stack adds, or writes in another way.
const OF_THE_STACK: [&str; 3] = ["host", "connection", "content-length"];

/// Requests, waits and the end: the token or the error.
#[derive(Debug, PartialEq)]
pub struct Trace {
    pub requests: Vec<Sent>,
    pub waits: Vec<Waited>,
    pub end: Result<String, Error>,
}

impl Trace {
    pub fn new(requests: Vec<Sent>, waits: Vec<Waited>, end: Result<Session, Error>) -> Self {
        let end = end.map(|session| session.access_token().expose().to_owned());
        Self { requests, waits, end }
    }

    pub fn reasons(&self) -> Vec<WaitReason> {
        self.waits.iter().map(|wait| wait.reason).collect()
    }
}

/// A request, without what differs from server to server.
#[derive(Debug, PartialEq)]
pub struct Sent {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Sent {
    pub fn built(request: &Request<Vec<u8>>) -> Self {
        let headers = request.headers().iter().map(|(name, value)| {
            (name.as_str(), value.to_str().expect("the core's headers are visible ASCII"))
        });
        Self {
            method: request.method().to_string(),
            target: request
                .uri()
                .path_and_query()
                .expect("the core's addresses have one")
                .to_string(),
            headers: comparable(headers),
            body: request.body().clone(),
        }
    }

    pub fn arrived(request: &RawRequest) -> Self {
        Self {
            method: request.method().to_owned(),
            target: request.target().to_owned(),
            headers: comparable(request.headers()),
            body: request.body().to_vec(),
        }
    }
}

fn comparable<'a>(headers: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    let mut headers: Vec<_> = headers
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .filter(|(name, _)| !OF_THE_STACK.contains(&name.as_str()))
        .collect();
    headers.sort();
    headers
}

/// A wait as it began. How old a code is depends on the network, and is left out.
#[derive(Debug, PartialEq)]
pub struct Waited {
    pub delay: Duration,
    pub code: Option<String>,
    pub reason: WaitReason,
}

impl From<&Wait> for Waited {
    fn from(wait: &Wait) -> Self {
        Self { delay: wait.delay(), code: wait.code().map(str::to_owned), reason: wait.reason() }
    }
}
