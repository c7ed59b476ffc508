use super::{Content, Context, Flow, Setback, Target, Transition, Visitor, probe::Probe};
use crate::{Error, Session, reply::Reply};

/// What is done with a session's token once its server was asked who it is.
pub(crate) trait Purpose {
    type Output: Clone;

    /// Shows the request with the token to `visitor`.
    fn visit<V: Visitor>(&self, session: &Session, visitor: V) -> V::Result;

    /// What comes of it: the table of the purpose.
    ///
    /// # Errors
    ///
    /// What ends it, or is tried again.
    fn end(&self, session: &Session, reply: Reply<Content>) -> Result<Self::Output, Setback>;
}

/// A request with a token, which is shown to no other server.
#[derive(Debug)]
pub(crate) struct KnownServer<P> {
    session: Session,
    purpose: P,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum State {
    GetServerInfo(Probe),
    /// The request of the purpose.
    UseToken,
}

impl<P: Purpose> KnownServer<P> {
    pub(crate) fn new(session: Session, purpose: P) -> (Self, Target, State) {
        let target = Target::new(session.server().clone(), session.device().clone());
        (Self { session, purpose }, target, State::GetServerInfo(Probe::default()))
    }
}

impl<P: Purpose> Flow for KnownServer<P> {
    type State = State;
    type Output = P::Output;

    fn visit<V: Visitor>(&self, state: &State, target: &Target, visitor: V) -> V::Result {
        match state {
            State::GetServerInfo(_) => target.visit_get_server_info(visitor),
            State::UseToken => self.purpose.visit(&self.session, visitor),
        }
    }

    fn next(
        &mut self,
        state: State,
        reply: Reply<Content>,
        mut context: Context<'_>,
    ) -> Transition<State, P::Output> {
        match state {
            State::GetServerInfo(probe) => probe.next(reply, &mut context).then(
                |info| {
                    // A session that doesn't know its server belongs to the first one that answers.
                    if self.session.server_id().is_some_and(|id| id != info.id) {
                        return Transition::Fail(Error::DifferentServer { found: info });
                    }
                    let session = self.session.clone().at(context.target.server.clone());
                    self.session = session.with_server_info(&info);
                    Transition::Send(State::UseToken)
                },
                State::GetServerInfo,
            ),
            State::UseToken => match self.purpose.end(&self.session, reply) {
                Ok(output) => Transition::Done(output),
                Err(setback) => setback.after(State::UseToken),
            },
        }
    }
}
