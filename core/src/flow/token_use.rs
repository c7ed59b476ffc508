//! One request with a session's token, at its own server.

use std::fmt;

use super::{Content, Context, Flow, Setback, Target, Transition, Visitor};
use crate::{Attempt, Session, reply::Reply};

/// What the token is used for.
pub(crate) trait Purpose {
    type Output: Clone + fmt::Debug;

    /// Shows the request with the token to `visitor`.
    fn visit<V: Visitor>(&self, session: &Session, visitor: V) -> V::Result;

    /// What comes of it: the table of the purpose.
    ///
    /// # Errors
    ///
    /// What ends it, or is tried again.
    fn end(&self, found: &FoundSession, reply: Reply<Content>) -> Result<Self::Output, Setback>;
}

/// A session at the address where its server was found.
#[derive(Debug)]
pub(crate) struct FoundSession {
    pub(crate) session: Session,
    /// The addresses where it was not.
    pub(crate) tried: Vec<Attempt>,
}

#[derive(Debug)]
pub(crate) struct TokenUse<P> {
    pub(crate) found: FoundSession,
    pub(crate) purpose: P,
}

impl<P: Purpose> Flow for TokenUse<P> {
    type State = ();
    type Output = P::Output;

    fn visit<V: Visitor>(&self, (): &(), _: &Target, visitor: V) -> V::Result {
        self.purpose.visit(&self.found.session, visitor)
    }

    fn next(&mut self, (): (), reply: Reply<Content>, _: Context<'_>) -> Transition<(), P::Output> {
        match self.purpose.end(&self.found, reply) {
            Ok(output) => Transition::Done(output),
            Err(setback) => setback.after(()),
        }
    }
}
