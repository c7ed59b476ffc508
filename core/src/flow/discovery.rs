//! One candidate of a search. A guess that gets no answer is a wrong guess: it isn't tried again.

use super::{
    Budget, Content, Context, Flow, Setback, Target, Transition, Visitor,
    probe::{Probe, Probed},
};
use crate::{ServerInfo, ServerUrl, reply::Reply};

#[derive(Debug, Default)]
pub(crate) struct ProbeFlow {
    is_starting: bool,
}

/// A server, and the address that the candidate's redirects led to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Located {
    pub(crate) url: ServerUrl,
    pub(crate) info: ServerInfo,
}

impl Flow for ProbeFlow {
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
        match probe.next(reply, &mut context) {
            Probed::Found(info) => {
                Transition::Done(Located { url: context.target.server.clone(), info: *info })
            }
            Probed::Ask(probe) => {
                self.is_starting = false;
                Transition::Send(probe)
            }
            // A server that is starting is there, and is worth waiting for: through all its phases.
            Probed::Retry(probe, setback) if self.waits_for(setback.budget) => {
                Transition::Retry(probe, setback)
            }
            Probed::Retry(_, Setback { error, .. }) | Probed::Fail(Setback { error, .. }) => {
                Transition::Fail(error)
            }
        }
    }
}

impl ProbeFlow {
    fn waits_for(&mut self, budget: Budget) -> bool {
        self.is_starting |= budget == Budget::Starting;
        match budget {
            Budget::Starting | Budget::Unreachable | Budget::Interrupted => self.is_starting,
            Budget::Busy | Budget::Retries | Budget::Nothing => false,
        }
    }
}
