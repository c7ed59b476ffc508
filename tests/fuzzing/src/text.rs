//! How a fuzzer's bytes are read: as text, of which every piece means something.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue, Response, StatusCode};

/// What `input` sets, a line each: `name=value`. A line without a name has one of `names`, by its first
/// byte; the value of `text` is all that is left.
pub(crate) fn settings<'i>(
    mut input: &'i [u8],
    names: &[&'static str],
) -> Vec<(Cow<'i, str>, &'i [u8])> {
    const MOST: usize = 100;
    let mut settings = Vec::new();
    while !input.is_empty() && settings.len() < MOST {
        if let Some(text) = input.strip_prefix(b"text=") {
            settings.push((Cow::from("text"), text));
            break;
        }
        let (line, rest) = split_at(input, b"\n");
        settings.push(match (split_at(line, b"="), line) {
            ((name, value), _) if name.len() < line.len() => (String::from_utf8_lossy(name), value),
            (_, [first, value @ ..]) => {
                (Cow::from(names[usize::from(*first) % names.len()]), value)
            }
            (_, []) => (Cow::from(names[0]), line),
        });
        input = rest;
    }
    settings
}

/// A number, or the first byte in its place.
pub(crate) fn number(value: &[u8]) -> u64 {
    let written = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
    written.unwrap_or_else(|| value.first().copied().unwrap_or_default().into())
}

/// An HTTP answer as text: `200 marked`, then header lines, an empty line and the body.
///
/// What can't be read is left out: a fuzzer's every input is some answer.
pub(crate) fn response(message: &[u8]) -> Response<Vec<u8>> {
    let (head, body) = split_at(message, b"\n\n");
    let mut response = Response::new(body.to_vec());
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = String::from_utf8_lossy(lines.next().unwrap_or_default());
    let mut words = first.split(' ');
    let status = words.next().and_then(|word| word.parse().ok()).unwrap_or(200);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    if words.next() == Some("marked") {
        mark(&mut response);
    }
    for line in lines {
        let (name, value) = split_at(line, b": ");
        add_header(&mut response, name, value);
    }
    response
}

/// The main server marks its answers.
pub(crate) fn mark(response: &mut Response<Vec<u8>>) {
    response.headers_mut().insert("x-response-time-ms", HeaderValue::from_static("1.2345"));
}

/// Adds a header, if it can be one.
pub(crate) fn add_header(response: &mut Response<Vec<u8>>, name: &[u8], value: &[u8]) {
    let header = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value));
    if let (Ok(name), Ok(value)) = header {
        // A map of headers has a largest size, and a server's limits are far below it.
        if response.headers().len() < 100 {
            response.headers_mut().append(name, value);
        }
    }
}

/// What stands before the first `mark`, and what behind it.
pub(crate) fn split_at<'b>(bytes: &'b [u8], mark: &[u8]) -> (&'b [u8], &'b [u8]) {
    match bytes.windows(mark.len()).position(|window| window == mark) {
        Some(at) => (&bytes[..at], &bytes[at + mark.len()..]),
        None => (bytes, &[]),
    }
}
