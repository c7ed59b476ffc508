//! One candidate of a search. A guess that gets no answer is a wrong guess: it isn't tried again.

use super::{
    Budget, Content, Context, Flow, Setback, Target, Transition, Visitor,
    probe::{Probe, Probed},
};
use crate::{Error, Failure, Server, reply::Reply};

#[derive(Debug, Default)]
pub(crate) struct ProbeFlow {
    is_starting: bool,
}

impl Flow for ProbeFlow {
    type State = Probe;
    type Output = Server;

    fn visit<V: Visitor>(&self, _: &Probe, target: &Target, visitor: V) -> V::Result {
        target.visit_get_server_info(visitor)
    }

    fn next(
        &mut self,
        probe: Probe,
        reply: Reply<Content>,
        mut context: Context<'_>,
    ) -> Transition<Probe, Server> {
        match probe.next(reply, &mut context) {
            Probed::Found(info) => {
                Transition::Done(Server { url: context.target.server.clone(), info: *info })
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

/// How much an error tells about where the server is.
pub(crate) fn how_telling(error: &Error) -> u8 {
    match error {
        // A Jellyfin server spoke.
        Error::ServerNotSetUp
        | Error::AddressBlocked
        | Error::ServerStarting
        | Error::ServerFault { .. }
        | Error::WrongBasePath => 5,
        // Something that may stand in front of one.
        Error::ProxyAuthentication { .. }
        | Error::ServerBusy { .. }
        | Error::Redirected { .. }
        | Error::TooManyRedirects
        | Error::Intercepted { .. }
        | Error::NoAnswer { failure: Failure::Proxy | Failure::Redirected } => 4,
        Error::NoAnswer { failure: Failure::Tls } => 3,
        Error::NoAnswer { failure: Failure::Unreachable } => 1,
        Error::NoAnswer { .. } => 2,
        _ => 0,
    }
}
