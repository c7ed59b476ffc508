//! The headers that show who answered, and what.

use std::time::Duration;

use http::{HeaderMap, HeaderName, header};

/// What the main server puts on every response and nothing in front of it does (protocol facts,
/// section 8.7).
const SERVER_MARKER: HeaderName = HeaderName::from_static("x-response-time-ms");

/// The longest `Retry-After` that is honoured.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// The longest authentication scheme that is kept.
const LONGEST_SCHEME: usize = 32;

pub(super) fn has_server_marker(headers: &HeaderMap) -> bool {
    headers.contains_key(SERVER_MARKER)
}

pub(super) fn location(headers: &HeaderMap) -> Option<&[u8]> {
    headers.get(header::LOCATION).map(http::HeaderValue::as_bytes)
}

pub(super) fn has_retry_after(headers: &HeaderMap) -> bool {
    headers.contains_key(header::RETRY_AFTER)
}

/// `Retry-After` in seconds, up to a minute. A date needs a clock and counts as absent.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // More digits than a u64 holds are longer than a minute, too.
    digits.then(|| {
        text.parse().map_or(LONGEST_RETRY_AFTER, Duration::from_secs).min(LONGEST_RETRY_AFTER)
    })
}

/// The scheme of a challenge, such as `Basic`: a proxy asks for a log-in of its own.
pub(super) fn challenge_scheme(headers: &HeaderMap) -> Option<String> {
    let challenge = headers.get(header::WWW_AUTHENTICATE);
    let challenge = challenge.or_else(|| headers.get(header::PROXY_AUTHENTICATE))?;
    let characters = challenge.as_bytes().iter().map(|&byte| char::from(byte));
    let scheme: String = characters
        .take_while(|next| next.is_ascii_alphanumeric() || "-._".contains(*next))
        .take(LONGEST_SCHEME)
        .collect();
    Some(if scheme.is_empty() { "an unknown scheme".to_owned() } else { scheme })
}
