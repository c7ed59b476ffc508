//! Whether a kept session still works: the server's identity first, then the token.

use http::Request;

use super::{Event, Flow, Probe, Progress, verdict};
use crate::{
    Error, Session, SessionState,
    endpoint::{CurrentUser, Endpoint},
    verdict::{Obstacle, Verdict},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CheckFlow {
    session: Session,
    check: Check,
}

/// How far the check is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Check {
    Probe(Probe),
    CurrentUser,
}

impl CheckFlow {
    pub(crate) fn server(&self) -> &crate::ServerUrl {
        match &self.check {
            Check::Probe(probe) => probe.server(),
            Check::CurrentUser => self.session.server(),
        }
    }

    pub(crate) fn new(session: Session) -> Self {
        let check = Check::Probe(Probe::new(session.server().clone()));
        Self { session, check }
    }
}

impl Flow for CheckFlow {
    type Output = SessionState;

    fn request(&self) -> Request<Vec<u8>> {
        match &self.check {
            Check::Probe(probe) => probe.request(self.session.device()),
            Check::CurrentUser => CurrentUser::new(&self.session).request(),
        }
    }

    fn is_replayable(&self) -> bool {
        true
    }

    fn handle(&mut self, event: Event<'_>, signs: bool) -> Verdict<Progress<SessionState>> {
        let Check::Probe(probe) = &mut self.check else {
            return match verdict(&CurrentUser::new(&self.session), event, signs) {
                Ok(user) => {
                    let session = self.session.clone().with_user(user);
                    Ok(Progress::Done(SessionState::Valid(Box::new(session))))
                }
                Err(Obstacle::Fail(Error::TokenRevoked)) => {
                    Ok(Progress::Done(SessionState::Revoked))
                }
                Err(Obstacle::Fail(Error::NotAllowedNow)) => {
                    Ok(Progress::Done(SessionState::NotAllowedNow))
                }
                Err(obstacle) => Err(obstacle),
            };
        };
        if let Some(info) = probe.handle(event, self.session.device(), signs)? {
            if info.id != self.session.server_id() {
                return Err(Error::DifferentServer.into());
            }
            self.session = self.session.clone().at(probe.server().clone());
            self.check = Check::CurrentUser;
        }
        Ok(Progress::Proceed)
    }

    /// The token is the caller's: there is nothing that was not handed in.
    fn wipe(&mut self) {}
}
