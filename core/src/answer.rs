//! An answer, reduced to what a verdict needs.

use std::time::Duration;

use http::{HeaderMap, HeaderName, Response, StatusCode, header};

/// What the main server puts on every answer and nothing in front of it does (protocol facts,
/// section 8.7).
const SIGNATURE: HeaderName = HeaderName::from_static("x-response-time-ms");

/// The longest `Retry-After` that is honoured.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// The longest authentication scheme that is told.
const LONGEST_SCHEME: usize = 32;

/// A response as the flows see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'r> {
    status: StatusCode,
    headers: &'r HeaderMap,
    body: &'r [u8],
}

impl<'r> Answer<'r> {
    pub(crate) fn new<B: AsRef<[u8]>>(response: &'r Response<B>) -> Self {
        Self {
            status: response.status(),
            headers: response.headers(),
            body: response.body().as_ref(),
        }
    }

    pub(crate) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    pub(crate) fn is_success(&self) -> bool {
        self.status.is_success()
    }

    pub(crate) fn is_redirect(&self) -> bool {
        self.status.is_redirection()
    }

    pub(crate) fn is_server_error(&self) -> bool {
        self.status.is_server_error()
    }

    pub(crate) fn body(&self) -> &'r [u8] {
        self.body
    }

    /// Whether the main Jellyfin server spoke. Diagnosis only, never a reason to trust.
    pub(crate) fn is_signed(&self) -> bool {
        self.headers.contains_key(SIGNATURE)
    }

    /// What Kestrel says before Jellyfin runs, and so without signing.
    pub(crate) fn is_below_jellyfin(&self) -> bool {
        matches!(self.status(), 400 | 408 | 414 | 431)
    }

    pub(crate) fn location(&self) -> Option<&'r [u8]> {
        self.headers.get(header::LOCATION).map(http::HeaderValue::as_bytes)
    }

    pub(crate) fn has_retry_after(&self) -> bool {
        self.headers.contains_key(header::RETRY_AFTER)
    }

    /// `Retry-After` in seconds, up to a minute. A date needs a clock and counts as not told.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let text = self.headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // More digits than a u64 holds are longer than a minute, too.
        digits.then(|| {
            text.parse().map_or(LONGEST_RETRY_AFTER, Duration::from_secs).min(LONGEST_RETRY_AFTER)
        })
    }

    /// The scheme of a challenge, which a proxy sends with 401 or 407 and Jellyfin never does.
    pub(crate) fn challenge(&self) -> Option<String> {
        let name = match self.status() {
            401 if self.headers.contains_key(header::WWW_AUTHENTICATE) => header::WWW_AUTHENTICATE,
            401 | 407 => header::PROXY_AUTHENTICATE,
            _ => return None,
        };
        let challenge = self.headers.get(name)?.as_bytes();
        let scheme: String = challenge
            .iter()
            .map(|&byte| char::from(byte))
            .take_while(|next| next.is_ascii_alphanumeric() || "-._".contains(*next))
            .take(LONGEST_SCHEME)
            .collect();
        Some(if scheme.is_empty() { "an unknown scheme".to_owned() } else { scheme })
    }
}
