//! Whether a kept session still works.

use std::sync::Arc;

use crate::{
    Policy, ServerUrl, Session,
    engine::Engine,
    flow::{KnownServer, TokenCheck},
    machine::machine_by_engine,
};

/// Finds out whether a kept session still works: a [`Machine`](crate::Machine) of two requests that ends
/// with a [`SessionState`].
///
/// `GET /System/Info/Public` without the token comes first. If another server answers, the check ends
/// with [`Error::DifferentServer`](crate::Error::DifferentServer) and the token is not sent. Then
/// `GET /Users/Me` (protocol facts, section 4.7).
///
/// **An error is never a reason to drop a token**: the network, a proxy or a starting server was in
/// the way. Only [`SessionState::Revoked`] is.
#[derive(Debug)]
pub struct SessionCheck {
    engine: Engine<KnownServer<TokenCheck>>,
}

/// What became of a session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SessionState {
    /// It works. The session is as the server knows it now: its user's name, and the address where
    /// the server was found.
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
        Self { engine: Engine::of_known_server(session, TokenCheck) }
    }

    /// The server's address: the session's, until a redirect gave a better one.
    #[must_use]
    pub fn server_url(&self) -> &ServerUrl {
        &self.engine.target().server
    }
}

machine_by_engine!(SessionCheck, SessionState);
