//! How a login ended, and how it was to end.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use jellyfin_auth::{Error, Failure, Session, Wait};

use super::{
    bench::{Complaint, Finding, ensure},
    driver::{Driver, Ended},
};

/// How a login ended.
pub(super) struct End {
    pub(super) driver: Arc<dyn Driver>,
    pub(super) ended: Result<Session, Ended>,
    pub(super) at: Instant,
    pub(super) took: Duration,
    /// The waits that were not looked at before.
    pub(super) waits: Vec<Wait>,
}

impl End {
    /// The login was to succeed.
    pub(super) fn session(self) -> Result<Session, Complaint> {
        let complaint = format!("the login was to succeed; {self}");
        self.ended.map_err(|_| Complaint::Broken(complaint))
    }

    /// The login was to end with an error, which `wanted` recognises.
    pub(super) fn error(&self, what: &str, wanted: impl FnOnce(&Error) -> bool) -> Finding {
        let right = matches!(&self.ended, Err(Ended::Login { error, .. }) if wanted(error));
        ensure!(right, "the login was to end with {what}; {self}");
        Ok(())
    }

    /// The login was to end because the driver reported one of these failures.
    pub(super) fn no_answer(&self, failures: &[Failure]) -> Finding {
        self.error(&format!("no answer, for one of {failures:?}"), |error| match error {
            Error::NoAnswer { failure, .. } => failures.contains(failure),
            Error::PasswordTimeout => failures.contains(&Failure::Timeout),
            _ => false,
        })
    }

    /// The same for `exact`, or for one of the others by a driver that reports no better.
    pub(super) fn no_answer_but(&self, exact: Failure, others: &[Failure]) -> Finding {
        if self.driver.is_exact(exact) {
            return self.no_answer(&[exact]);
        }
        self.no_answer(&[others, &[exact]].concat())
    }

    /// The cause that the driver names, and all that its error shows.
    pub(super) fn shown(&self) -> Result<(Option<&str>, &str), Complaint> {
        match &self.ended {
            Err(Ended::Login { source, shown, .. }) => Ok((source.as_deref(), shown)),
            _ => Err(Complaint::Broken(format!("the login was to end with an error; {self}"))),
        }
    }

    /// The login was to end in this time.
    pub(super) fn within(&self, limit: Duration) -> Finding {
        ensure!(self.took <= limit, "this was to take at most {limit:?}; {self}");
        Ok(())
    }

    /// The login was to end because it was cancelled.
    pub(super) fn cancelled(&self) -> Finding {
        let right = match &self.ended {
            Err(Ended::Dropped) => true,
            Err(Ended::Login { error, .. }) => *error == Error::Cancelled,
            _ => false,
        };
        ensure!(right, "the login was to end as cancelled; {self}");
        Ok(())
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let took = self.took.as_millis();
        match &self.ended {
            Ok(_) => write!(f, "it succeeded after {took} ms"),
            Err(ended) => write!(f, "it ended after {took} ms: {ended:?}"),
        }
    }
}
