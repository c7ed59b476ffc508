//! The least that a program would write by hand: format the request, read the few fields. No waits,
//! no errors, no secrets to guard.

use std::{hint::black_box, time::Duration};

use http::{HeaderValue, Request, header};
use serde::{Deserialize, Serialize};

use crate::{Answer, CLIENT, DEVICE, DEVICE_ID, PASSWORD, SECRET, SERVER, USER, VERSION};

/// What many sign-ins share: the headers' values.
#[derive(Debug)]
pub struct Shared {
    server: String,
    authorization: HeaderValue,
    user_agent: HeaderValue,
}

/// What the probe returns.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(dead_code, reason = "what counts is that they are read from the answer")]
pub struct ServerInfo {
    id: String,
    version: String,
    server_name: Option<String>,
    startup_wizard_completed: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Credentials<'a> {
    username: &'a str,
    pw: &'a str,
}

/// What a sign-in yields.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(dead_code, reason = "what counts is that they are read from the answer")]
pub struct Authentication {
    access_token: String,
    user: User,
    server_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(dead_code, reason = "what counts is that they are read from the answer")]
struct User {
    id: String,
    name: Option<String>,
    has_password: Option<bool>,
    primary_image_tag: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QuickConnectResult {
    authenticated: bool,
}

/// A Quick Connect that waits.
#[derive(Debug)]
pub struct Pending {
    secret: String,
    code: String,
    next: Duration,
}

impl Default for Shared {
    fn default() -> Self {
        let authorization = format!(
            r#"MediaBrowser Client="{CLIENT}", Device="{DEVICE}", DeviceId="{DEVICE_ID}", Version="{VERSION}""#
        );
        let user_agent = format!("{CLIENT}/{VERSION}");
        let mut authorization: HeaderValue = authorization.try_into().expect("ASCII");
        authorization.set_sensitive(true);
        let user_agent: HeaderValue = user_agent.try_into().expect("ASCII");
        // What is made on first use has been made.
        drop((authorization.clone(), user_agent.clone()));
        Self { server: SERVER.to_owned(), authorization, user_agent }
    }
}

impl Shared {
    /// The same, for a server at another address.
    #[must_use]
    pub fn at(server: String) -> Self {
        Self { server, ..Self::default() }
    }

    /// Probe and password, from nothing to the session's fields.
    #[must_use]
    pub fn password_login(&self, [info, answer]: [Answer; 2]) -> (ServerInfo, Authentication) {
        drop(black_box(self.probe_request()));
        assert_eq!(info.status(), 200);
        let info = read_info(info.body());
        drop(black_box(self.password_request()));
        assert_eq!(answer.status(), 200);
        (info, read_authentication(answer.body()))
    }

    /// Asks who the server is.
    #[must_use]
    pub fn probe_request(&self) -> Request<Vec<u8>> {
        Request::get(format!("{}/System/Info/Public", self.server))
            .header(header::ACCEPT, HeaderValue::from_static("application/json"))
            .header(header::USER_AGENT, self.user_agent.clone())
            .body(Vec::new())
            .expect("a request")
    }

    /// Signs in.
    #[must_use]
    pub fn password_request(&self) -> Request<Vec<u8>> {
        let body = serde_json::to_vec(&Credentials { username: USER, pw: PASSWORD });
        Request::post(format!("{}/Users/AuthenticateByName", self.server))
            .header(header::ACCEPT, HeaderValue::from_static("application/json"))
            .header(header::USER_AGENT, self.user_agent.clone())
            .header(header::AUTHORIZATION, self.authorization.clone())
            .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(body.expect("JSON"))
            .expect("a request")
    }

    /// A Quick Connect that shows its code since `now`.
    #[must_use]
    pub fn pending(&self, now: Duration) -> Pending {
        let next = now + Duration::from_secs(5);
        Pending { secret: SECRET.to_owned(), code: "482913".to_owned(), next }
    }

    /// The request's own parts: what a poll can't do without.
    #[must_use]
    pub fn poll_request(&self, pending: &Pending) -> Request<Vec<u8>> {
        Request::get(format!("{}/QuickConnect/Connect?secret={}", self.server, pending.secret))
            .header(header::ACCEPT, HeaderValue::from_static("application/json"))
            .header(header::USER_AGENT, self.user_agent.clone())
            .header(header::AUTHORIZATION, self.authorization.clone())
            .body(Vec::new())
            .expect("a request")
    }

    /// One round: it still waits and shows the code, then it asks, then it learns that the code was
    /// not approved yet.
    pub fn poll_round(&self, pending: &mut Pending, now: Duration, answer: Answer) {
        let left = pending.next.checked_sub(now).expect("it still waits");
        drop(black_box((left, pending.code.clone())));
        let now = now + Duration::from_secs(5);
        assert!(now >= pending.next);
        drop(black_box(self.poll_request(pending)));
        assert_eq!(answer.status(), 200);
        let result: QuickConnectResult = serde_json::from_slice(answer.body()).expect("a state");
        assert!(!result.authenticated);
        pending.next = now + Duration::from_secs(5);
        drop(answer);
    }
}

/// Reads the answer to the probe.
#[must_use]
pub fn read_info(body: &[u8]) -> ServerInfo {
    serde_json::from_slice(body).expect("a server")
}

/// Reads the answer to the password.
#[must_use]
pub fn read_authentication(body: &[u8]) -> Authentication {
    serde_json::from_slice(body).expect("a sign-in")
}
