use jellyfin_auth::Failure;

use crate::{Error, TransportError};

/// For drivers: keeps how the last request failed, and makes the [`Error`] of a run from it.
#[derive(Debug, Default)]
pub struct LastFailure(Option<TransportError>);

impl LastFailure {
    /// No request has failed yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A response arrived: an earlier failure is cleared.
    pub fn clear(&mut self) {
        self.0 = None;
    }

    /// A request failed. Returns what to pass to the machine.
    pub fn record(&mut self, error: TransportError) -> Failure {
        let failure = error.failure();
        self.0 = Some(error);
        failure
    }

    /// The error of a run that ended with `error`: that one, with the last failure as its source, or
    /// the configuration when that was in the way.
    #[must_use]
    pub fn into_error(self, error: jellyfin_auth::Error) -> Error {
        match self.0 {
            None => Error::from(error),
            Some(last) => match (last.config(), &error) {
                (Some(config), jellyfin_auth::Error::NoAnswer { .. }) => {
                    Error::from(config.clone())
                }
                _ => Error::new(error, Some(Box::new(last))),
            },
        }
    }
}

/// The error of a single request that got no response.
impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        let mut last = LastFailure::new();
        let failure = last.record(error);
        last.into_error(failure.into())
    }
}
