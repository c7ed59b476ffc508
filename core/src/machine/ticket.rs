use std::sync::Arc;

/// The right to answer one request, once.
///
/// A ticket is used up by [`Machine::handle`](super::Machine::handle). Dropping it unanswered means that
/// nobody will answer: the next `poll` counts the request as
/// [`Failure::Interrupted`](super::Failure::Interrupted).
///
/// A ticket can't be used twice,
///
/// ```compile_fail,E0382
/// # use jellyfin_auth::{Failure, Login, Machine, Ticket};
/// fn twice(login: &mut Login, ticket: Ticket) {
///     login.handle(ticket, Err(Failure::Timeout));
///     login.handle(ticket, Err(Failure::Timeout));
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

/// Issues tickets and recognises them. There is at most one ticket at a time, so that one allocation
/// serves for all of them.
#[derive(Debug, Default)]
pub(crate) struct TicketIssuer(Arc<()>);

impl TicketIssuer {
    pub(crate) fn issue(&self) -> Ticket {
        Ticket(Arc::clone(&self.0))
    }

    pub(crate) fn issued(&self, ticket: &Ticket) -> bool {
        Arc::ptr_eq(&self.0, &ticket.0)
    }

    /// Whether the ticket that was issued last has been dropped.
    pub(crate) fn is_dropped(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
}
