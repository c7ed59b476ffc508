use std::{sync::Arc, time::Duration};

use http::{Request, Response};
use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Error, Failure, Login, Machine as _, Policy, Renewals,
    ServerUrl, Session, Step, Ticket, Timestamp,
};

use crate::{Bounds, Way};

/// The password of the model's only user.
pub(crate) const PASSWORD: &str = "pw-alice";

/// What is done to a login.
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

/// A login to which all has been done that a state holds.
pub(crate) struct Client {
    pub(crate) login: Login,
    policy: Policy,
    ticket: Option<Ticket>,
}

impl Client {
    pub(crate) fn new(way: Way, bounds: Bounds) -> Self {
        let server = ServerUrl::parse("https://nas.example").expect("an address");
        let id = DeviceId::new("d-1").expect("a device id");
        let fields = DeviceFields { client: "Example", version: "1.0", name: "Test", id };
        let device = Device::new(fields).expect("a device");
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

    /// Takes an input; a poll yields what comes next.
    pub(crate) fn take(&mut self, input: &Input) -> Option<Next> {
        match input {
            Input::Poll(now) => return Some(self.poll(*now)),
            Input::Answer(response) => self.handle(Ok(&**response)),
            Input::Failure(failure) => self.handle(Err(*failure)),
            Input::Press => {
                self.login.check_now();
            }
            Input::Resume => {
                let record = self.login.to_record().expect("a code waits");
                let login = Login::resume(record).expect("a fresh record");
                self.login = login.with_policy(self.policy.clone());
                self.ticket = None;
            }
        }
        None
    }

    fn handle(&mut self, result: Result<&Response<Vec<u8>>, Failure>) {
        let ticket = self.ticket.take().expect("a request is under way");
        let is_taken = match result {
            Ok(response) => self.login.handle(ticket, Ok(response)),
            Err(failure) => self.login.handle(ticket, Err(failure)),
        };
        assert!(is_taken, "the ticket is this login's");
    }

    fn poll(&mut self, now: Duration) -> Next {
        match self.login.poll(Timestamp::new(now)) {
            Ok(Step::Send(request)) => {
                let (request, ticket, limits) = request.into_parts();
                self.ticket = Some(ticket);
                Next::Send(request, limits.replayable)
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
