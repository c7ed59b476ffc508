use std::fmt;

use jellyfin_auth::Failure;

use crate::{LONGEST_HEAD, ProxyServer, Target, TransportError, WipedBytes};

/// More lines than any proxy's response to CONNECT has.
const MOST_HEADERS: usize = 64;

/// For drivers: asking a proxy for a tunnel (`CONNECT`; RFC 9110, section 9.3.6), without I/O. Send the
/// [`request`](Self::request) and pass in what comes back.
pub struct Tunnel {
    request: WipedBytes,
    response: Vec<u8>,
}

impl Tunnel {
    /// A tunnel through `proxy` to `target`.
    #[must_use]
    pub fn new(proxy: &ProxyServer, target: &Target) -> Self {
        let authority = target.authority();
        let mut request = WipedBytes::new();
        request.extend(format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n").as_bytes());
        if let Some(authorization) = proxy.authorization() {
            request.extend(b"Proxy-Authorization: ");
            request.extend(authorization.as_bytes());
            request.extend(b"\r\n");
        }
        request.extend(b"\r\n");
        Self { request, response: Vec::new() }
    }

    /// What to send.
    #[must_use]
    pub fn request(&self) -> &[u8] {
        self.request.as_ref()
    }

    /// Takes in some bytes that the proxy sent; none are its end. Returns whether the tunnel is open: if
    /// not, read on.
    ///
    /// # Errors
    ///
    /// [`Failure::Proxy`] when the proxy refuses, or answers with what is none.
    pub fn read(&mut self, bytes: &[u8]) -> Result<bool, TransportError> {
        self.response.extend_from_slice(bytes);
        loop {
            let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
            let mut response = httparse::Response::new(&mut headers);
            let head = match response.parse(&self.response) {
                Ok(httparse::Status::Complete(length)) => length,
                Ok(httparse::Status::Partial)
                    if !bytes.is_empty() && self.response.len() < LONGEST_HEAD =>
                {
                    return Ok(false);
                }
                Ok(httparse::Status::Partial) => {
                    return Err(refused("the proxy's response is incomplete"));
                }
                Err(_) => return Err(refused("the proxy's response is no HTTP")),
            };
            match response.code.unwrap_or_default() {
                // It says something beforehand.
                100 | 102..=199 => drop(self.response.drain(..head)),
                200..=299 if head == self.response.len() => return Ok(true),
                // A TLS server sends nothing before it is asked.
                200..=299 => {
                    return Err(refused(
                        "something sends data behind the proxy before it is asked",
                    ));
                }
                status => return Err(refused(format!("the proxy answered with {status}"))),
            }
        }
    }
}

impl fmt::Debug for Tunnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tunnel").finish_non_exhaustive()
    }
}

fn refused(text: impl Into<String>) -> TransportError {
    TransportError::new(Failure::Proxy, text)
}
