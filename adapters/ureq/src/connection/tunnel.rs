use std::io::{Read as _, Write as _};

use jellyfin_auth::Failure;
use jellyfin_auth_transport::{ProxyServer, TransportError};

use super::{Socket, Target};

/// More than any proxy's answer to CONNECT.
const LONGEST_HEAD: usize = 16 * 1024;
const MOST_HEADERS: usize = 64;

/// Asks `proxy`, to which `socket` is connected, for a tunnel to `target`.
pub(super) fn open(
    socket: &mut Socket,
    target: &Target,
    proxy: &ProxyServer,
) -> Result<(), TransportError> {
    let trouble = |error: std::io::Error| TransportError::from_connecting(&error);
    let authority = format!("{}:{}", target.host, target.port);
    let mut head = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n").into_bytes();
    if let Some(authorization) = proxy.authorization() {
        head.extend_from_slice(b"Proxy-Authorization: ");
        head.extend_from_slice(authorization.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    socket.write_all(&head).map_err(trouble)?;

    let mut answer = Vec::new();
    loop {
        let mut buffer = [0; 1024];
        let amount = socket.read(&mut buffer).map_err(trouble)?;
        answer.extend_from_slice(&buffer[..amount]);
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        match response.parse(&answer) {
            Ok(httparse::Status::Complete(_)) => {
                return match response.code {
                    Some(200..=299) => Ok(()),
                    Some(status) => Err(refused(format!("the proxy answered with {status}"))),
                    None => Err(refused("the proxy's answer has no status")),
                };
            }
            Ok(httparse::Status::Partial) if amount > 0 && answer.len() < LONGEST_HEAD => {}
            Ok(httparse::Status::Partial) => {
                return Err(refused("the proxy gave no complete answer"));
            }
            Err(_) => return Err(refused("the proxy's answer is no HTTP")),
        }
    }
}

fn refused(said: impl Into<String>) -> TransportError {
    TransportError::new(Failure::Proxy, said)
}
