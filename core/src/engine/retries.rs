use std::time::Duration;

use super::Clock;
use crate::{
    Error, Policy,
    flow::{Budget, Setback},
};

const FIRST_BACKOFF: Duration = Duration::from_secs(1);
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);
/// While a server starts, it is asked often enough that its being ready is noticed.
const LONGEST_BACKOFF_IN_PATIENCE: Duration = Duration::from_secs(5);

/// The retries and the patience that are left for the request that is due.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Retries {
    /// Failures in a row, for the backoff.
    failures: u8,
    /// Retries spent.
    used: u32,
    /// A response arrived before, whatever it was: the server exists.
    server_is_known: bool,
    /// When patience began: at the first response of a starting or busy server in a row of failures.
    patience_since: Option<Duration>,
    /// What it ends with: the last response of a busy server, or any of a starting one.
    patience_error: Option<Box<Error>>,
    starting: bool,
}

impl Retries {
    pub(crate) fn record_known_server(&mut self) {
        self.server_is_known = true;
    }

    /// The request succeeded.
    pub(crate) fn reset(&mut self) {
        *self = Self { server_is_known: self.server_is_known, ..Self::default() };
    }

    /// Takes a setback out of its budget and returns how long to wait before the next try.
    ///
    /// # Errors
    ///
    /// The error that it is when the budget is used up.
    pub(crate) fn spend(
        &mut self,
        setback: Setback,
        clock: &Clock,
        policy: &Policy,
    ) -> Result<Duration, Error> {
        if let Some(since) = self.takes_patience(&setback, clock) {
            if clock.now().saturating_sub(since) >= policy.patience {
                return Err(self.patience_error.take().map_or(setback.error, |error| *error));
            }
        } else if self.used >= policy.retries {
            return Err(setback.error);
        } else {
            self.used += 1;
        }
        Ok(self.back_off(clock, policy))
    }

    /// Returns how long to wait before the next try of what is tried without end.
    pub(crate) fn keep_trying(
        &mut self,
        setback: &Setback,
        clock: &Clock,
        policy: &Policy,
    ) -> Duration {
        self.takes_patience(setback, clock);
        self.back_off(clock, policy).max(policy.poll_interval())
    }

    /// Since when patience is taken, for a setback that a starting or busy server explains.
    fn takes_patience(&mut self, setback: &Setback, clock: &Clock) -> Option<Duration> {
        let began = self.patience_since.is_some();
        let explained = match setback.budget {
            Budget::Starting | Budget::Busy => true,
            Budget::Unreachable => began || self.server_is_known,
            Budget::Interrupted => began,
            Budget::Retries | Budget::Nothing => false,
        };
        if !explained {
            return None;
        }
        self.starting |= setback.budget == Budget::Starting;
        let is_telling = match setback.budget {
            Budget::Starting => true,
            Budget::Busy => !self.starting,
            _ => false,
        };
        if is_telling {
            self.patience_error = Some(Box::new(setback.error.clone()));
        }
        Some(*self.patience_since.get_or_insert(clock.now()))
    }

    /// Counts a failure and returns how long to wait: 1 s, doubled each time.
    fn back_off(&mut self, clock: &Clock, policy: &Policy) -> Duration {
        let in_patience = self
            .patience_since
            .is_some_and(|since| clock.now().saturating_sub(since) < policy.patience);
        let longest = if in_patience { LONGEST_BACKOFF_IN_PATIENCE } else { LONGEST_BACKOFF };
        let backoff = FIRST_BACKOFF.saturating_mul(1 << self.failures.min(5)).min(longest);
        self.failures = self.failures.saturating_add(1);
        backoff
    }
}
