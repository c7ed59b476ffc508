use std::marker::PhantomData;

use http::{Request, Response};
use jellyfin_auth::{Endpoint, Machine, Wait};

use crate::{Error, TransportError, Woken};

/// For drivers: the journal of a run or of a single request. Without the feature `tracing` it holds
/// nothing and does nothing.
#[derive(Debug)]
pub struct Journal(());

/// The part of a [`Journal`] that is about one request.
#[derive(Debug)]
pub struct Entry<'journal>(PhantomData<&'journal ()>);

impl Journal {
    /// The run of a machine begins.
    #[must_use]
    pub fn of_run<M: Machine>() -> Self {
        Self(())
    }

    /// A single request begins.
    #[must_use]
    pub fn of_call<E: Endpoint>() -> Self {
        Self(())
    }

    /// A request begins.
    #[must_use]
    pub fn request(&mut self, _request: &Request<Vec<u8>>) -> Entry<'_> {
        Entry(PhantomData)
    }

    /// A wait begins.
    pub fn waiting(&mut self, _wait: &Wait) {}

    /// The wait is over.
    pub fn woken(&self, _by: Woken) {}

    /// The end, which is handed on.
    #[expect(clippy::missing_errors_doc, reason = "the error is the caller's own")]
    pub fn end<T>(&self, ended: Result<T, Error>) -> Result<T, Error> {
        ended
    }
}

impl Entry<'_> {
    /// The request goes on a connection that an earlier one had left.
    pub fn reuses(&mut self) {}

    /// That connection was dead: the request is sent once more, on a fresh one.
    pub fn sent_again(&mut self) {}

    /// The request is over. An entry that is dropped before was given up.
    pub fn ended(self, _answer: &Result<Response<Vec<u8>>, TransportError>) {}
}
