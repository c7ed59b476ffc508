//! Whether a kept session still works.

use std::sync::Arc;

use crate::{
    Policy, ServerUrl, Session, errand::Errand, flow::CheckFlow, machine::machine_by_errand,
};

/// Looks whether a kept session still works: a [`Machine`](crate::Machine) of two requests that ends
/// with a [`SessionState`].
///
/// `GET /System/Info/Public` without the token first: if another server answers, the check ends with
/// [`Error::DifferentServer`](crate::Error::DifferentServer) and the token is not sent. Then
/// `GET /Users/Me` (protocol facts, section 4.7).
///
/// **An error is never a reason to drop a token**: the network, a proxy or a starting server was in
/// the way. Only [`SessionState::Revoked`] is, and only the server itself can say so.
#[derive(Debug)]
pub struct SessionCheck {
    errand: Errand<CheckFlow>,
}

/// What the server says about a session.
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
        let errand = Errand::new(CheckFlow::new(session), Arc::default());
        Self { errand: errand.for_known_server() }
    }

    /// Sets how patient the check is. Call it before the first [`poll`](Self::poll).
    #[must_use]
    pub fn with_policy(mut self, policy: impl Into<Arc<Policy>>) -> Self {
        self.errand.set_policy(policy.into());
        self
    }

    /// The server's address: the session's, until a redirect told a better one.
    #[must_use]
    pub fn server_url(&self) -> &ServerUrl {
        self.errand.flow().server()
    }
}

machine_by_errand!(SessionCheck, SessionState);
