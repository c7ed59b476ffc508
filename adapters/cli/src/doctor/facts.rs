//! What was seen, before anybody judges it.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::{Duration, SystemTime},
};

use jellyfin_auth::{Error, ServerUrl, endpoint::ServerInfo};
use jellyfin_auth_transport::Inspection;

use crate::failed::Failed;

/// All of it.
#[derive(Debug)]
pub(super) struct Facts {
    /// What was typed, without query and fragment.
    pub(super) typed: String,
    pub(super) look_up: LookUp,
    /// What the typed text can mean, best guess first.
    pub(super) candidates: Vec<Candidate>,
    /// This device's clock.
    pub(super) now: SystemTime,
}

/// The look-up of the host's name.
#[derive(Debug)]
pub(super) enum LookUp {
    /// An IP address was typed.
    NotNeeded(IpAddr),
    /// Every request goes through a proxy, which looks names up itself.
    ByProxy,
    Found {
        addresses: Vec<IpAddr>,
        took: Duration,
    },
    Failed(String),
    TimedOut,
}

#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) url: ServerUrl,
    /// At that address, and then where it redirects to; empty when the name has no address.
    pub(super) visits: Vec<Visit>,
    /// Whether there were more redirects than are followed.
    pub(super) goes_in_circles: bool,
}

/// What was seen at one address. What is missing wasn't reached, or not in time.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) url: ServerUrl,
    /// Host and port of the proxy that requests go through.
    pub(super) proxy: Option<String>,
    /// Connections to each address of the host, or of the proxy; empty where the visit before was at the
    /// same origin.
    pub(super) connections: Vec<Connection>,
    /// The TLS handshake, or why there was none.
    pub(super) tls: Option<Result<Inspection, String>>,
    pub(super) answer: Option<Result<Answer, Failed>>,
}

#[derive(Debug)]
pub(super) struct Connection {
    pub(super) address: SocketAddr,
    pub(super) outcome: Result<Duration, io::ErrorKind>,
}

/// The response to `GET /System/Info/Public`.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) took: Duration,
    /// The headers `Server` and `Via`.
    pub(super) server: Option<String>,
    pub(super) via: Option<String>,
    /// Whether Jellyfin's own `X-Response-Time-ms` is there.
    pub(super) has_marker: bool,
    /// The header `Date`, and this device's clock when it arrived.
    pub(super) date: Option<(SystemTime, SystemTime)>,
    /// What the response means.
    pub(super) info: Result<ServerInfo, Error>,
    /// Whether Quick Connect is on, where the server could be asked.
    pub(super) quick_connect: Option<Result<bool, Failed>>,
}

impl Candidate {
    /// Where its redirects end.
    pub(super) fn last(&self) -> Option<&Visit> {
        self.visits.last()
    }

    /// The certificate of where its redirects end.
    pub(super) fn tls(&self) -> Option<&Result<Inspection, String>> {
        let encrypted = self.last()?.url.is_encrypted();
        self.visits.iter().rev().find_map(|visit| visit.tls.as_ref()).filter(|_| encrypted)
    }

    /// The connections to where its redirects end.
    pub(super) fn connections(&self) -> &[Connection] {
        let mut visits = self.visits.iter().rev();
        visits.find(|visit| !visit.connections.is_empty()).map_or(&[], |visit| &visit.connections)
    }
}
