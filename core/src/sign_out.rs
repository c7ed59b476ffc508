//! Ending a session.

use std::sync::Arc;

use crate::{
    Policy, Session, flow::TokenRemoval, known_server::KnownServer, machine::machine_by_engine,
};

/// Signs out: a [`Machine`](crate::Machine) of two requests after which the server has forgotten the
/// token.
///
/// `GET /System/Info/Public` without the token comes first, so that no other server at the same address
/// gets it. Then `POST /Sessions/Logout` (protocol facts, section 4.8). A token that the server didn't
/// know any more (401) counts as signed out. A captive portal's 401 doesn't: it is
/// [`Error::Intercepted`](crate::Error::Intercepted), as long as the server's own responses can be told
/// from others.
///
/// Some servers of other makes can't sign out:
/// [`Error::SignOutUnsupported`](crate::Error::SignOutUnsupported). Forget the session then, and tell the
/// user that its token stays valid.
#[derive(Debug)]
pub struct SignOut {
    engine: KnownServer<TokenRemoval>,
}

impl SignOut {
    /// Signs `session` out.
    #[must_use]
    pub fn new(session: Session) -> Self {
        Self { engine: KnownServer::new(session, TokenRemoval) }
    }
}

machine_by_engine!(SignOut, ());
