use std::{
    hash::{Hash, Hasher},
    time::Duration,
};

use jellyfin_auth::{Error, Session};
use jellyfin_auth_testkit::fake_server::FakeServer;

use crate::{
    Bounds,
    client::Input,
    facts::Facts,
    network::{Letter, Reply},
};

/// The whole world at one moment.
#[derive(Clone, Debug)]
pub struct State {
    /// All that was done to the login: what it is made from again.
    pub(crate) inputs: Vec<Input>,
    /// The login, as it shows itself.
    pub(crate) login: String,
    pub(crate) server: FakeServer,
    pub(crate) letters: Vec<Letter>,
    pub(crate) replies: Vec<Reply>,
    pub(crate) now: Duration,
    pub(crate) left: Bounds,
    pub(crate) phase: Phase,
    pub(crate) exchange: u16,
    pub(crate) facts: Facts,
    /// The login has a code that a program would keep.
    pub(crate) keeps_code: bool,
    pub(crate) violation: Option<String>,
}

/// What the login does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Phase {
    InFlight,
    Waiting { delay: Duration, code: Option<String> },
    Done(Box<Session>),
    Failed(Error),
}

impl State {
    /// What distinguishes states: everything but how it came to be.
    fn key(&self) -> impl PartialEq + Hash + '_ {
        let Self { inputs: _, login, server, letters, replies, now, left, .. } = self;
        let Self { phase, exchange, facts, keeps_code, violation, .. } = self;
        (
            (login, server, letters, replies, now, left),
            (phase, exchange, facts, keeps_code, violation),
        )
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}
