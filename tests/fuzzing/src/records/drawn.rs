//! A record, drawn from a fuzzer's bytes: one that a program kept, and what is different about it.

use serde_json::{Value, json};

use crate::text::{number, settings, split_at};

/// What a line can set, and a line without a name sets one of.
const NAMES: [&str; 24] = [
    "version",
    "renewals",
    "handed_out_at",
    "is_administrator",
    "has_password",
    "addresses",
    "trusted_certificates",
    "gateway_headers",
    "without",
    "null",
    "server",
    "server_id",
    "server_name",
    "server_version",
    "user_id",
    "user_name",
    "primary_image_tag",
    "access_token",
    "client",
    "client_version",
    "device_name",
    "device_id",
    "code",
    "secret",
];

/// Reads lines such as `user_name=alice`. The record is a session's and a login's at once, as good as any,
/// unless they say otherwise. `addresses`, `trusted_certificates` (origin, hash) and `gateway_headers`
/// (origin, name, value) add one, with blanks between its parts; `without` and `null` name a member; `text`
/// is the whole record, all that is left.
pub(super) fn record(input: &[u8]) -> Vec<u8> {
    let mut record = json!({
        "version": 2, "server": "https://media.example.com/jf", "server_id": "713dc3fe", "user_id": "6eec632a",
        "user_name": "alice", "access_token": "0123456789abcdef", "client": "App", "client_version": "1.0",
        "device_name": "PC", "device_id": "d-1", "code": "123456", "secret": "5EC4E7", "renewals": 1,
        "handed_out_at": 1_800_000_000,
    });
    for (name, value) in settings(input, &NAMES) {
        let text = || String::from_utf8_lossy(value);
        match &*name {
            "text" => return value.to_vec(),
            "version" | "renewals" | "handed_out_at" => record[&*name] = json!(number(value)),
            "is_administrator" | "has_password" => record[&*name] = json!(value.starts_with(b"t")),
            "addresses" => add(&mut record, &name, json!(text())),
            "trusted_certificates" => {
                let (origin, hash) = parts(value);
                add(&mut record, &name, json!({"origin": origin, "sha256": hash}));
            }
            "gateway_headers" => {
                let (origin, rest) = split_at(value, b" ");
                let (origin, (name_of_it, value)) = (String::from_utf8_lossy(origin), parts(rest));
                let header = json!({"origin": origin, "name": name_of_it, "value": value});
                add(&mut record, &name, header);
            }
            "without" => drop(record.as_object_mut().expect("an object").remove(&*text())),
            "null" => record[&*text()] = Value::Null,
            _ => record[&*name] = json!(text()),
        }
    }
    record.to_string().into_bytes()
}

fn parts(value: &[u8]) -> (String, String) {
    let (first, second) = split_at(value, b" ");
    (String::from_utf8_lossy(first).into_owned(), String::from_utf8_lossy(second).into_owned())
}

/// Adds one to a list. What a line made of it before is gone.
fn add(record: &mut Value, list: &str, one: Value) {
    match &mut record[list] {
        Value::Array(values) => values.push(one),
        other => *other = json!([one]),
    }
}
