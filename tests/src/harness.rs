use std::{cell::RefCell, time::Duration};

use http::{Request, Response};
use jellyfin_auth::{Error, Failure, Machine, Wait, WakeReason, drive};

use crate::{
    Clock,
    fake_server::{ApproveError, FakeServer},
};

/// Longer than a login takes by itself: it goes on for ever.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A server, the time, and a network without sockets: what a machine needs to run to its end at once.
///
/// Requests are answered as soon as they are sent, and waits pass on a virtual clock.
/// [`test_your_apps_sign_in`](crate::test_your_apps_sign_in) shows how to use it.
#[derive(Debug)]
pub struct Harness {
    /// The server, to look at it or to change it. Every request comes to it, whatever its address.
    pub server: FakeServer,
    /// The time of the server and of the machine.
    pub clock: Clock,
    /// What each request fails with in place of an answer, while there is something.
    pub failure: Option<Failure>,
}

impl Harness {
    /// A server that is reached.
    #[must_use]
    pub fn new(server: FakeServer) -> Self {
        Self { server, clock: Clock::default(), failure: None }
    }

    /// Runs `machine` to its end. `on_wait` is called at the beginning of each wait: it shows what a program
    /// shows, and has done meanwhile what a test wants done. The wait then passes, unless it returns
    /// another [`WakeReason`].
    ///
    /// # Errors
    ///
    /// The error that the machine ends with.
    ///
    /// # Panics
    ///
    /// When it hasn't ended after a week of virtual time.
    pub fn run<M: Machine, W: Into<WakeReason>>(
        &mut self,
        machine: M,
        mut on_wait: impl FnMut(&mut Self, &Wait) -> W,
    ) -> Result<M::Output, Error> {
        let begun = self.clock.now().since_origin();
        let harness = RefCell::new(self);
        drive(
            machine,
            |request, _| harness.borrow_mut().send(&request),
            |wait| {
                let mut harness = harness.borrow_mut();
                let reason = on_wait(&mut harness, wait).into();
                if reason == WakeReason::TimeOver {
                    harness.clock.advance(wait.delay());
                }
                let took = harness.clock.now().since_origin().saturating_sub(begun);
                assert!(took < LONGEST, "it still waits after a week: {}", wait.reason());
                reason
            },
            || harness.borrow().clock.now(),
        )
    }

    /// Approves a Quick Connect code as `user`, from a second device.
    ///
    /// # Errors
    ///
    /// As [`FakeServer::approve`].
    pub fn approve(&mut self, code: &str, user: &str) -> Result<(), ApproveError> {
        self.server.approve(self.clock.now().since_origin(), code, user)
    }

    fn send(&mut self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(self.server.handle(self.clock.now().since_origin(), request)),
        }
    }
}
