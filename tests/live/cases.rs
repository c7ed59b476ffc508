//! What is done with each server.

mod accounts;
mod approving;
mod base_url;
mod names;
mod password;
mod quick_connect;
mod refusals;
mod sessions;
mod slow;
mod starting;
mod switches;

use crate::{
    scene::Scene,
    stand::{Cue, Running},
};

/// One thing that is tried, by each adapter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Whether nothing else may happen on the server meanwhile.
    pub(crate) alone: bool,
    /// What happens to the world first.
    pub(crate) before: Option<fn(&Running)>,
    /// What an adapter does.
    pub(crate) act: fn(&Scene<'_>, &Cue),
    /// What happens to the world once each adapter has given its cue. With it the adapters act at
    /// the same time, without it one after the other.
    pub(crate) meanwhile: Option<fn(&Running)>,
}

impl Case {
    /// A case that leaves the others alone.
    const fn new(name: &'static str, act: fn(&Scene<'_>, &Cue)) -> Self {
        Self { name, alone: false, before: None, act, meanwhile: None }
    }

    /// A case that changes what others would notice.
    const fn alone(name: &'static str, act: fn(&Scene<'_>, &Cue)) -> Self {
        Self { name, alone: true, before: None, act, meanwhile: None }
    }

    const fn before(mut self, before: fn(&Running)) -> Self {
        self.before = Some(before);
        self
    }

    const fn meanwhile(mut self, meanwhile: fn(&Running)) -> Self {
        self.meanwhile = Some(meanwhile);
        self
    }
}

/// The cases on a server at the root of its address.
pub(crate) fn at_the_root() -> Vec<Case> {
    let groups: [&[Case]; 9] = [
        password::CASES,
        refusals::CASES,
        quick_connect::CASES,
        sessions::CASES,
        approving::CASES,
        accounts::CASES,
        names::CASES,
        switches::CASES,
        starting::CASES,
    ];
    groups.concat()
}

/// The cases on a server with a base URL.
pub(crate) fn at_a_base_url() -> Vec<Case> {
    base_url::CASES.to_vec()
}

/// The cases that take the server's own ten minutes.
pub(crate) fn slow() -> Vec<Case> {
    slow::CASES.to_vec()
}
