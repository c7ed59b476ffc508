//! Answers as servers, proxies and captive portals give them.

use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;

/// An answer of the main Jellyfin server: it carries `X-Response-Time-ms`.
///
/// # Panics
///
/// When `status` is none.
#[must_use]
pub fn marked(status: u16) -> Response<Vec<u8>> {
    unmarked(status).with_header("x-response-time-ms", "1.2345")
}

/// An answer of anything else.
///
/// # Panics
///
/// When `status` is none.
#[must_use]
pub fn unmarked(status: u16) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = StatusCode::from_u16(status).expect("a status has three digits");
    response
}

/// The main server's answer to the probe.
#[must_use]
pub fn server_info(id: &str, version: &str) -> Response<Vec<u8>> {
    marked(200).with_json(&serde_json::json!({
        "LocalAddress": "http://192.0.2.7:8096", "ServerName": "nas", "Version": version,
        "ProductName": "Jellyfin Server", "OperatingSystem": "", "Id": id,
        "StartupWizardCompleted": true,
    }))
}

/// The main server's answer to a sign-in.
#[must_use]
pub fn authentication(token: &str, user_id: &str, server_id: &str) -> Response<Vec<u8>> {
    marked(200).with_json(&serde_json::json!({
        "User": { "Name": "alice", "ServerId": server_id, "Id": user_id },
        "SessionInfo": {}, "AccessToken": token, "ServerId": server_id,
    }))
}

/// The main server's answer to Initiate (`authenticated: false`) and to polls.
#[must_use]
pub fn quick_connect(code: &str, secret: &str, authenticated: bool) -> Response<Vec<u8>> {
    marked(200).with_json(&serde_json::json!({
        "Authenticated": authenticated, "Secret": secret, "Code": code, "DeviceId": "d-1",
        "DeviceName": "Test", "AppName": "Example", "AppVersion": "1.0",
        "DateAdded": "2026-08-22T17:14:15.1234567Z",
    }))
}

/// Builds answers in one expression.
pub trait ResponseExt: Sized {
    /// Adds a header.
    #[must_use]
    fn with_header(self, name: &str, value: &str) -> Self;

    /// Sets the body to JSON, with its content type.
    #[must_use]
    fn with_json(self, body: &Value) -> Self;

    /// Sets the body to a page, with its content type.
    #[must_use]
    fn with_html(self, page: &str) -> Self;

    /// Sets the body alone.
    #[must_use]
    fn with_body(self, body: &[u8]) -> Self;
}

impl ResponseExt for Response<Vec<u8>> {
    fn with_header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a test names headers that exist");
        let value = HeaderValue::from_str(value).expect("a test's header values are ASCII");
        self.headers_mut().append(name, value);
        self
    }

    fn with_json(self, body: &Value) -> Self {
        self.with_body(body.to_string().as_bytes())
            .with_header("content-type", "application/json; charset=utf-8")
    }

    fn with_html(self, page: &str) -> Self {
        self.with_body(page.as_bytes()).with_header("content-type", "text/html")
    }

    fn with_body(mut self, body: &[u8]) -> Self {
        *self.body_mut() = body.to_vec();
        self
    }
}
