//! What no recording shows: the versions that were not recorded, and the order of rules.

mod answers;
mod caller;
mod login;
mod phases;
mod quick_connect;
mod quick_connect_10_7;

use std::time::Duration;

use http::{Request, Response};
use serde_json::Value;

use super::{FakeServer, Version};

const FIELDS: &str = r#"MediaBrowser Client="App", Device="PC", DeviceId="d-1", Version="1.0""#;

/// A client that asks a server at a time.
struct Client {
    server: FakeServer,
    seconds: u64,
    authorization: String,
}

/// An answer, with its body read.
#[derive(Debug)]
struct Answer {
    response: Response<Vec<u8>>,
    status: u16,
    json: Value,
}

impl Answer {
    fn text(&self, pointer: &str) -> &str {
        self.json.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }

    fn body(&self) -> &str {
        std::str::from_utf8(self.response.body()).expect("UTF-8")
    }
}

impl Client {
    fn of(version: Version) -> Self {
        let mut server = FakeServer::new(version);
        server.add_user("alice", "pw");
        server.add_user("bob", "pw");
        Self { server, seconds: 0, authorization: FIELDS.to_owned() }
    }

    fn authorization(&mut self, fields: &str) -> &mut Self {
        fields.clone_into(&mut self.authorization);
        self
    }

    fn with_token(&mut self, token: &str) -> &mut Self {
        self.authorization(&format!(r#"{FIELDS}, Token="{token}""#))
    }

    fn device(&mut self, id: &str) -> &mut Self {
        self.authorization(&FIELDS.replace("d-1", id))
    }

    fn now(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    fn send(&mut self, method: &str, target: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(target)
            .header("Host", "nas")
            .header("Authorization", &self.authorization)
            .header("Content-Type", "application/json")
            .body(body.into())
            .expect("a request");
        let response = self.server.handle(self.now(), &request);
        let json = serde_json::from_slice(response.body()).unwrap_or_default();
        Answer { status: response.status().as_u16(), json, response }
    }

    fn get(&mut self, target: &str) -> Answer {
        self.send("GET", target, "")
    }

    fn post(&mut self, target: &str) -> Answer {
        self.send("POST", target, "")
    }

    fn login(&mut self, user: &str, password: &str) -> Answer {
        let body = serde_json::json!({ "Username": user, "Pw": password }).to_string();
        self.send("POST", "/Users/AuthenticateByName", &body)
    }

    /// A login that succeeds; gives the token.
    fn token(&mut self, user: &str) -> String {
        let answer = self.login(user, "pw");
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.text("/AccessToken").to_owned()
    }
}
