//! Requests as bytes, and bytes as answers.

use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, header};
use jellyfin_auth::Failure;

use super::line::Line;

pub(super) const MOST_HEAD: usize = 64 * 1024;

pub(super) fn to_bytes(request: &Request<Vec<u8>>) -> Vec<u8> {
    let uri = request.uri();
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let host = uri.authority().map_or("", |authority| authority.as_str());
    let line = format!("{} {target} HTTP/1.1\r\nHost: {host}\r\n", request.method());
    let mut bytes = format!("{line}Connection: close\r\n").into_bytes();
    for (name, value) in request.headers() {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    if !request.body().is_empty() {
        bytes.extend(format!("Content-Length: {}\r\n", request.body().len()).as_bytes());
    }
    bytes.extend(b"\r\n");
    bytes.extend(request.body());
    bytes
}

/// Its length, and what it says.
pub(super) type Head = (usize, Response<Vec<u8>>);

/// The head at the beginning of `read`, when it is complete.
pub(super) fn head(read: &[u8]) -> Result<Option<Head>, Failure> {
    let mut headers = [httparse::EMPTY_HEADER; 128];
    let mut head = httparse::Response::new(&mut headers);
    let end = match head.parse(read) {
        Ok(httparse::Status::Complete(end)) => end,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Failure::TooLarge),
        Err(_) => return Err(Failure::Other),
    };
    let mut response = Response::builder().status(head.code.unwrap_or_default());
    for header in head.headers {
        let name = HeaderName::from_bytes(header.name.as_bytes());
        let value = HeaderValue::from_bytes(header.value);
        response =
            response.header(name.map_err(|_| Failure::Other)?, value.map_err(|_| Failure::Other)?);
    }
    Ok(Some((end, response.body(Vec::new()).map_err(|_| Failure::Other)?)))
}

/// The body, of which `read` is the beginning.
pub(super) fn body(
    response: &Response<Vec<u8>>,
    mut read: Vec<u8>,
    most: usize,
    line: &mut Line<impl FnMut() -> bool>,
) -> Result<Vec<u8>, Failure> {
    if matches!(response.status().as_u16(), 204 | 304) {
        return Ok(Vec::new());
    }
    if response.headers().contains_key(header::TRANSFER_ENCODING) {
        return chunks(read, most, line);
    }
    let length = length(response.headers())?;
    if length.is_some_and(|length| length > most) {
        return Err(Failure::TooLarge);
    }
    while length.is_none_or(|length| read.len() < length) {
        if read.len() > most {
            return Err(Failure::TooLarge);
        }
        if line.more(&mut read)?.is_none() {
            return if length.is_none() { Ok(read) } else { Err(Failure::Interrupted) };
        }
    }
    read.truncate(length.unwrap_or(most));
    Ok(read)
}

fn length(headers: &HeaderMap) -> Result<Option<usize>, Failure> {
    let mut lengths = headers.get_all(header::CONTENT_LENGTH).iter();
    let Some(length) = lengths.next() else { return Ok(None) };
    let length = length.to_str().ok().and_then(|length| length.parse().ok());
    if lengths.next().is_some() || length.is_none() { Err(Failure::Other) } else { Ok(length) }
}

/// A body in chunks. The connection ends with it, so that nobody needs to find the trailers' end.
fn chunks(
    mut read: Vec<u8>,
    most: usize,
    line: &mut Line<impl FnMut() -> bool>,
) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    loop {
        match httparse::parse_chunk_size(&read).map_err(|_| Failure::Other)? {
            httparse::Status::Complete((_, 0)) => return Ok(body),
            httparse::Status::Complete((start, size)) => {
                let size = usize::try_from(size).unwrap_or(usize::MAX);
                if size > most - body.len() {
                    return Err(Failure::TooLarge);
                }
                // The chunk's end is marked by two bytes.
                while read.len() < start + size + 2 {
                    line.more(&mut read)?.ok_or(Failure::Interrupted)?;
                }
                body.extend_from_slice(&read[start..start + size]);
                read.drain(..start + size + 2);
            }
            httparse::Status::Partial => {
                line.more(&mut read)?.ok_or(Failure::Interrupted)?;
            }
        }
    }
}
