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

    /// Asserts what it gives, and that it can be shown as it is.
    #[track_caller]
    fn assert(&self) {
        let Self { endpoint, answer, expected } = self;
        let found = read_by_name(endpoint, answer);
        let shown = || {
            let body = answer.body();
            let start = String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
            format!("{endpoint}: {} {:?} {start:?}", answer.status(), answer.headers())
        };
        if expected.starts_with('!') {
            assert_eq!(&found, expected, "{}", shown());
            assert!(found.len() < 3_000, "an error isn't endless: {}", shown());
        } else {
            assert!(!found.starts_with('!') && found.contains(expected), "{}: {found}", shown());
        }
        // `Debug` would have escaped them: none is left in a value, nor in an error.
        for escape in ["\\u{1b}", "\\u{7f}", "\\u{9b}", "\\0", "\\n", "\\r", "\\t", "\\u{7}"] {
            assert!(!found.contains(escape), "{}: {found}", shown());
        }
    }
}

#[test]
fn hostile_answers_give_what_the_table_says() {
    let tables = [shapes::rows(), properties::rows(), heads::rows()];
    let counts = tables.each_ref().map(Vec::len);
    tables.iter().flatten().for_each(Row::assert);
    assert_eq!(counts, [470, 547, 148]);
}
