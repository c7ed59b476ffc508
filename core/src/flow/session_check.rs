//! Whether a kept session still works: `GetServerInfo`, then `GetCurrentUser`.

use super::{
    Content, Setback, Visitor,
    token_use::{FoundSession, Purpose},
};
use crate::{
    CheckedSession, Session, SessionState,
    endpoint::{GetCurrentUser, RequestName},
    reply::Reply,
};

#[derive(Clone, Debug)]
pub(crate) struct TokenCheck;

impl Purpose for TokenCheck {
    type Output = CheckedSession;

    fn visit<V: Visitor>(&self, session: &Session, visitor: V) -> V::Result {
        visitor.visit(&GetCurrentUser { session }, |user| Content::User(user.into()))
    }

    fn end(&self, found: &FoundSession, reply: Reply<Content>) -> Result<CheckedSession, Setback> {
        let FoundSession { session, tried } = found;
        let state = match reply {
            Reply::Success(Content::User(user)) => {
                SessionState::Valid(session.clone().with_user(*user).into())
            }
            Reply::Unauthorized { .. } => SessionState::Revoked,
            Reply::Forbidden => SessionState::NotAllowedNow,
            other => return Err(Setback::of(RequestName::GetCurrentUser, other)),
        };
        Ok(CheckedSession { state, tried: tried.clone() })
    }
}
