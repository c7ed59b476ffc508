//! An answer beside the recorded one.

use std::{collections::BTreeSet, fmt, sync::OnceLock};

use http::Response;
use jellyfin_auth_testkit::fake_server::Version;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    recording::Answer,
    values::{Values, is_date},
};

/// One thing in which an answer differs.
#[derive(Debug)]
pub struct Difference {
    pub version: Version,
    pub recording: String,
    pub exchange: String,
    /// `status`, `header <name>` or `body <path>`.
    pub what: String,
    pub recorded: String,
    pub ours: String,
}

impl Difference {
    pub fn is_permitted(&self) -> bool {
        permitted().iter().any(|permitted| permitted.covers(self))
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { version, recording, exchange, what, recorded, ours } = self;
        write!(f, "{version} {recording}, {exchange}: {what} was {recorded}, is {ours}")
    }
}

/// A difference that is all right, and why.
#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permitted {
    recording: String,
    what: String,
    reason: String,
}

impl Permitted {
    pub fn covers(&self, difference: &Difference) -> bool {
        self.recording == difference.recording && self.what == difference.what
    }
}

pub fn permitted() -> &'static [Permitted] {
    static PERMITTED: OnceLock<Vec<Permitted>> = OnceLock::new();
    PERMITTED.get_or_init(|| {
        let text = include_str!("../../recordings/permitted.json");
        let permitted: Vec<Permitted> = serde_json::from_str(text).expect("permitted.json is JSON");
        assert!(
            permitted.iter().all(|permitted| !permitted.reason.is_empty()),
            "each with a reason"
        );
        permitted
    })
}

/// Compares everything; gives what differs, what was recorded and what it is.
pub struct Comparison<'v> {
    pub values: &'v mut Values,
    pub version: Version,
    pub differences: Vec<(String, String, String)>,
}

impl Comparison<'_> {
    pub fn compare(&mut self, recorded: &Answer, ours: &Response<Vec<u8>>) {
        self.equal("status", &recorded.status.to_string(), ours.status().as_str());
        self.headers(recorded, ours);
        let body = String::from_utf8_lossy(ours.body());
        let is_json = |text: &str| serde_json::from_str::<Value>(text).ok();
        match (is_json(&recorded.body), is_json(&body)) {
            (Some(recorded), Some(ours)) => self.json("", &recorded, &ours),
            _ => self.equal("body", &recorded.body, &body),
        }
    }

    fn differ(&mut self, what: &str, recorded: impl Into<String>, ours: impl Into<String>) {
        self.differences.push((what.to_owned(), recorded.into(), ours.into()));
    }

    fn equal(&mut self, what: &str, recorded: &str, ours: &str) {
        if recorded != ours {
            self.differ(what, recorded, ours);
        }
    }

    fn headers(&mut self, recorded: &Answer, ours: &Response<Vec<u8>>) {
        let names: BTreeSet<String> = recorded
            .headers
            .iter()
            .map(|(name, _)| name.to_ascii_lowercase())
            .chain(ours.headers().keys().map(|name| name.as_str().to_owned()))
            .filter(|name| name != "connection")
            .collect();
        for name in names {
            let was = recorded.header(&name).map(str::to_owned);
            let is =
                ours.headers().get(&name).map(|value| value.to_str().expect("ASCII").to_owned());
            let is_masked = was.as_deref() == Some("{{ms}}") && is.is_some();
            if was != is && !is_masked {
                self.differ(&format!("header {name}"), format!("{was:?}"), format!("{is:?}"));
            }
        }
    }

    fn json(&mut self, path: &str, recorded: &Value, ours: &Value) {
        match (recorded, ours) {
            (Value::Object(recorded), Value::Object(ours)) => self.object(path, recorded, ours),
            (Value::Array(recorded), Value::Array(ours)) if recorded.len() == ours.len() => {
                for (recorded, ours) in recorded.iter().zip(ours) {
                    self.json(&format!("{path}/*"), recorded, ours);
                }
            }
            (Value::String(recorded), Value::String(ours)) => {
                if !self.texts_agree(path, recorded, ours) {
                    self.differ(&format!("body {path}"), recorded, ours);
                }
            }
            _ if recorded == ours => {}
            _ => self.differ(&format!("body {path}"), recorded.to_string(), ours.to_string()),
        }
    }

    fn object(&mut self, path: &str, recorded: &Map<String, Value>, ours: &Map<String, Value>) {
        let names: BTreeSet<&String> = recorded.keys().chain(ours.keys()).collect();
        for name in names {
            let path = format!("{path}/{name}");
            match (recorded.get(name), ours.get(name)) {
                (Some(recorded), Some(ours)) => self.json(&path, recorded, ours),
                (recorded, ours) => {
                    self.differ(
                        &format!("body {path}"),
                        format!("{recorded:?}"),
                        format!("{ours:?}"),
                    );
                }
            }
        }
    }

    fn texts_agree(&mut self, path: &str, recorded: &str, ours: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        // A session's id is no drawn one: it follows from client and device.
        let is_session_id = path.to_ascii_lowercase().ends_with("sessioninfo/id")
            || path == "/*/Id" && is_guid(recorded);
        match name.as_str() {
            "traceid" => shape(recorded) == shape(ours),
            "id" if is_session_id => recorded == ours,
            "id" | "serverid" | "userid" | "accesstoken" | "secret" | "code" => {
                shape_is_like(recorded, ours) && self.values.agree(recorded, ours)
            }
            "pinfile" if self.version < Version::V10_11 && !recorded.is_empty() => {
                self.values.agree(recorded, ours)
            }
            _ if is_date(recorded) && is_date(ours) => self.values.dates_agree(recorded, ours),
            _ => self.values.fill_in(recorded) == ours,
        }
    }
}

fn is_guid(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// Digits and letters as what they are.
fn shape(text: &str) -> String {
    text.chars()
        .map(|character| if character.is_ascii_hexdigit() { '0' } else { character })
        .collect()
}

/// A masked value has no shape; any other keeps its length and its letters' case.
fn shape_is_like(recorded: &str, ours: &str) -> bool {
    let has = |text: &str, is: fn(&u8) -> bool| text.bytes().any(|byte| is(&byte));
    recorded.starts_with("{{")
        || shape(recorded) == shape(ours)
            && has(recorded, u8::is_ascii_lowercase) == has(ours, u8::is_ascii_lowercase)
}
