//! The smallest driver: `std::net::TcpStream` and `httparse`. http only, one connection a request.

use std::{
    io::{ErrorKind, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, header};
use jellyfin_auth::{Error, Failure, Login, Session, Step, Timestamp, Wait};

/// What the user wants meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Give up.
    Cancel,
    /// Look now.
    CheckNow,
}

/// Runs a login to its end; `show` gets each wait, with the code.
///
/// # Errors
///
/// What the login ended with.
pub fn sign_in(
    mut login: Login,
    commands: &Receiver<Command>,
    mut show: impl FnMut(&Wait),
) -> Result<Session, Error> {
    let start = Instant::now();
    loop {
        match login.poll(Timestamp::new(start.elapsed()))? {
            Step::Done(session) => return Ok(session),
            Step::Pending => unreachable!("every request is answered before the next poll"),
            Step::Wait(wait) => {
                show(&wait);
                match commands.recv_timeout(wait.delay()) {
                    Ok(Command::Cancel) | Err(RecvTimeoutError::Disconnected) => login.cancel(),
                    Ok(Command::CheckNow) => drop(login.check_now()),
                    Err(RecvTimeoutError::Timeout) => {}
                }
            }
            Step::Send(request) => {
                let limits = (request.timeout(), request.max_body());
                let (request, ticket) = request.into_parts();
                let mut cancelled = false;
                let answer = exchange(&request, limits, || {
                    cancelled |= commands.try_iter().any(|one| one == Command::Cancel);
                    cancelled
                });
                if cancelled {
                    login.cancel();
                } else {
                    let told = match answer {
                        Ok(response) => login.handle_response(ticket, response),
                        Err(failure) => login.handle_failure(ticket, failure),
                    };
                    told.expect("the login waits for the ticket of its last request");
                }
            }
        }
    }
}

/// Sends a request and reads the answer, in the time and up to the size that `limits` say.
///
/// # Errors
///
/// What to tell the login in place of an answer.
pub fn exchange(
    request: &Request<Vec<u8>>,
    limits: (Duration, usize),
    cancelled: impl FnMut() -> bool,
) -> Result<Response<Vec<u8>>, Failure> {
    let deadline = Instant::now() + limits.0;
    let mut line = Line { stream: connect(request.uri(), deadline)?, deadline, cancelled };
    line.send(&to_bytes(request))?;
    let mut read = Vec::new();
    let mut response = loop {
        match head(&read)? {
            Some((end, response)) => {
                read.drain(..end);
                match response.status().as_u16() {
                    101 => return Err(Failure::Other),
                    100..200 => {}
                    _ => break response,
                }
            }
            None if read.len() > MOST_HEAD => return Err(Failure::TooLarge),
            None => drop(line.more(&mut read)?.ok_or(Failure::Interrupted)?),
        }
    };
    *response.body_mut() = body(&response, read, limits.1, &mut line)?;
    Ok(response)
}

const MOST_HEAD: usize = 64 * 1024;
/// How late cancelling is noticed.
const TICK: Duration = Duration::from_millis(20);

fn connect(uri: &http::Uri, deadline: Instant) -> Result<TcpStream, Failure> {
    let host = uri.host().filter(|_| uri.scheme_str() == Some("http")).ok_or(Failure::Tls)?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let addresses = (host, uri.port_u16().unwrap_or(80)).to_socket_addrs();
    addresses
        .map_err(|_| Failure::Unreachable)?
        .find_map(|address| {
            let left = deadline.checked_duration_since(Instant::now())?;
            TcpStream::connect_timeout(&address, left).ok()
        })
        .ok_or(Failure::Unreachable)
}

fn to_bytes(request: &Request<Vec<u8>>) -> Vec<u8> {
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
type Head = (usize, Response<Vec<u8>>);

/// The head at the beginning of `read`, when it is complete.
fn head(read: &[u8]) -> Result<Option<Head>, Failure> {
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
fn body(
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

/// A connection, the time when its exchange must be over, and whether anybody still wants it.
struct Line<C> {
    stream: TcpStream,
    deadline: Instant,
    cancelled: C,
}

impl<C: FnMut() -> bool> Line<C> {
    fn send(&mut self, mut bytes: &[u8]) -> Result<(), Failure> {
        while !bytes.is_empty() {
            let sent = self.try_for_a_tick(|stream| stream.write(bytes))?;
            bytes = &bytes[sent.unwrap_or_default()..];
        }
        Ok(())
    }

    /// Reads what comes. `None` at the end.
    fn more(&mut self, read: &mut Vec<u8>) -> Result<Option<()>, Failure> {
        let mut bytes = [0; 8192];
        loop {
            match self.try_for_a_tick(|stream| stream.read(&mut bytes))? {
                None => {}
                Some(0) => return Ok(None),
                Some(count) => {
                    read.extend_from_slice(&bytes[..count]);
                    return Ok(Some(()));
                }
            }
        }
    }

    /// `None` when nothing happened for a while.
    fn try_for_a_tick(
        &mut self,
        io: impl FnOnce(&mut TcpStream) -> std::io::Result<usize>,
    ) -> Result<Option<usize>, Failure> {
        if (self.cancelled)() {
            return Err(Failure::Interrupted);
        }
        if Instant::now() >= self.deadline {
            return Err(Failure::Timeout);
        }
        let set = self.stream.set_read_timeout(Some(TICK));
        let set = set.and_then(|()| self.stream.set_write_timeout(Some(TICK)));
        set.map_err(|_| Failure::Interrupted)?;
        match io(&mut self.stream) {
            Ok(count) => Ok(Some(count)),
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => Ok(None),
                _ => Err(Failure::Interrupted),
            },
        }
    }
}
