//! How many cases ran and passed, by release and adapter.

use jellyfin_auth_both_drivers::Adapter;
use std::{collections::BTreeMap, sync::Mutex};

use crate::release::Release;

/// Counts.
#[derive(Debug, Default)]
pub(crate) struct Score(Mutex<BTreeMap<(&'static str, &'static str), Count>>);

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    run: u32,
    passed: u32,
}

impl Score {
    pub(crate) fn add(&self, release: Release, adapter: Adapter, passed: bool) {
        let mut counts = self.0.lock().expect("no count is left half done");
        let count = counts.entry((release.name(), adapter.name())).or_default();
        count.run += 1;
        count.passed += u32::from(passed);
    }

    pub(crate) fn print(&self) {
        for ((release, adapter), count) in &*self.0.lock().expect("no count is left half done") {
            let Count { run, passed } = count;
            println!("live: {release} by {adapter}: {run} cases run, {passed} passed");
        }
    }
}
