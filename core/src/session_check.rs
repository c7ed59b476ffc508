//! Whether a kept session still works.

use std::sync::Arc;

use crate::{
    Attempt, Policy, ServerUrl, Session, flow::TokenCheck, known_server::KnownServer,
    machine::machine_by_engine,
};

/// Finds out where a session's server is and whether the session still works: a
/// [`Machine`](crate::Machine) that ends with a [`CheckedSession`].
///
/// `GET /System/Info/Public` without the token goes to all of the session's
/// [addresses](Session::addresses), one 250 ms after the other. The first of them in the session's order
/// that shows the server's id is taken: one that answers sooner waits for the better ones, for 1.5 s at
/// most. Then `GET /Users/Me` goes there, with the token (protocol facts, section 4.7).
///
/// If another server answers at the only address, the check ends with
/// [`Error::DifferentServer`](crate::Error::DifferentServer), and the token is not sent. With several
/// addresses the error is [`Error::NoServer`](crate::Error::NoServer), with what each of them answered.
///
/// **An error is never a reason to drop a token**: the network, a proxy or a starting server was in
/// the way. Only [`SessionState::Revoked`] is.
#[derive(Debug)]
pub struct SessionCheck {
    engine: KnownServer<TokenCheck>,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CheckedSession {
    /// What became of the session.
    pub state: SessionState,
    /// The session's addresses where its server was not, and why. Those that were not needed are left
    /// out.
    pub tried: Vec<Attempt>,
}

/// What became of a session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SessionState {
    /// It works. The session is as the server knows it now: its user's name, and with the address where
    /// the server was found as its [`server`](Session::server). Keep it in place of the old one.
    Valid(Box<Session>),
    /// The server doesn't know the token any more: drop it, and sign in again.
    Revoked,
    /// The token is good, but its user may not use the server now or from here. Keep it.
    NotAllowedNow,
}

impl SessionCheck {
    /// Checks `session`.
    #[must_use]
    pub fn new(session: Session) -> Self {
        Self { engine: KnownServer::new(session, TokenCheck) }
    }

    /// The server's address: the session's first, until the server was found.
    #[must_use]
    pub fn server_url(&self) -> &ServerUrl {
        self.engine.server_url()
    }
}

machine_by_engine!(SessionCheck, CheckedSession);
