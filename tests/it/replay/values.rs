//! Values that a server draws: they have to stand in the same places.

use std::collections::BTreeMap;

/// Recorded values and the fake server's, each pair learned where it first stood.
#[derive(Debug, Default)]
pub struct Values {
    ours_by_recorded: BTreeMap<String, String>,
    dates: BTreeMap<String, String>,
}

impl Values {
    pub fn bind(&mut self, name: &str, ours: &str) {
        self.ours_by_recorded.insert(format!("{{{{{name}}}}}"), ours.to_owned());
    }

    /// The recorded text with the fake server's values in it.
    pub fn fill_in(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for (recorded, ours) in &self.ours_by_recorded {
            if recorded.starts_with("{{") {
                filled = filled.replace(recorded, ours);
            }
        }
        filled
    }

    /// Whether a drawn value stands where it stood: one recorded value is one of ours, and two are two.
    pub fn agree(&mut self, recorded: &str, ours: &str) -> bool {
        if let Some(known) = self.ours_by_recorded.get(recorded) {
            return known == ours;
        }
        let is_taken = self.ours_by_recorded.iter().any(|(name, known)| {
            known == ours && name.starts_with("{{") == recorded.starts_with("{{")
        });
        self.ours_by_recorded.insert(recorded.to_owned(), ours.to_owned());
        !is_taken
    }

    /// Whether dates that were equal still are.
    pub fn dates_agree(&mut self, recorded: &str, ours: &str) -> bool {
        self.dates.entry(recorded.to_owned()).or_insert_with(|| ours.to_owned()) == ours
    }
}

/// `2026-11-24T10:03:56.1917096Z` with one to seven digits behind the point.
pub fn is_date(text: &str) -> bool {
    let Some(text) = text.strip_suffix('Z') else { return false };
    let shape: String = text
        .chars()
        .map(|character| if character.is_ascii_digit() { '0' } else { character })
        .collect();
    let Some(fraction) = shape.strip_prefix("0000-00-00T00:00:00.") else { return false };
    (1..=7).contains(&fraction.len()) && fraction.bytes().all(|digit| digit == b'0')
}
