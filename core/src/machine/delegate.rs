/// Gives a machine that wraps an `errand` the methods of [`Machine`](crate::Machine), as its own and
/// as the trait's.
macro_rules! machine_by_errand {
    ($machine:ident, $output:ty) => {
        impl $machine {
            /// Tells the answer to a request; see
            /// [`Machine::handle_response`](crate::Machine::handle_response).
            ///
            /// # Errors
            ///
            /// [`StaleTicket`](crate::StaleTicket) when this machine doesn't wait for that ticket
            /// (any more).
            pub fn handle_response<B: AsRef<[u8]>>(
                &mut self,
                ticket: crate::Ticket,
                response: http::Response<B>,
            ) -> Result<(), crate::StaleTicket> {
                self.errand.handle_response(ticket, &response)
            }

            /// Tells that a request got no answer; see
            /// [`Machine::handle_failure`](crate::Machine::handle_failure).
            ///
            /// # Errors
            ///
            /// [`StaleTicket`](crate::StaleTicket) when this machine doesn't wait for that ticket
            /// (any more).
            pub fn handle_failure(
                &mut self,
                ticket: crate::Ticket,
                failure: crate::Failure,
            ) -> Result<(), crate::StaleTicket> {
                self.errand.handle_failure(ticket, failure)
            }

            /// The user pressed "next"; see [`Machine::check_now`](crate::Machine::check_now).
            pub fn check_now(&mut self) -> bool {
                self.errand.check_now()
            }

            /// Gives up; see [`Machine::cancel`](crate::Machine::cancel).
            pub fn cancel(&mut self) {
                self.errand.cancel();
            }

            /// Says what to do next; see [`Machine::poll`](crate::Machine::poll).
            ///
            /// # Errors
            ///
            /// The [`Error`](crate::Error) that ended this machine, again and again.
            pub fn poll(
                &mut self,
                now: crate::Timestamp,
            ) -> Result<crate::Step<$output>, crate::Error> {
                self.errand.poll(now)
            }
        }

        impl crate::Machine for $machine {
            type Output = $output;

            fn handle_response<B: AsRef<[u8]>>(
                &mut self,
                ticket: crate::Ticket,
                response: http::Response<B>,
            ) -> Result<(), crate::StaleTicket> {
                Self::handle_response(self, ticket, response)
            }

            fn handle_failure(
                &mut self,
                ticket: crate::Ticket,
                failure: crate::Failure,
            ) -> Result<(), crate::StaleTicket> {
                Self::handle_failure(self, ticket, failure)
            }

            fn check_now(&mut self) -> bool {
                Self::check_now(self)
            }

            fn cancel(&mut self) {
                Self::cancel(self);
            }

            fn poll(
                &mut self,
                now: crate::Timestamp,
            ) -> Result<crate::Step<$output>, crate::Error> {
                Self::poll(self, now)
            }
        }
    };
}

pub(crate) use machine_by_errand;
