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
            Row::new(endpoint, answer::marked(200).with_body(body.as_ref()), expected)
        })
        .collect()
}

/// Values that are no text of up to `longest` visible ASCII characters, as JSON.
fn no_token(longest: usize) -> Vec<String> {
    let mut values: Vec<String> = [
        "7",
        "1e999",
        "-0",
        r#"" ""#,
        r#""a b""#,
        r#""ü""#,
        r#""\u202ea""#,
        r#""\ufeffa""#,
        "\"a\nb\"",
    ]
    .map(str::to_owned)
    .into();
    values.extend(no_text(longest));
    values
}

/// Values that are no text of up to `longest` characters either, nor a whole number.
fn no_text(longest: usize) -> Vec<String> {
    let mut values: Vec<String> = [
        "1.5",
        "-7",
        "1e999",
        "true",
        "null",
        "[]",
        "{}",
        "[\"a\"]",
        r#"{"a":"b"}"#,
        r#""""#,
        r#"" ""#,
        r#""a\r\nX: y""#,
        r#""a\u0000""#,
        r#""\u001b[2J""#,
        r#""\t""#,
        r#""a\u007f""#,
        r#""\u009b31m""#,
        r#""\ud800""#,
        r#""\udc00\ud800""#,
        r#""\x""#,
        r#""\u00""#,
        "\"a\nb\"",
        "\"a\u{1b}\"",
        "NaN",
        "'a'",
    ]
    .map(str::to_owned)
    .into();
    values.push(format!("\"{}\"", "a".repeat(longest + 1)));
    values.push(format!("\"{}\"", "a".repeat(1024 * 1024)));
    values
}

/// Values that are no id: it is compared and sent back as it is, and shown, so that nothing can be taken out.
fn no_id() -> Vec<String> {
    let unseen =
        [r#""a\u200b""#, r#""\u202eba""#, r#""a\u2028b""#, r#""a\u2029b""#, "\"a\u{ad}b\""];
    unseen.map(str::to_owned).into_iter().chain(no_text(128)).collect()
}
