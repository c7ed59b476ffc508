//! Answers that no honest server gives: each has its expected error or value, and nothing of them is
//! shown or sent unescaped.

mod flows;
mod heads;
mod properties;
mod shapes;

use http::Response;

use crate::endpoints::read_by_name;

/// One hostile answer.
pub struct Row {
    /// Whose answer it is.
    pub endpoint: &'static str,
    pub answer: Response<Vec<u8>>,
    /// `! Error`, or what stands in the value.
    pub expected: String,
}

impl Row {
    pub fn new(endpoint: &'static str, answer: Response<Vec<u8>>, expected: &str) -> Self {
        Self { endpoint, answer, expected: expected.to_owned() }
    }

    /// What is wrong with what it gives, if anything.
    fn fault(&self) -> Option<String> {
        let Self { endpoint, answer, expected } = self;
        let found = read_by_name(endpoint, answer);
        let is_as_expected = if expected.starts_with('!') {
            // An error isn't endless.
            found == *expected && found.len() < 3_000
        } else {
            !found.starts_with('!') && found.contains(expected.as_str())
        };
        // `Debug` would have escaped them: none is left in a value, nor in an error.
        let escapes = ["\\u{1b}", "\\u{7f}", "\\u{9b}", "\\0", "\\n", "\\r", "\\t", "\\u{7}"];
        if is_as_expected && !escapes.iter().any(|escape| found.contains(escape)) {
            return None;
        }
        let start = |text: &str| text.chars().take(300).collect::<String>();
        let body = start(&String::from_utf8_lossy(answer.body()));
        let (status, headers) = (answer.status(), answer.headers());
        let (expected, found) = (start(expected), start(&found));
        Some(format!(
            "{endpoint}: {status} {headers:?} {body:?}\n  expected {expected}\n  found {found}\n"
        ))
    }
}

#[test]
fn hostile_answers_give_what_the_table_says() {
    let tables = [shapes::rows(), properties::rows(), heads::rows()];
    let counts = tables.each_ref().map(Vec::len);
    assert_eq!(counts, [608, 682, 150]);
    let faults: Vec<String> = tables.iter().flatten().filter_map(Row::fault).collect();
    assert!(faults.is_empty(), "{} differ:\n{}", faults.len(), faults.concat());
}
