use std::sync::Arc;

/// The right to answer one request, once.
///
/// A ticket is used up by [`handle_response`](super::Machine::handle_response) or
/// [`handle_failure`](super::Machine::handle_failure). Dropping it unanswered says that nobody will
/// answer: the next `poll` counts the request as [`Failure::Interrupted`](super::Failure::Interrupted).
///
/// A ticket can't be used twice,
///
/// ```compile_fail,E0382
/// # use jellyfin_auth::{Failure, Login, Machine, Ticket};
/// fn twice(login: &mut Login, ticket: Ticket) {
///     let _ = login.handle_failure(ticket, Failure::Timeout);
///     let _ = login.handle_failure(ticket, Failure::Timeout);
/// }
/// ```
///
/// nor copied:
///
/// ```compile_fail,E0599
/// # use jellyfin_auth::Ticket;
/// fn copy(ticket: &Ticket) -> Ticket {
///     ticket.clone()
/// }
/// ```
#[derive(Debug)]
#[must_use = "dropping a ticket counts as an interrupted request"]
pub struct Ticket(Arc<()>);

/// The answer came with a ticket that this machine doesn't wait for: another machine's, or one from
/// before it was cancelled. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this answer belongs to no request that is under way: it was cancelled, or another machine asked"
)]
pub struct StaleTicket;

/// A machine's half of its tickets. There is at most one ticket at a time, so one allocation serves
/// the machine's whole life.
#[derive(Debug, Default)]
pub(crate) struct Counterfoil(Arc<()>);

impl Counterfoil {
    pub(crate) fn issue(&self) -> Ticket {
        Ticket(Arc::clone(&self.0))
    }

    pub(crate) fn matches(&self, ticket: &Ticket) -> bool {
        Arc::ptr_eq(&self.0, &ticket.0)
    }

    /// Whether the ticket that was issued last has been dropped.
    pub(crate) fn is_abandoned(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
}
