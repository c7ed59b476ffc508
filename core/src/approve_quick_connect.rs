//! Approving another device's Quick Connect.

use std::sync::Arc;

use crate::{
    Error, Policy, Session, endpoint::AuthorizeQuickConnect, flow::Approval,
    known_server::KnownServer, machine::machine_by_engine,
};

/// Approves a Quick Connect code that another device shows: a [`Machine`](crate::Machine) of two
/// requests after which that device can sign in as the session's user.
///
/// `GET /System/Info/Public` without the token comes first, so that no other server at the same address
/// gets it. Then `POST /QuickConnect/Authorize` (protocol facts, section 4.6).
#[derive(Debug)]
pub struct ApproveQuickConnect {
    engine: KnownServer<Approval>,
}

impl ApproveQuickConnect {
    /// Approves `code` as the user of `session`. Blanks in it are dropped: `"123 456"` is fine.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidCode`] when it can't be a code.
    pub fn new(session: Session, code: &str) -> Result<Self, Error> {
        let code = AuthorizeQuickConnect::new(&session, code)?.code().to_owned();
        Ok(Self { engine: KnownServer::new(session, Approval(code)) })
    }
}

machine_by_engine!(ApproveQuickConnect, ());
