use http::{HeaderName, HeaderValue, Response, StatusCode};

/// An HTTP answer as text: `200 marked`, then header lines, an empty line and the body.
///
/// What can't be read is left out: a fuzzer's every input is some answer.
pub(super) fn response(message: &[u8]) -> Response<Vec<u8>> {
    let (head, body) = split_at(message, b"\n\n");
    let mut response = Response::new(body.to_vec());
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = String::from_utf8_lossy(lines.next().unwrap_or_default());
    let mut words = first.split(' ');
    let status = words.next().and_then(|word| word.parse().ok()).unwrap_or(200);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    if words.next() == Some("marked") {
        let time = HeaderValue::from_static("1.2345");
        response.headers_mut().insert("x-response-time-ms", time);
    }
    for line in lines {
        let (name, value) = split_at(line, b": ");
        let header = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value));
        if let (Ok(name), Ok(value)) = header {
            // A map of headers has a largest size, and a server's limits are far below it.
            if response.headers().len() < 100 {
                response.headers_mut().append(name, value);
            }
        }
    }
    response
}

/// What stands before the first `mark`, and what behind it.
pub(super) fn split_at<'b>(bytes: &'b [u8], mark: &[u8]) -> (&'b [u8], &'b [u8]) {
    match bytes.windows(mark.len()).position(|window| window == mark) {
        Some(at) => (&bytes[..at], &bytes[at + mark.len()..]),
        None => (bytes, &[]),
    }
}
