//! A login that its owner can look into while a driver runs it.

use std::sync::{Arc, Mutex, MutexGuard};

use http::Response;
use jellyfin_auth::{
    Error, Failure, Login, Machine, Session, StaleTicket, Step, Ticket, Timestamp,
};

/// One of two hands on a login.
#[derive(Debug)]
pub(crate) struct SharedLogin(Arc<Mutex<Login>>);

impl SharedLogin {
    pub(crate) fn new(login: &Arc<Mutex<Login>>) -> Self {
        Self(Arc::clone(login))
    }

    fn login(&self) -> MutexGuard<'_, Login> {
        self.0.lock().expect("no step was left half done")
    }
}

impl Machine for SharedLogin {
    type Output = Session;

    fn handle_response<B: AsRef<[u8]>>(
        &mut self,
        ticket: Ticket,
        response: Response<B>,
    ) -> Result<(), StaleTicket> {
        self.login().handle_response(ticket, response)
    }

    fn handle_failure(&mut self, ticket: Ticket, failure: Failure) -> Result<(), StaleTicket> {
        self.login().handle_failure(ticket, failure)
    }

    fn check_now(&mut self) -> bool {
        self.login().check_now()
    }

    fn cancel(&mut self) {
        self.login().cancel();
    }

    fn poll(&mut self, now: Timestamp) -> Result<Step<Session>, Error> {
        self.login().poll(now)
    }
}
