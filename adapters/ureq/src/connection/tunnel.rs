use std::io::{Read as _, Write as _};

use jellyfin_auth::Failure;
use jellyfin_auth_transport::{ProxyServer, TransportError, WipedBytes};

use super::{Socket, Target};

/// More than any proxy's response to CONNECT.
const LONGEST_HEAD: usize = 16 * 1024;
const MOST_HEADERS: usize = 64;

/// Asks `proxy`, to which `socket` is connected, for a tunnel to `target`.
pub(super) fn open(
    socket: &mut Socket,
    target: &Target,
    proxy: &ProxyServer,
) -> Result<(), TransportError> {
    let failed = |error: std::io::Error| TransportError::from_connecting(&error);
    let authority = format!("{}:{}", target.host, target.port);
    let mut head = WipedBytes::new();
    head.extend(format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n").as_bytes());
    if let Some(authorization) = proxy.authorization() {
        head.extend(b"Proxy-Authorization: ");
        head.extend(authorization.as_bytes());
        head.extend(b"\r\n");
    }
    head.extend(b"\r\n");
    socket.write_all(head.as_ref()).map_err(failed)?;

    let mut head = Vec::new();
    loop {
        let mut buffer = [0; 1024];
        let amount = socket.read(&mut buffer).map_err(failed)?;
        head.extend_from_slice(&buffer[..amount]);
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        match response.parse(&head) {
            Ok(httparse::Status::Complete(length)) => {
                return match response.code {
                    Some(200..=299) if length == head.len() => Ok(()),
                    // A TLS server sends nothing before it is asked.
                    Some(200..=299) => {
                        Err(refused("something sends data behind the proxy before it is asked"))
                    }
                    Some(status) => Err(refused(format!("the proxy answered with {status}"))),
                    None => Err(refused("the proxy's response has no status")),
                };
            }
            Ok(httparse::Status::Partial) if amount > 0 && head.len() < LONGEST_HEAD => {}
            Ok(httparse::Status::Partial) => {
                return Err(refused("the proxy's response is incomplete"));
            }
            Err(_) => return Err(refused("the proxy's response is no HTTP")),
        }
    }
}

fn refused(text: impl Into<String>) -> TransportError {
    TransportError::new(Failure::Proxy, text)
}
