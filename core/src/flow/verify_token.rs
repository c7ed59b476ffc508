//! The end of a sign-in: `GetCurrentUser` tries the token, if the policy asks for it.

use super::{Content, Context, Setback, Transition, Visitor};
use crate::{
    Session,
    endpoint::{Authentication, GetCurrentUser, RequestName},
    reply::Reply,
};

/// A token is there.
pub(super) fn signed_in(
    authentication: Authentication,
    context: &Context<'_>,
) -> Transition<Box<Session>, Session> {
    let session = context.target.session(authentication);
    if context.policy.verify_token {
        Transition::Send(Box::new(session))
    } else {
        Transition::Done(session)
    }
}

pub(super) fn visit<V: Visitor>(session: &Session, visitor: V) -> V::Result {
    visitor.visit(&GetCurrentUser { session }, |user| Content::User(user.into()))
}

pub(super) fn next(
    session: Box<Session>,
    reply: Reply<Content>,
) -> Transition<Box<Session>, Session> {
    match reply {
        Reply::Success(Content::User(user)) => Transition::Done(session.with_user(*user)),
        // The token is good; its user may not use the server now.
        Reply::Forbidden => Transition::Done(*session),
        other => Setback::of(RequestName::GetCurrentUser, other).after(session),
    }
}
