use http::Request;

use super::Server;
use crate::{
    Attempt, Device, Error, Failure, Policy, ServerUrl,
    flow::{Event, Flow, Probe, Progress},
    verdict::Verdict,
};

/// One probe after the other.
#[derive(Debug)]
pub(super) struct DiscoveryFlow {
    device: Device,
    probe: Probe,
    typed: ServerUrl,
    /// The candidates that are left, the next one last.
    left: Vec<ServerUrl>,
    tried: Vec<Attempt>,
}

impl DiscoveryFlow {
    /// `candidates` has at least one address.
    pub(super) fn new(mut candidates: Vec<ServerUrl>, device: Device) -> Self {
        candidates.reverse();
        let typed = candidates.pop().expect("what was typed has at least one candidate");
        Self {
            device,
            probe: Probe::new(typed.clone()),
            typed,
            left: candidates,
            tried: Vec::new(),
        }
    }

    pub(super) fn server(&self) -> &ServerUrl {
        self.probe.server()
    }
}

impl Flow for DiscoveryFlow {
    type Output = Server;

    fn request(&self) -> Request<Vec<u8>> {
        self.probe.request(&self.device)
    }

    fn is_replayable(&self) -> bool {
        true
    }

    fn handle(&mut self, event: Event<'_>, signs: bool) -> Verdict<Progress<Server>> {
        let found = self.probe.handle(event, &self.device, signs)?;
        Ok(found.map_or(Progress::Proceed, |info| {
            Progress::Done(Server { url: self.probe.server().clone(), info })
        }))
    }

    /// A guess that gets no answer is a wrong guess: the next one is tried at once.
    fn retries(&self, _: &Policy) -> u32 {
        0
    }

    fn give_up(&mut self, error: Error) -> Result<(), Error> {
        self.tried.push(Attempt { url: self.typed.clone(), error });
        if let Some(next) = self.left.pop() {
            self.probe = Probe::new(next.clone());
            self.typed = next;
            return Ok(());
        }
        // Stable: among equals the better guess stays first.
        self.tried.sort_by_key(|attempt| std::cmp::Reverse(telling(&attempt.error)));
        Err(Error::NoServer { tried: std::mem::take(&mut self.tried) })
    }

    fn wipe(&mut self) {}
}

/// How much an error tells about where the server is.
fn telling(error: &Error) -> u8 {
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
