use std::{sync::Arc, time::Duration};

use http::{Request, Response};
use jellyfin_auth::{
    Device, DeviceId, Error, Failure, Login, Policy, Renewals, ServerUrl, Session, Step, Ticket,
    Timestamp,
};

use crate::{Bounds, Way};

/// The password of the model's only user.
pub(crate) const PASSWORD: &str = "pw-alice";

/// What a login was told.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    Poll(Duration),
    Answer(Arc<Response<Vec<u8>>>),
    Failure(Failure),
    Press,
    /// The program stopped and went on from what it kept.
    Resume,
}

/// What a login does next.
#[derive(Debug)]
pub(crate) enum Next {
    Send(Request<Vec<u8>>, bool),
    Wait { delay: Duration, code: Option<String> },
    Pending,
    Done(Session),
    Failed(Error),
}

/// A login that has been told all that a state holds.
pub(crate) struct Client {
    pub(crate) login: Login,
    policy: Policy,
    ticket: Option<Ticket>,
}

impl Client {
    pub(crate) fn new(way: Way, bounds: Bounds) -> Self {
        let server = ServerUrl::parse("https://nas.example").expect("an address");
        let id = DeviceId::new("d-1").expect("a device id");
        let device = Device::new("Example", "1.0", "Test", id).expect("a device");
        let mut policy = Policy::default();
        policy.renewals = Renewals::Times(bounds.renewals.into());
        let login = match way {
            Way::Password => {
                Login::password(server, device, "alice", PASSWORD).expect("a user name")
            }
            Way::QuickConnect => Login::quick_connect(server, device),
        };
        Self { login: login.with_policy(policy.clone()), policy, ticket: None }
    }

    pub(crate) fn replay(way: Way, bounds: Bounds, inputs: &[Input]) -> Self {
        let mut client = Self::new(way, bounds);
        for input in inputs {
            client.take(input);
        }
        client
    }

    /// Takes an input; a poll says what comes next.
    pub(crate) fn take(&mut self, input: &Input) -> Option<Next> {
        let told = match input {
            Input::Poll(now) => return Some(self.poll(*now)),
            Input::Answer(response) => {
                let ticket = self.ticket.take().expect("a request is under way");
                self.login.handle_response(ticket, Response::clone(response))
            }
            Input::Failure(failure) => {
                let ticket = self.ticket.take().expect("a request is under way");
                self.login.handle_failure(ticket, *failure)
            }
            Input::Press => {
                self.login.check_now();
                Ok(())
            }
            Input::Resume => {
                let saved = self.login.saved().expect("a code waits");
                self.login = Login::resume(saved, self.policy.clone()).expect("a fresh record");
                self.ticket = None;
                Ok(())
            }
        };
        told.expect("the ticket is this login's");
        None
    }

    fn poll(&mut self, now: Duration) -> Next {
        match self.login.poll(Timestamp::new(now)) {
            Ok(Step::Send(request)) => {
                let replayable = request.is_replayable();
                let (request, ticket) = request.into_parts();
                self.ticket = Some(ticket);
                Next::Send(request, replayable)
            }
            Ok(Step::Wait(wait)) => {
                Next::Wait { delay: wait.delay(), code: wait.code().map(str::to_owned) }
            }
            Ok(Step::Pending) => Next::Pending,
            Ok(Step::Done(session)) => Next::Done(session),
            Err(error) => Next::Failed(error),
        }
    }

    pub(crate) fn is_waiting_for_an_answer(&self) -> bool {
        self.ticket.is_some()
    }
}
