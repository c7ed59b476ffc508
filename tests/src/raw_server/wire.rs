//! Answers as bytes, in every framing that servers use.

use std::fmt::Write as _;

use http::Response;

/// With its length announced.
#[must_use]
pub fn with_length(response: &Response<Vec<u8>>) -> Vec<u8> {
    let length = response.body().len();
    head(response, &format!("Content-Length: {length}\r\n")).chain(response.body())
}

/// In chunks, as Jellyfin itself answers.
#[must_use]
pub fn chunked(response: &Response<Vec<u8>>) -> Vec<u8> {
    chunks(response, "", "")
}

/// In chunks, with a chunk extension and trailers after the last one.
#[must_use]
pub fn chunked_with_trailers(response: &Response<Vec<u8>>) -> Vec<u8> {
    chunks(response, ";name=value", "X-Trailer: 1\r\nX-Other: 2\r\n")
}

/// Without a length: the body ends with the connection, which the caller must close.
#[must_use]
pub fn until_close(response: &Response<Vec<u8>>) -> Vec<u8> {
    head(response, "Connection: close\r\n").chain(response.body())
}

/// Status line and headers, then `more` header lines and the blank line.
#[must_use]
pub fn head(response: &Response<Vec<u8>>, more: &str) -> Vec<u8> {
    let status = response.status();
    let reason = status.canonical_reason().unwrap_or("Unknown");
    let mut head = format!("HTTP/1.1 {} {reason}\r\n", status.as_u16());
    for (name, value) in response.headers() {
        let value = String::from_utf8_lossy(value.as_bytes());
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head.push_str(more);
    head.push_str("\r\n");
    head.into_bytes()
}

fn chunks(response: &Response<Vec<u8>>, extension: &str, trailers: &str) -> Vec<u8> {
    let mut bytes = head(response, "Transfer-Encoding: chunked\r\n");
    // Small chunks: a reader that takes one read for one chunk fails.
    for chunk in response.body().chunks(7) {
        bytes.extend(format!("{:X}{extension}\r\n", chunk.len()).as_bytes());
        bytes.extend(chunk);
        bytes.extend(b"\r\n");
    }
    bytes.extend(format!("0\r\n{trailers}\r\n").as_bytes());
    bytes
}

trait Chain {
    fn chain(self, more: &[u8]) -> Self;
}

impl Chain for Vec<u8> {
    fn chain(mut self, more: &[u8]) -> Self {
        self.extend_from_slice(more);
        self
    }
}
