//! Recorded exchanges with real servers, and with proxies in front of one.
//!
//! Values that a server drew stand as `{{name}}` in them; they are filled in here, codes with digits
//! and all else with the name's bytes in hex.

use std::{collections::BTreeMap, fs, path::Path, sync::OnceLock};

use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde::Deserialize;

pub const VERSIONS: [&str; 3] = ["12.0", "10.11.11", "10.8.13"];

/// One recording.
#[derive(Debug)]
pub struct Recording {
    pub version: &'static str,
    pub name: String,
    pub exchanges: Vec<Exchange>,
}

/// A request and what came of it.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub front: String,
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// `None` when there was no answer.
    pub answer: Option<Response<Vec<u8>>>,
}

impl Exchange {
    /// The header, when there is one line of it.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        let (_, value) = values.next()?;
        values.next().is_none().then_some(value)
    }

    pub fn status(&self) -> u16 {
        self.answer.as_ref().map_or(0, |answer| answer.status().as_u16())
    }

    /// The answer's body, when it is JSON.
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(self.answer.as_ref()?.body()).ok()
    }

    /// The request's body, when it is JSON.
    pub fn sent_json(&self) -> Option<serde_json::Value> {
        serde_json::from_str(&self.body).ok()
    }
}

/// All recordings of the servers.
pub fn all() -> &'static [Recording] {
    static ALL: OnceLock<Vec<Recording>> = OnceLock::new();
    ALL.get_or_init(|| VERSIONS.into_iter().flat_map(of_version).collect())
}

/// The recordings of one version.
fn of_version(version: &'static str) -> Vec<Recording> {
    let folder = folder().join(version);
    let entries = fs::read_dir(folder).expect("the recordings are there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| Recording {
            version,
            name: path.file_stem().expect("a name").to_string_lossy().into_owned(),
            exchanges: read(&path),
        })
        .collect()
}

/// The exchanges with each set-up of something in front of a server.
pub fn fronts() -> BTreeMap<String, Vec<Exchange>> {
    let mut fronts: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for exchange in read(&folder().join("fronts.json")) {
        fronts.entry(exchange.front.clone()).or_default().push(exchange);
    }
    fronts
}

/// One recording by its name.
pub fn of(version: &str, name: &str) -> &'static Recording {
    let found =
        all().iter().find(|recording| recording.version == version && recording.name == name);
    found.unwrap_or_else(|| panic!("no recording {name} of {version}"))
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings")
}

#[derive(Deserialize)]
struct File {
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    #[serde(default)]
    front: String,
    send: Option<Sent>,
    recv: Option<Received>,
}

#[derive(Deserialize)]
struct Sent {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: String,
}

#[derive(Deserialize)]
struct Received {
    status: Option<u16>,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: String,
}

fn read(path: &Path) -> Vec<Exchange> {
    let text = fs::read_to_string(path).expect("a recording is text");
    let file: File = serde_json::from_str(&filled(&text)).expect("a recording is JSON");
    file.steps
        .into_iter()
        .filter_map(|step| Some(exchange(step.front, step.send?, step.recv?)))
        .collect()
}

fn exchange(front: String, sent: Sent, received: Received) -> Exchange {
    let (path, query) = sent.target.split_once('?').unwrap_or((&sent.target, ""));
    let answer = received.status.map(|status| {
        let mut answer = Response::new(received.body.into_bytes());
        *answer.status_mut() = StatusCode::from_u16(status).expect("a status");
        for (name, value) in &received.headers {
            let name: HeaderName = name.parse().expect("a header's name");
            let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header's value");
            answer.headers_mut().append(name, value);
        }
        answer
    });
    Exchange {
        front,
        method: sent.method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers: sent.headers,
        body: sent.body,
        answer,
    }
}

/// The text with a value for each `{{name}}`.
fn filled(text: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let (name, after) = after.split_once("}}").expect("a name ends");
        match name.strip_prefix("code") {
            _ if name == "ms" => filled.push_str("1.2345"),
            Some(number) => filled.extend(["10000", number]),
            None => filled.extend(name.bytes().map(|byte| format!("{byte:02x}"))),
        }
        rest = after;
    }
    filled + rest
}
