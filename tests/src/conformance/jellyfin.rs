//! A well-behaved server for the scenarios, but for what a scenario says.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use http::Response;

use crate::{
    answer::{ResponseExt as _, authentication, marked, quick_connect, server_info},
    raw_server::{Conduct, Move, RawRequest, wire},
};

pub(super) const PROBE: &str = "/System/Info/Public";
pub(super) const AUTHENTICATE: &str = "/Users/AuthenticateByName";
pub(super) const USERS: &str = "/Users/Public";
pub(super) const PIN: &str = "/Users/ForgotPassword/Pin";
pub(super) const ENABLED: &str = "/QuickConnect/Enabled";
pub(super) const INITIATE: &str = "/QuickConnect/Initiate";
pub(super) const POLL: &str = "/QuickConnect/Connect";
pub(super) const EXCHANGE: &str = "/Users/AuthenticateWithQuickConnect";

pub(super) const SERVER_ID: &str = "713dc3fe952b438fa70ed35e4ef0525a";
pub(super) const TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub(super) const USER_ID: &str = "6eec632aff0d4d099aad0bf9e90b14c6";
/// With characters that a query can't hold as they are.
pub(super) const SECRET: &str = "s+e/c=r&e%t";
pub(super) const CODE: &str = "123456";

type Override = Box<dyn Fn(&RawRequest, usize) -> Option<Vec<Move>> + Send + Sync>;

/// How the server behaves.
pub(super) struct Jellyfin {
    polls: usize,
    framing: fn(&Response<Vec<u8>>) -> Vec<Move>,
    overrides: Vec<(&'static str, Override)>,
}

impl Jellyfin {
    /// Approves a code at the first poll, and announces the length of every body.
    pub(super) fn new() -> Self {
        Self { polls: 1, framing: plainly, overrides: Vec::new() }
    }

    /// Approves a code at this poll.
    pub(super) fn approving_at_poll(mut self, polls: usize) -> Self {
        self.polls = polls;
        self
    }

    /// Answers in another framing.
    pub(super) fn framed(mut self, framing: fn(&Response<Vec<u8>>) -> Vec<Move>) -> Self {
        self.framing = framing;
        self
    }

    /// Makes these moves in place of every answer to a request for `path`.
    pub(super) fn but(self, path: &'static str, moves: Vec<Move>) -> Self {
        self.but_when(path, move |_, _| Some(moves.clone()))
    }

    /// Makes these moves in place of the first answer to a request for `path`.
    pub(super) fn but_first(self, path: &'static str, moves: Vec<Move>) -> Self {
        self.but_when(path, move |_, count| (count == 1).then(|| moves.clone()))
    }

    /// Makes other moves for some of the requests for `path`: the count begins at 1.
    pub(super) fn but_when(
        mut self,
        path: &'static str,
        moves: impl Fn(&RawRequest, usize) -> Option<Vec<Move>> + Send + Sync + 'static,
    ) -> Self {
        self.overrides.push((path, Box::new(moves)));
        self
    }

    pub(super) fn conduct(self) -> Conduct {
        let counts: Mutex<HashMap<String, usize>> = Mutex::default();
        Conduct::new(move |request| {
            let path = request.path();
            let count = {
                let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
                let count = counts.entry(path.to_owned()).or_default();
                *count += 1;
                *count
            };
            for (overridden, moves) in &self.overrides {
                if path == *overridden {
                    if let Some(moves) = moves(request, count) {
                        return moves;
                    }
                }
            }
            (self.framing)(&answer(path, count >= self.polls))
        })
    }
}

/// What a server answers when all is well.
pub(super) fn answer(path: &str, approved: bool) -> Response<Vec<u8>> {
    match path {
        PROBE => server_info(SERVER_ID, "10.11.0"),
        AUTHENTICATE | EXCHANGE => authentication(TOKEN, USER_ID, SERVER_ID),
        USERS => marked(200).with_json(&serde_json::Value::Array(Vec::new())),
        ENABLED => marked(200).with_json(&serde_json::Value::Bool(true)),
        INITIATE => quick_connect(CODE, SECRET, false),
        POLL => quick_connect(CODE, SECRET, approved),
        _ => marked(404),
    }
}

/// With its length announced.
pub(super) fn plainly(response: &Response<Vec<u8>>) -> Vec<Move> {
    vec![Move::Send(wire::with_length(response))]
}
