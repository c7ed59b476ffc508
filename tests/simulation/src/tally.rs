use std::{collections::BTreeMap, fmt};

use jellyfin_auth::Error;

use super::demands::{DEMANDS, Demand};

/// How a machine ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct End {
    /// `None` after a success.
    pub error: Option<Error>,
    /// `"signed in"`, or the name of the error's variant.
    pub name: String,
    /// How many requests were sent.
    pub requests: u32,
    /// How many things happened.
    pub events: u32,
    /// What was waited for, by the name of the reason, and how often.
    pub waits: BTreeMap<String, u64>,
}

/// The name of a variant, with the failure that is in it.
pub(super) fn name_of(variant: &dyn fmt::Debug) -> String {
    let shown = format!("{variant:?}");
    let name = shown.split([' ', '{', '(']).next().unwrap_or_default();
    let failure = shown.strip_prefix("NoAnswer").map(|rest| {
        let words = rest.split(|next: char| !next.is_ascii_alphabetic());
        words.filter(|word| !matches!(*word, "" | "failure")).collect::<String>()
    });
    failure.map_or_else(|| name.to_owned(), |failure| format!("{name}({failure})"))
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, requests, events, .. } = self;
        write!(f, "{name} ({requests} requests, {events} events)")?;
        match &self.error {
            Some(error) => write!(f, ": {error}"),
            None => Ok(()),
        }
    }
}

/// How many ended how, and what was waited for.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    ends: BTreeMap<String, u64>,
    waits: BTreeMap<String, u64>,
    requests: u64,
    events: u64,
}

impl Tally {
    /// Counts one more.
    pub fn count(&mut self, end: &End) {
        *self.ends.entry(end.name.clone()).or_default() += 1;
        add(&mut self.waits, &end.waits);
        self.requests += u64::from(end.requests);
        self.events += u64::from(end.events);
    }

    /// Adds what somebody else counted.
    pub fn add(&mut self, other: &Self) {
        add(&mut self.ends, &other.ends);
        add(&mut self.waits, &other.waits);
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

    /// How often a wait had this reason, by the name of its variant.
    #[must_use]
    pub fn waited(&self, name: &str) -> u64 {
        self.waits.get(name).copied().unwrap_or_default()
    }

    /// What came too rarely to show anything. Only a run of 20,000 seeds or more owes that.
    #[must_use]
    pub fn shortfalls(&self) -> Vec<String> {
        let short = DEMANDS.iter().filter_map(|demand| {
            let (count, most, what) = match *demand {
                Demand::End(name, least) => (self.ended(name), least, format!("ends: {name}")),
                Demand::Wait(name, least) => (self.waited(name), least, format!("waits: {name}")),
            };
            (count < most).then(|| format!("{what}: {count} of {most}"))
        });
        short.collect()
    }
}

fn add(counts: &mut BTreeMap<String, u64>, others: &BTreeMap<String, u64>) {
    for (name, count) in others {
        *counts.entry(name.clone()).or_default() += count;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ends, waits, requests, events } = self;
        writeln!(f, "{} worlds, {requests} requests, {events} events", self.total())?;
        for (title, counts) in [("How they ended:", ends), ("What was waited for:", waits)] {
            writeln!(f, "{title}")?;
            let mut counts: Vec<_> = counts.iter().collect();
            counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            for (name, count) in counts {
                writeln!(f, "{count:>10}  {name}")?;
            }
        }
        Ok(())
    }
}
