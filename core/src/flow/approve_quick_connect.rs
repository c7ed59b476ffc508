//! Approving another device's code: `GetServerInfo`, then `AuthorizeQuickConnect`.

use super::{
    Content, Setback, Visitor,
    token_use::{FoundSession, Purpose},
};
use crate::{
    Session,
    endpoint::{AuthorizeQuickConnect, RequestName},
    reply::Reply,
};

/// The code to approve.
#[derive(Clone, Debug)]
pub(crate) struct Approval(pub(crate) String);

impl Purpose for Approval {
    type Output = ();

    fn visit<V: Visitor>(&self, session: &Session, visitor: V) -> V::Result {
        let endpoint = AuthorizeQuickConnect::of_checked_code(session, &self.0);
        visitor.visit(&endpoint, |()| Content::Nothing)
    }

    fn end(&self, _: &FoundSession, reply: Reply<Content>) -> Result<(), Setback> {
        match reply {
            Reply::Success(Content::Nothing) => Ok(()),
            other => Err(Setback::of(RequestName::AuthorizeQuickConnect, other)),
        }
    }
}
