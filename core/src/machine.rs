//! The contract between a sign-in and the program that carries its requests.

mod delegate;
mod failure;
mod request;
mod ticket;
mod timestamp;
mod wait;

pub use failure::Failure;
pub use request::Request;
pub use ticket::{StaleTicket, Ticket};
pub use timestamp::Timestamp;
pub use wait::{Wait, WaitReason};

pub(crate) use delegate::machine_by_errand;
pub(crate) use ticket::Counterfoil;

use crate::Error;

/// Something that a driver drives: it says what to do next and is told what happened.
///
/// [`Login`](crate::Login) is the one that signs in; [`Discovery`](crate::Discovery) and
/// [`SessionCheck`](crate::SessionCheck) are driven by the same loop. A machine performs no I/O and
/// knows no clock: a driver sends the requests, sleeps the waits and says what time it is.
///
/// The methods are used in this order, over and over:
///
/// 1. [`poll`](Self::poll) says what to do.
/// 2. After [`Step::Send`], one of [`handle_response`](Self::handle_response) and
///    [`handle_failure`](Self::handle_failure) says what came of it, or the ticket is dropped.
/// 3. At any moment, [`check_now`](Self::check_now) and [`cancel`](Self::cancel) say what the user
///    wants; the next `poll` shows what came of it.
pub trait Machine {
    /// What the machine ends with.
    type Output;

    /// Tells the answer to the request that `ticket` came with.
    ///
    /// Every status is an answer: 4xx, 5xx and redirects too. A driver follows no redirect.
    ///
    /// # Errors
    ///
    /// [`StaleTicket`] when this machine doesn't wait for that ticket (any more). Nothing has
    /// changed then.
    fn handle_response<B: AsRef<[u8]>>(
        &mut self,
        ticket: Ticket,
        response: http::Response<B>,
    ) -> Result<(), StaleTicket>;

    /// Tells that the request that `ticket` came with got no answer.
    ///
    /// # Errors
    ///
    /// [`StaleTicket`] when this machine doesn't wait for that ticket (any more). Nothing has
    /// changed then.
    fn handle_failure(&mut self, ticket: Ticket, failure: Failure) -> Result<(), StaleTicket>;

    /// The user pressed "next": ends a wait early.
    ///
    /// A wait is never cut to less than one second after the last request, and not at all while a
    /// server's `Retry-After` holds. `false` when nothing was shortened.
    fn check_now(&mut self) -> bool;

    /// Gives up. Passwords are wiped at once, and the next [`poll`](Self::poll) returns
    /// [`Error::Cancelled`]. A machine that has already ended stays as it ended.
    fn cancel(&mut self);

    /// Says what to do next. Asking again without news gives the same answer again, but for
    /// [`Step::Send`], which is given once and is followed by [`Step::Pending`].
    ///
    /// # Errors
    ///
    /// The [`Error`] that ended the machine. It stays: every later `poll` returns it again.
    fn poll(&mut self, now: Timestamp) -> Result<Step<Self::Output>, Error>;
}

/// A machine that is lent to a driver stays with its owner, who can look at it afterwards: at
/// [`Login::saved`](crate::Login::saved), for instance.
impl<M: Machine> Machine for &mut M {
    type Output = M::Output;

    fn handle_response<B: AsRef<[u8]>>(
        &mut self,
        ticket: Ticket,
        response: http::Response<B>,
    ) -> Result<(), StaleTicket> {
        (**self).handle_response(ticket, response)
    }

    fn handle_failure(&mut self, ticket: Ticket, failure: Failure) -> Result<(), StaleTicket> {
        (**self).handle_failure(ticket, failure)
    }

    fn check_now(&mut self) -> bool {
        (**self).check_now()
    }

    fn cancel(&mut self) {
        (**self).cancel();
    }

    fn poll(&mut self, now: Timestamp) -> Result<Step<Self::Output>, Error> {
        (**self).poll(now)
    }
}

/// What a driver does next.
///
/// This enum is exhaustive on purpose: a driver that handles these four is complete.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a step is matched at once and never stored")]
#[must_use = "a step that isn't taken leaves the sign-in where it is"]
pub enum Step<T> {
    /// Send this request, then tell its answer or its failure with its ticket.
    Send(Request),
    /// Show [`Wait::code`] and [`Wait::reason`], and poll again after [`Wait::delay`].
    Wait(Wait),
    /// The request handed out earlier has no answer yet: wait for the transport, don't spin.
    Pending,
    /// The end, with what it was all for. Polling again gives it again.
    Done(T),
}
