//! A connection that keeps a deadline and can be given up.

use std::{
    io::{ErrorKind, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    time::{Duration, Instant},
};

use jellyfin_auth::Failure;

/// How late giving up is noticed.
const TICK: Duration = Duration::from_millis(20);

/// A connection, the time when its exchange must be over, and whether anybody still wants it.
pub(super) struct Line<C> {
    stream: TcpStream,
    deadline: Instant,
    cancelled: C,
}

impl<C: FnMut() -> bool> Line<C> {
    pub(super) fn connect(
        uri: &http::Uri,
        deadline: Instant,
        cancelled: C,
    ) -> Result<Self, Failure> {
        let host = uri.host().filter(|_| uri.scheme_str() == Some("http")).ok_or(Failure::Tls)?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let addresses = (host, uri.port_u16().unwrap_or(80)).to_socket_addrs();
        let stream = addresses
            .map_err(|_| Failure::Unreachable)?
            .find_map(|address| {
                let left = deadline.checked_duration_since(Instant::now())?;
                TcpStream::connect_timeout(&address, left).ok()
            })
            .ok_or(Failure::Unreachable)?;
        Ok(Self { stream, deadline, cancelled })
    }

    pub(super) fn send(&mut self, mut bytes: &[u8]) -> Result<(), Failure> {
        while !bytes.is_empty() {
            let sent = self.try_for_a_tick(|stream| stream.write(bytes))?;
            bytes = &bytes[sent.unwrap_or_default()..];
        }
        Ok(())
    }

    /// Reads what comes. `None` at the end.
    pub(super) fn more(&mut self, read: &mut Vec<u8>) -> Result<Option<()>, Failure> {
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
