use http::{
    Uri,
    uri::{Authority, Scheme},
};
use jellyfin_auth::{Attempt, Failure};

use crate::{Error, TransportError};

/// For drivers: keeps how the last request to each origin ended, and makes the [`Error`] of a run from
/// it.
#[derive(Debug, Default)]
pub struct LastFailure(
    /// The latest one stands last; `None` for a response.
    Vec<(Option<Origin>, Option<TransportError>)>,
);

type Origin = (Scheme, Authority);

impl LastFailure {
    /// No request has failed yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A response to a request for `uri` arrived: an earlier failure is cleared.
    pub fn clear(&mut self, uri: &Uri) {
        self.replace(uri, None);
    }

    /// A request for `uri` failed. Returns what to pass to the machine.
    pub fn record(&mut self, uri: &Uri, error: TransportError) -> Failure {
        let failure = error.failure();
        self.replace(uri, Some(error));
        failure
    }

    fn replace(&mut self, uri: &Uri, outcome: Option<TransportError>) {
        let of = origin(uri);
        self.0.retain(|(known, _)| *known != of);
        self.0.push((of, outcome));
    }

    /// The error of a run that ended with `error`: that one, with the last failure as its source if no
    /// response came after it, or the configuration when that was in the way. The source of
    /// [`NoServer`](jellyfin_auth::Error::NoServer) is the failure at the address that it puts first, or at
    /// where that one has led to.
    #[must_use]
    pub fn into_error(mut self, error: jellyfin_auth::Error) -> Error {
        if let jellyfin_auth::Error::NoServer { tried, .. } = &error {
            self.retain_of(tried.first());
        }
        match self.0.pop().and_then(|(_, outcome)| outcome) {
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

impl LastFailure {
    /// Keeps the failure at the address of `attempt`, or else at where that has led to.
    fn retain_of(&mut self, attempt: Option<&Attempt>) {
        let uri = attempt.and_then(|attempt| attempt.url.as_str().parse::<Uri>().ok());
        let Some((attempt, first)) = attempt.zip(uri.as_ref().and_then(origin)) else {
            return self.0.clear();
        };
        let is_own = |known: &Option<Origin>| known.as_ref() == Some(&first);
        if self.0.iter().any(|(known, outcome)| is_own(known) && outcome.is_some()) {
            return self.0.retain(|(known, _)| is_own(known));
        }
        let wanted = match &attempt.error {
            jellyfin_auth::Error::NoAnswer { failure, .. } => Some(*failure),
            _ => None,
        };
        let is_same_host = |known: &Option<Origin>| {
            known.as_ref().is_some_and(|(_, authority)| authority.host() == first.1.host())
        };
        self.0.retain(|(known, outcome)| {
            let failure = outcome.as_ref().map(TransportError::failure);
            is_same_host(known) && failure.is_some() && failure == wanted
        });
    }
}

fn origin(uri: &Uri) -> Option<Origin> {
    Some((uri.scheme()?.clone(), uri.authority()?.clone()))
}

/// The error of a single request that got no response.
impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        let mut last = LastFailure::new();
        let failure = last.record(&Uri::default(), error);
        last.into_error(failure.into())
    }
}
