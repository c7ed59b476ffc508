//! The files and their format.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub struct Recording {
    pub name: String,
    #[serde(default)]
    pub setup: Option<Setup>,
    pub steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
pub struct Setup {
    #[serde(default)]
    pub config: BTreeMap<String, Value>,
    #[serde(default)]
    pub users: Vec<RecordedUser>,
}

#[derive(Debug, Deserialize)]
pub struct RecordedUser {
    pub name: String,
    #[serde(default)]
    pub password: String,
    #[serde(default)]
    pub policy: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Step {
    Exchange(Box<Exchange>),
    Act { r#do: BTreeMap<String, Value> },
    Datagram { text: String, answers: Vec<DatagramAnswer> },
}

#[derive(Debug, Deserialize)]
pub struct Exchange {
    pub send: Sent,
    pub recv: Received,
    pub at: f64,
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub bind: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
pub struct Sent {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    #[serde(default)]
    pub header_bytes: Option<String>,
    #[serde(default)]
    pub body: String,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Received {
    Answer(Box<Answer>),
    Failure {
        #[expect(dead_code, reason = "its presence selects the variant")]
        error: String,
    },
}

#[derive(Debug, Deserialize)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn is_marked(&self) -> bool {
        self.header("X-Response-Time-ms").is_some()
    }
}

#[derive(Debug, Deserialize)]
pub struct DatagramAnswer {
    pub text: String,
}

impl Recording {
    pub fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.steps.iter().filter_map(|step| match step {
            Step::Exchange(exchange) => Some(&**exchange),
            _ => None,
        })
    }

    pub fn answers(&self) -> impl Iterator<Item = &Answer> {
        self.exchanges().filter_map(|exchange| match &exchange.recv {
            Received::Answer(answer) => Some(&**answer),
            Received::Failure { .. } => None,
        })
    }
}

/// All recordings of one version, by name.
pub fn recordings(folder: &str) -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(folder);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("the recordings are part of the repository")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| {
            let text = fs::read_to_string(file).expect("a readable recording");
            serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        })
        .collect()
}
