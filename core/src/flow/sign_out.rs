//! Signing out: `GetServerInfo`, then `LogOut`.

use super::{
    Content, Setback, Visitor,
    token_use::{FoundSession, Purpose},
};
use crate::{
    Session,
    endpoint::{LogOut, RequestName},
    reply::Reply,
};

#[derive(Clone, Debug)]
pub(crate) struct TokenRemoval;

impl Purpose for TokenRemoval {
    type Output = ();

    fn visit<V: Visitor>(&self, session: &Session, visitor: V) -> V::Result {
        visitor.visit(&LogOut { session }, |()| Content::Nothing)
    }

    fn end(&self, _: &FoundSession, reply: Reply<Content>) -> Result<(), Setback> {
        match reply {
            // The server forgot the token, or had forgotten it before.
            Reply::Success(Content::Nothing) | Reply::Unauthorized { .. } => Ok(()),
            other => Err(Setback::of(RequestName::LogOut, other)),
        }
    }
}
