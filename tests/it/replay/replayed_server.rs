//! A recording, performed on a fake server.

use std::{collections::BTreeMap, time::Duration};

use http::{HeaderName, HeaderValue, Request};
use jellyfin_auth_testkit::fake_server::{FakeServer, Phase, Version};
use serde_json::Value;

use super::{
    comparison::{Comparison, Difference},
    policy,
    recording::{Answer, Exchange, Received, Recording, Sent, Step},
    values::Values,
};

const DATA: &str = "/var/lib/jellyfin";

#[derive(Debug, Default)]
pub struct Outcome {
    pub compared: usize,
    /// Nothing answered: the network's doing, not a server's.
    pub not_connected: usize,
    pub differences: Vec<Difference>,
}

impl Outcome {
    pub fn add(&mut self, other: Self) {
        self.compared += other.compared;
        self.not_connected += other.not_connected;
        self.differences.extend(other.differences);
    }
}

pub fn replay(version: Version, recording: &Recording) -> Outcome {
    let mut server = ReplayedServer::new(version, recording);
    let mut outcome = Outcome::default();
    for step in &recording.steps {
        let (exchange, differences) = match step {
            Step::Act { r#do } => {
                server.act(r#do);
                continue;
            }
            Step::Datagram { text, answers } => {
                let recorded = answers.first().map(|answer| answer.text.as_str());
                (format!("datagram {text:?}"), server.ask(text, recorded))
            }
            Step::Exchange(exchange) => match &exchange.recv {
                Received::Failure { .. } => {
                    outcome.not_connected += 1;
                    continue;
                }
                Received::Answer(answer) => {
                    let Sent { method, target, .. } = &exchange.send;
                    let title =
                        format!("{method} {target} ({}, {} s)", exchange.about, exchange.at);
                    (title, server.perform(exchange, answer))
                }
            },
        };
        outcome.compared += 1;
        outcome.differences.extend(differences.into_iter().map(|(what, recorded, ours)| {
            Difference {
                version,
                recording: recording.name.clone(),
                exchange: exchange.clone(),
                what,
                recorded,
                ours,
            }
        }));
    }
    outcome
}

type Differences = Vec<(String, String, String)>;

struct ReplayedServer {
    fake: FakeServer,
    values: Values,
    host: String,
}

impl ReplayedServer {
    fn new(version: Version, recording: &Recording) -> Self {
        let is_fresh = matches!(recording.name.as_str(), "startup" | "before-wizard");
        let fake =
            if is_fresh { FakeServer::before_wizard(version) } else { FakeServer::new(version) };
        let mut server = Self { fake, values: Values::default(), host: String::new() };
        server.furnish(recording);
        if let Some(setup) = &recording.setup {
            server.configure(&setup.config);
            for user in &setup.users {
                server.fake.add_user(&user.name, &user.password);
                server.allow(&user.name, &user.policy);
            }
        }
        if recording.name == "startup-again" {
            server.fake.add_user("alice", "pw-alice-1");
            let token = server.sign_in("alice", "pw-alice-1", "rec-0");
            server.values.bind("token", &token);
        }
        if !is_fresh {
            server.sign_in("root", "pw-root", "rec-admin");
            let key = server.fake.add_api_key("recorder");
            server.values.bind("apikey", &key);
        }
        for user in ["alice", "bob", "carol", "one", "shown", "nopw", "Käthe", "pinned", "lock"] {
            if let Some(id) = server.fake.user_id(user) {
                server.values.bind(&format!("id:{user}"), id);
            }
        }
        server.values.bind("server_id", server.fake.server_id());
        server.values.bind("data", DATA);
        server
    }

    /// What the machine was called and where it stood.
    fn furnish(&mut self, recording: &Recording) {
        let settings = self.fake.settings_mut();
        DATA.clone_into(&mut settings.data_path);
        if recording.name == "baseurl" {
            "/jf".clone_into(&mut settings.base_url);
        }
        settings.caller_is_remote = recording.name == "remote";
        let mut locations = recording.answers().filter_map(|answer| answer.header("Location"));
        settings.web_client_hosted = locations.any(|location| location.contains("web/"));
        for answer in recording.answers() {
            let absolute =
                answer.header("Location").filter(|location| location.starts_with("http"));
            if let Some((host, _)) = absolute.and_then(|location| location[7..].split_once('/')) {
                host.clone_into(&mut self.host);
            }
            let Ok(body) = serde_json::from_str::<Value>(&answer.body) else { continue };
            let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
            if let Some(address) = text("/LocalAddress").or_else(|| text("/localAddress")) {
                address.trim_end_matches("/jf").clone_into(&mut settings.local_address);
            }
            if let Some(name) = text("/ServerName").or_else(|| text("/serverName")) {
                name.clone_into(&mut settings.server_name);
            }
            let address = text("/SessionInfo/RemoteEndPoint");
            if let Some(address) = address.or_else(|| text("/sessionInfo/remoteEndPoint")) {
                address.clone_into(&mut settings.caller_address);
            }
        }
        if self.host.is_empty() {
            settings.local_address.trim_start_matches("http://").clone_into(&mut self.host);
        }
    }

    fn sign_in(&mut self, user: &str, password: &str, device_id: &str) -> String {
        let fields = format!(
            r#"MediaBrowser Client="Probe", Device="Recorder", DeviceId="{device_id}", Version="1.0""#
        );
        let body = serde_json::json!({ "Username": user, "Pw": password }).to_string();
        let path = format!("{}/Users/AuthenticateByName", self.fake.settings().base_url);
        let request = Request::post(path)
            .header("Authorization", fields)
            .header("Content-Type", "application/json")
            .body(body.into_bytes())
            .expect("a request");
        let was_remote = std::mem::take(&mut self.fake.settings_mut().caller_is_remote);
        let answer = self.fake.handle(Duration::ZERO, &request);
        self.fake.settings_mut().caller_is_remote = was_remote;
        let body: Value = serde_json::from_slice(answer.body()).expect("a login result");
        body["AccessToken"].as_str().expect("a token").to_owned()
    }

    fn configure(&mut self, config: &BTreeMap<String, Value>) {
        let settings = self.fake.settings_mut();
        for (name, value) in config {
            let value = value.as_bool().expect("a switch");
            match name.as_str() {
                "QuickConnectAvailable" => settings.quick_connect = value,
                "EnableLegacyAuthorization" => settings.legacy_authorization = value,
                other => panic!("a setting that nobody models: {other}"),
            }
        }
    }

    fn allow(&mut self, user: &str, allowed: &BTreeMap<String, Value>) {
        self.fake.update_policy(user, |settings| {
            for (name, value) in allowed {
                policy::change(settings, name, value);
            }
            let all = allowed.get("EnableAllDevices").and_then(Value::as_bool);
            if all == Some(true) {
                settings.allowed_devices = None;
            }
        });
    }

    fn act(&mut self, act: &BTreeMap<String, Value>) {
        for (name, value) in act {
            let object = || serde_json::from_value::<BTreeMap<String, Value>>(value.clone());
            match name.as_str() {
                "config" => self.configure(&object().expect("settings")),
                "policy" => {
                    for (user, policy) in object().expect("users") {
                        let policy = serde_json::from_value(policy).expect("a policy");
                        self.allow(&user, &policy);
                    }
                }
                "drop" => self.fake.delete_user(value.as_str().expect("a name")),
                "network" => {
                    let is_open = value["EnableRemoteAccess"].as_bool().expect("a switch");
                    self.fake.settings_mut().address_blocked = !is_open;
                }
                "restart" => self.fake.restart(),
                "pin" => {
                    let pin = self.fake.pin("alice").expect("a PIN was asked for").to_owned();
                    self.values.bind("pinlow", &pin.to_lowercase());
                    self.values.bind("pin", &pin);
                }
                // Every exchange has its time, and looking at devices changes nothing.
                "wait" | "devices" => {}
                other => panic!("an act that nobody performs: {other}"),
            }
        }
    }

    fn ask(&mut self, text: &str, recorded: Option<&str>) -> Differences {
        let known: Option<Value> = recorded.map(|text| serde_json::from_str(text).expect("JSON"));
        if let Some(known) = &known {
            let text = |name: &str| known[name].as_str().expect("text").to_owned();
            self.fake.settings_mut().local_address = text("Address");
            self.fake.settings_mut().server_name = text("Name");
        }
        let ours = self.fake.discovery_answer(text.as_bytes());
        let recorded = response(recorded.unwrap_or_default());
        let ours = http::Response::new(ours.unwrap_or_default());
        self.compare(&recorded, &ours)
    }

    fn perform(&mut self, exchange: &Exchange, recorded: &Answer) -> Differences {
        if let Some(phase) = phase_of(exchange, recorded) {
            self.fake.set_phase(phase);
        }
        let request = self.request(&exchange.send);
        let ours = self.fake.handle(Duration::from_secs_f64(exchange.at), &request);
        for (name, pointer) in &exchange.bind {
            let body: Value = serde_json::from_slice(ours.body()).unwrap_or_default();
            if let Some(value) = body.pointer(pointer).and_then(Value::as_str) {
                self.values.bind(name, value);
            }
        }
        self.compare(recorded, &ours)
    }

    fn compare(&mut self, recorded: &Answer, ours: &http::Response<Vec<u8>>) -> Differences {
        let version = self.fake.version();
        let mut comparison =
            Comparison { values: &mut self.values, version, differences: Vec::new() };
        comparison.compare(recorded, ours);
        comparison.differences
    }

    fn request(&self, sent: &Sent) -> Request<Vec<u8>> {
        let target = self.values.fill_in(&sent.target);
        let mut request = Request::new(self.values.fill_in(&sent.body).into_bytes());
        *request.method_mut() = sent.method.parse().expect("a method");
        *request.uri_mut() = target.parse().expect("a target");
        for (name, value) in &sent.headers {
            let value = if name == "Host" { self.host.clone() } else { self.values.fill_in(value) };
            let bytes = match &sent.header_bytes {
                Some(_) => value.chars().map(|byte| u8::try_from(byte).expect("Latin-1")).collect(),
                None => value.into_bytes(),
            };
            let name: HeaderName = name.parse().expect("a name");
            request.headers_mut().append(name, HeaderValue::from_bytes(&bytes).expect("a value"));
        }
        request
    }
}

/// How far the start had come, as far as the answer shows.
fn phase_of(exchange: &Exchange, answer: &Answer) -> Option<Phase> {
    let is_probe = exchange.send.target == "/System/Info/Public";
    let is_set_up = answer.header("Retry-After").is_some()
        || answer.body == "Degraded"
        || is_probe && answer.body.starts_with("{\"localAddress\"") && !answer.is_marked();
    if is_set_up {
        let knows = is_probe && answer.status == 200;
        return Some(if knows { Phase::SetUpServer } else { Phase::SetUpServerWaiting });
    }
    if answer.body.starts_with("Jellyfin Server is loading") {
        return Some(Phase::Loading);
    }
    (answer.status == 200 && exchange.send.target != "/System/Ping").then_some(Phase::Ready)
}

fn response(body: &str) -> Answer {
    Answer { status: 200, headers: Vec::new(), body: body.to_owned() }
}
