//! JSON of the right shape whose properties are not what they should be.

mod quick_connect;
mod server;
mod sign_in;

use jellyfin_auth_testkit::{answer, answer::ResponseExt as _};

use super::Row;

pub fn rows() -> Vec<Row> {
    let mut rows = server::rows();
    rows.extend(sign_in::rows());
    rows.extend(quick_connect::rows());
    rows
}

/// Rows of one endpoint: body and expectation.
fn of<B: AsRef<[u8]>>(endpoint: &'static str, rows: Vec<(B, &str)>) -> Vec<Row> {
    rows.into_iter()
        .map(|(body, expected)| {
            Row::new(endpoint, answer::signed(200).with_body(body.as_ref()), expected)
        })
        .collect()
}

/// Values that are no text of visible ASCII, as JSON.
fn no_token() -> Vec<String> {
    let mut values: Vec<String> = [
        "7",
        "1e999",
        "-0",
        "true",
        "null",
        "[]",
        "{}",
        "[\"a\"]",
        r#"{"a":"b"}"#,
        r#""""#,
        r#"" ""#,
        r#""a b""#,
        r#""a\r\nX: y""#,
        r#""a\u0000""#,
        r#""\u001b[2J""#,
        r#""\t""#,
        r#""a\u007f""#,
        r#""\u009b31m""#,
        r#""ü""#,
        r#""\u202ea""#,
        r#""\ud800""#,
        r#""\udc00\ud800""#,
        r#""\ufeffa""#,
        r#""\x""#,
        r#""\u00""#,
        "\"a\nb\"",
        "\"a\u{1b}\"",
        "NaN",
        "'a'",
    ]
    .map(str::to_owned)
    .into();
    values.push(format!("\"{}\"", "a".repeat(513)));
    values.push(format!("\"{}\"", "a".repeat(1024 * 1024)));
    values
}
