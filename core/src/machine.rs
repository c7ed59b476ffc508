//! The contract between a machine and the program that carries its requests.

mod failure;
mod http_response;
mod limits;
mod request;
mod ticket;
mod timestamp;
mod wait;

pub use failure::Failure;
pub use http_response::HttpResponse;
pub use limits::Limits;
pub use request::Request;
pub use ticket::Ticket;
pub use timestamp::Timestamp;
pub use wait::{Wait, WaitReason};

pub(crate) use ticket::TicketIssuer;

use crate::Error;

/// Something that a driver drives: it returns what to do next and takes in what happened.
///
/// [`Login`](crate::Login) is the one that signs in. [`Discovery`](crate::Discovery),
/// [`SessionCheck`](crate::SessionCheck), [`SignOut`](crate::SignOut) and
/// [`ApproveQuickConnect`](crate::ApproveQuickConnect) are driven by the same loop. A machine performs
/// no I/O and has no clock: a driver sends the requests, sleeps the waits and passes the time in.
/// [`drive`](crate::drive) and [`drive_async`](crate::drive_async) are that loop, ready to use.
///
/// The methods are called in this order, over and over:
///
/// 1. [`poll`](Self::poll) returns what to do.
/// 2. After [`Step::Send`], [`handle`](Self::handle) takes the response or the failure, or the ticket
///    is dropped. Several requests can be under way at once: each has its own ticket.
/// 3. At any moment, [`check_now`](Self::check_now) and [`cancel`](Self::cancel) pass on what the user
///    wants. The next `poll` returns what follows from it.
///
/// A driver that can do one thing at a time handles each response before it polls again, and is right
/// with every machine. One that can do more sends as long as it gets [`Step::Send`], then waits for
/// whichever comes first: a response or the end of the wait.
pub trait Machine {
    /// What the machine ends with.
    type Output;

    /// Whether this machine wants more than one request under way at a time: only then a driver with
    /// threads needs more than one. A driver that can do one thing at a time needn't ask.
    fn is_concurrent(&self) -> bool {
        false
    }

    /// Passes in the response to the request issued with `ticket`, or why there is none.
    ///
    /// Every status is a response: 4xx, 5xx and redirects too. A driver follows no redirect.
    ///
    /// Returns `false` when this machine doesn't wait for that ticket (any more): it belongs to another
    /// machine, or this one was cancelled. Nothing has changed then, and nothing needs to be done.
    fn handle(&mut self, ticket: Ticket, result: Result<&dyn HttpResponse, Failure>) -> bool;

    /// The user pressed "next": ends a wait early.
    ///
    /// The next request never follows the last one by less than a second, and never comes before the
    /// end of a server's `Retry-After`. Returns `false` when nothing was shortened.
    fn check_now(&mut self) -> bool;

    /// Gives up. Passwords are wiped at once, and the next [`poll`](Self::poll) returns
    /// [`Error::Cancelled`]. A machine that has already ended stays as it ended.
    ///
    /// A request that was cut off by cancelling needs no report: drop its ticket.
    fn cancel(&mut self);

    /// Returns what to do next. Polling again without news returns the same again, except for
    /// [`Step::Send`], which is returned once for each request.
    ///
    /// # Errors
    ///
    /// The [`Error`] that ended the machine. Every later `poll` returns it again.
    fn poll(&mut self, now: Timestamp) -> Result<Step<Self::Output>, Error>;
}

/// A machine that is lent to a driver stays with its owner, who can look at it afterwards: at
/// [`Login::to_record`](crate::Login::to_record), for instance.
impl<M: Machine + ?Sized> Machine for &mut M {
    type Output = M::Output;

    fn is_concurrent(&self) -> bool {
        (**self).is_concurrent()
    }

    fn handle(&mut self, ticket: Ticket, result: Result<&dyn HttpResponse, Failure>) -> bool {
        (**self).handle(ticket, result)
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

/// Implements [`Machine`] for a machine that is one engine.
macro_rules! machine_by_engine {
    ($machine:ident, $output:ty) => {
        impl $machine {
            /// Sets how patient the machine is. It can be set at any time before the first
            /// [`poll`](crate::Machine::poll), and has no effect after it.
            #[must_use]
            pub fn with_policy(mut self, policy: impl Into<Arc<Policy>>) -> Self {
                self.engine.set_policy(policy.into());
                self
            }
        }

        impl crate::Machine for $machine {
            type Output = $output;

            fn is_concurrent(&self) -> bool {
                self.engine.is_concurrent()
            }

            fn handle(
                &mut self,
                ticket: crate::Ticket,
                result: Result<&dyn crate::HttpResponse, crate::Failure>,
            ) -> bool {
                self.engine.handle(ticket, result)
            }

            fn check_now(&mut self) -> bool {
                self.engine.check_now()
            }

            fn cancel(&mut self) {
                self.engine.cancel();
            }

            fn poll(
                &mut self,
                now: crate::Timestamp,
            ) -> Result<crate::Step<$output>, crate::Error> {
                self.engine.poll(now)
            }
        }
    };
}

pub(crate) use machine_by_engine;

/// What a driver does next.
///
/// This enum is exhaustive on purpose: a driver that handles these four is complete.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a step is matched at once and never stored")]
#[must_use = "a step that isn't taken leaves the machine where it is"]
pub enum Step<T> {
    /// Send this request, then pass its response or failure in with its ticket.
    Send(Request),
    /// Show [`Wait::code`] and [`Wait::reason`], and poll again after [`Wait::delay`], or when a
    /// request that is under way has been handled.
    Wait(Wait),
    /// All requests are under way and no timer runs: wait for the transport, don't poll in a loop.
    Pending,
    /// The end, with the result. Polling again returns it again.
    Done(T),
}
