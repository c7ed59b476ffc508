use std::{collections::BTreeMap, fmt};

use jellyfin_auth::{Error, Failure};

/// How a sign-in ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct End {
    /// `None` after a success.
    pub error: Option<Error>,
    /// How many requests were sent.
    pub requests: u32,
    /// How many things happened.
    pub events: u32,
}

impl End {
    fn name(&self) -> String {
        match &self.error {
            None => "signed in".to_owned(),
            Some(Error::NoAnswer { failure, .. }) => format!("NoAnswer({})", name(*failure)),
            Some(error) => {
                let shown = format!("{error:?}");
                shown.split([' ', '{', '(']).next().unwrap_or_default().to_owned()
            }
        }
    }
}

fn name(failure: Failure) -> String {
    format!("{failure:?}")
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, events, .. } = self;
        write!(f, "{} ({requests} requests, {events} events)", self.name())?;
        match &self.error {
            Some(error) => write!(f, ": {error}"),
            None => Ok(()),
        }
    }
}

/// How many sign-ins ended how.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    ends: BTreeMap<String, u64>,
    requests: u64,
    events: u64,
}

impl Tally {
    /// Counts one more.
    pub fn count(&mut self, end: &End) {
        *self.ends.entry(end.name()).or_default() += 1;
        self.requests += u64::from(end.requests);
        self.events += u64::from(end.events);
    }

    /// Adds what somebody else counted.
    pub fn add(&mut self, other: &Self) {
        for (name, count) in &other.ends {
            *self.ends.entry(name.clone()).or_default() += count;
        }
        self.requests += other.requests;
        self.events += other.events;
    }

    /// How many were counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.ends.values().sum()
    }

    /// How many ended so: `"signed in"`, or the name of an error's variant.
    #[must_use]
    pub fn ended(&self, name: &str) -> u64 {
        self.ends.get(name).copied().unwrap_or_default()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, events, .. } = self;
        writeln!(f, "{} sign-ins, {requests} requests, {events} events", self.total())?;
        let mut ends: Vec<_> = self.ends.iter().collect();
        ends.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (name, count) in ends {
            writeln!(f, "{count:>10}  {name}")?;
        }
        Ok(())
    }
}
