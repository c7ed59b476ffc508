//! What the protocol says: which request comes next, and what an answer changes.
//!
//! A flow knows no time. When to send, how long to wait and when to give up is the business of
//! [`Errand`](crate::errand::Errand).

mod password;
mod probe;
mod quick_connect;
mod session_check;
mod sign_in;

pub(crate) use probe::Probe;
pub(crate) use quick_connect::QuickConnect;
pub(crate) use session_check::CheckFlow;
pub(crate) use sign_in::{Method, SignIn};

use http::Request;

use crate::{
    Error, Failure, Policy,
    answer::Answer,
    verdict::{Judged, Verdict, judge, missing},
};

/// A protocol, as seen by what decides when to act.
pub(crate) trait Flow {
    type Output: Clone;

    /// The request that is due.
    fn request(&self) -> Request<Vec<u8>>;

    /// Whether that request may be sent twice.
    fn is_replayable(&self) -> bool;

    /// Takes in what came of it. `signs`: an answer of this server was signed, so that it signs all.
    ///
    /// # Errors
    ///
    /// The obstacle that it met.
    fn handle(&mut self, event: Event<'_>, signs: bool) -> Verdict<Progress<Self::Output>>;

    /// How long it is worth trying.
    fn persistence(&self) -> Persistence {
        Persistence::Bounded
    }

    /// How often the request that is due is tried again.
    fn retries(&self, policy: &Policy) -> u32 {
        policy.retries
    }

    /// The code to show.
    fn code(&self) -> Option<&str> {
        None
    }

    /// Whether the code is as old as this sign-in knows it.
    fn knows_code_age(&self) -> bool {
        true
    }

    /// Another way to go on after an error that would end it.
    ///
    /// # Errors
    ///
    /// The error that ends it when there is none.
    fn give_up(&mut self, error: Error) -> Result<(), Error> {
        Err(error)
    }

    /// Drops every secret that has not been handed out.
    fn wipe(&mut self);
}

/// What came of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event<'r> {
    Answer(&'r Answer<'r>),
    Failure(Failure),
}

/// How a success moves a flow on.
#[derive(Debug)]
pub(crate) enum Progress<T> {
    /// The next request is due at once.
    Proceed,
    /// All is well, and the next request is due after the poll interval.
    Pause,
    /// The end.
    Done(T),
}

/// How long it is worth trying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Persistence {
    /// As often and as long as the policy says.
    Bounded,
    /// Without limit: a code is being renewed.
    Unlimited,
    /// While the code can be alive.
    WhileCodeLives,
}

/// What came of a request that may be sent again.
fn verdict<E: Judged>(endpoint: &E, event: Event<'_>, signs: bool) -> Verdict<E::Output> {
    match event {
        Event::Failure(failure) => Err(missing(failure)),
        Event::Answer(answer) => judge(endpoint, answer, signs),
    }
}
