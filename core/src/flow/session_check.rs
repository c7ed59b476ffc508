//! Whether a kept session still works: `GetServerInfo`, then `GetCurrentUser`.

use super::{Content, Setback, Visitor, known_server::Purpose};
use crate::{
    Session, SessionState,
    endpoint::{GetCurrentUser, RequestName},
    reply::Reply,
};

#[derive(Debug)]
pub(crate) struct TokenCheck;

impl Purpose for TokenCheck {
    type Output = SessionState;

    fn visit<V: Visitor>(&self, session: &Session, visitor: V) -> V::Result {
        visitor.visit(&GetCurrentUser { session }, |user| Content::User(user.into()))
    }

    fn end(&self, session: &Session, reply: Reply<Content>) -> Result<SessionState, Setback> {
        match reply {
            Reply::Success(Content::User(user)) => {
                Ok(SessionState::Valid(session.clone().with_user(*user).into()))
            }
            Reply::Unauthorized { .. } => Ok(SessionState::Revoked),
            Reply::Forbidden => Ok(SessionState::NotAllowedNow),
            other => Err(Setback::of(RequestName::GetCurrentUser, other)),
        }
    }
}
