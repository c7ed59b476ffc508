//! Whether the server of a session is at an address: `GetServerInfo` without the token.

use super::{Content, Context, Flow, Located, Target, Transition, Visitor, probe::Probe};
use crate::{Error, reply::Reply};

/// The server that is looked for. A session that doesn't know its server belongs to the first one that
/// answers.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) server_id: Option<Box<str>>,
}

impl Flow for Identity {
    type State = Probe;
    type Output = Located;

    fn visit<V: Visitor>(&self, _: &Probe, target: &Target, visitor: V) -> V::Result {
        target.visit_get_server_info(visitor)
    }

    fn next(
        &mut self,
        probe: Probe,
        reply: Reply<Content>,
        mut context: Context<'_>,
    ) -> Transition<Probe, Located> {
        probe.next(reply, &mut context).then(
            |info| {
                if self.server_id.as_deref().is_some_and(|id| id != info.id) {
                    return Transition::Fail(Error::DifferentServer { found: info });
                }
                Transition::Done(Located { url: context.target.server.clone(), info: *info })
            },
            |probe| probe,
        )
    }
}
