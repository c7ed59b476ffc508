//! Building requests: what every one of them carries.

use http::{HeaderValue, Method, Request, Uri, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Device, ServerUrl, Session};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const NOTHING: HeaderValue = HeaderValue::from_static("0");

/// All but what RFC 3986 never reserves (section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A GET; without `authorization` for the probe alone, which shows nobody who asks.
pub(super) fn get(
    server: &ServerUrl,
    device: &Device,
    path: &str,
    authorization: Option<&HeaderValue>,
) -> Request<Vec<u8>> {
    get_at(server.endpoint(path), device, authorization)
}

/// A GET at an address of its own.
pub(super) fn get_at(
    uri: Uri,
    device: &Device,
    authorization: Option<&HeaderValue>,
) -> Request<Vec<u8>> {
    build(Method::GET, uri, device, authorization, Vec::new())
}

/// A GET with a session's token, and with the headers of a gateway in front of its server.
pub(super) fn get_with_token(session: &Session, path: &str) -> Request<Vec<u8>> {
    let mut request = get(session.server(), session.device(), path, None);
    session.authorize(&mut request);
    request
}

/// A POST with a JSON body.
pub(super) fn post_json(
    server: &ServerUrl,
    device: &Device,
    path: &str,
    body: Vec<u8>,
) -> Request<Vec<u8>> {
    let authorization = Some(device.authorization());
    let mut request = build(Method::POST, server.endpoint(path), device, authorization, body);
    request.headers_mut().insert(header::CONTENT_TYPE, JSON);
    request
}

/// A POST without a body. Some HTTP stacks send no length then, and some proxies refuse that.
pub(super) fn post_nothing(
    server: &ServerUrl,
    device: &Device,
    path: &str,
    authorization: &HeaderValue,
) -> Request<Vec<u8>> {
    let mut request =
        build(Method::POST, server.endpoint(path), device, Some(authorization), Vec::new());
    request.headers_mut().insert(header::CONTENT_LENGTH, NOTHING);
    request
}

/// A POST without a body, with a session's token and the headers of a gateway in front of its server.
pub(super) fn post_nothing_with_token(session: &Session, path: &str) -> Request<Vec<u8>> {
    let authorization = session.authorization();
    let mut request = post_nothing(session.server(), session.device(), path, &authorization);
    session.gateway_headers().add_to(&mut request);
    request
}

fn build(
    method: Method,
    uri: Uri,
    device: &Device,
    authorization: Option<&HeaderValue>,
    body: Vec<u8>,
) -> Request<Vec<u8>> {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    let headers = request.headers_mut();
    headers.reserve(4);
    headers.insert(header::ACCEPT, JSON);
    headers.insert(header::USER_AGENT, device.user_agent().clone());
    if let Some(authorization) = authorization {
        headers.insert(header::AUTHORIZATION, authorization.clone());
    }
    request
}

/// Appends `text` to a query, percent-encoded.
pub(crate) fn push_encoded(query: &mut String, text: &str) {
    // Nearly always there is nothing to encode.
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        query.push_str(text);
    } else {
        query.extend(utf8_percent_encode(text, RESERVED));
    }
}

/// A JSON object of texts. Its buffer is sized for the worst case beforehand, so that growing leaves
/// no copy of a secret behind.
pub(super) fn json_body(properties: &[(&str, &str)]) -> Vec<u8> {
    /// `\u0000`: what an escape takes at most.
    const LONGEST_ESCAPE: usize = 6;
    let length: usize = properties.iter().map(|(name, text)| name.len() + text.len() + 2).sum();
    let mut body = Vec::with_capacity(LONGEST_ESCAPE * length + 2);
    body.push(b'{');
    for (index, (name, text)) in properties.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        push_json(&mut body, name);
        body.push(b':');
        push_json(&mut body, text);
    }
    body.push(b'}');
    body
}

fn push_json(body: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(body, text).expect("text can always be written to memory as JSON");
}
