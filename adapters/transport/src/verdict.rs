use jellyfin_auth::Failure;

use crate::{Error, TransportError};

/// Keeps what the transport said last and makes the [`Error`] of a run from it.
#[derive(Debug, Default)]
pub struct Verdict {
    last: Option<TransportError>,
}

impl Verdict {
    /// No request has failed yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An answer came: what failed before has no say any more.
    pub fn answered(&mut self) {
        self.last = None;
    }

    /// A request failed. Returns what to tell the machine.
    pub fn failed(&mut self, error: TransportError) -> Failure {
        let failure = error.failure();
        self.last = Some(error);
        failure
    }

    /// The end of a run: the core's verdict, or what must be put right when that was in the way.
    #[must_use]
    pub fn end(self, error: jellyfin_auth::Error) -> Error {
        match self.last {
            None => Error::from(error),
            Some(last) => match (last.set_up(), &error) {
                (Some(set_up), jellyfin_auth::Error::NoAnswer { .. }) => {
                    Error::from(set_up.clone())
                }
                _ => Error::new(error, Some(Box::new(last))),
            },
        }
    }

    /// The end of a single request that got no answer.
    #[must_use]
    pub fn no_answer(error: TransportError) -> Error {
        let mut verdict = Self::new();
        let failure = verdict.failed(error);
        verdict.end(failure.into())
    }

    /// The end of what was cancelled before it began.
    #[must_use]
    pub fn cancelled() -> Error {
        Error::from(jellyfin_auth::Error::cancelled())
    }
}
