use http::{
    Uri,
    uri::{Authority, Scheme},
};
use jellyfin_auth::Failure;

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
    /// [`NoServer`](jellyfin_auth::Error::NoServer) is the failure at the address that it puts first.
    #[must_use]
    pub fn into_error(mut self, error: jellyfin_auth::Error) -> Error {
        if let jellyfin_auth::Error::NoServer { tried, .. } = &error {
            let first = tried.first().and_then(|first| first.url.as_str().parse::<Uri>().ok());
            let first = first.as_ref().and_then(origin);
            self.0.retain(|(origin, _)| *origin == first);
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
