//! One connection of a raw server, on a thread of its own.

use std::{
    io::{self, Write as _},
    mem,
    net::{Shutdown, SocketAddr, TcpStream},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use super::{Closed, Conduct, Handshake, Move, RawRequest, Traffic, stream::Stream};

/// How often a blocked read looks whether the server was dropped.
const TICK: Duration = Duration::from_millis(25);
/// A client that takes nothing for so long is given up.
const LONGEST_WRITE: Duration = Duration::from_secs(10);

/// Two bytes announce the end of TLS (RFC 8446, section 6).
pub(crate) const CLOSE_NOTIFY_LENGTH: usize = 2;

/// Why a connection is over.
pub(super) enum Over {
    Client,
    Server,
    NoTls(String),
}

pub(super) fn serve(
    stream: TcpStream,
    number: usize,
    conduct: &Conduct,
    traffic: &Traffic,
    stopped: &AtomicBool,
) {
    let mut connection = Connection {
        stream: Box::new(stream),
        number,
        traffic,
        stopped,
        requests: 0,
        read: Vec::new(),
    };
    let over = connection.serve(conduct);
    // A client's end is recorded before the socket is given back, a server's end after it, so that
    // whoever reads of it there knows that it has happened.
    let now = Instant::now;
    match over {
        Over::Client => traffic.closed(number, Closed::ByClient(now())),
        Over::NoTls(why) => traffic.closed(number, Closed::WithoutTls(now(), why)),
        Over::Server => {
            drop(connection);
            traffic.closed(number, Closed::ByServer(now()));
        }
    }
}

struct Connection<'s> {
    stream: Box<dyn Stream>,
    number: usize,
    traffic: &'s Traffic,
    stopped: &'s AtomicBool,
    /// How many requests were read.
    requests: usize,
    /// Read, and not yet part of a request.
    read: Vec<u8>,
}

impl Connection<'_> {
    fn serve(&mut self, conduct: &Conduct) -> Over {
        match self.converse(conduct) {
            Ok(never) => match never {},
            Err(over) => over,
        }
    }

    fn converse(&mut self, conduct: &Conduct) -> Result<std::convert::Infallible, Over> {
        let socket = self.stream.socket();
        let set_up = socket
            .set_nodelay(true)
            .and_then(|()| socket.set_read_timeout(Some(TICK)))
            .and_then(|()| socket.set_write_timeout(Some(LONGEST_WRITE)));
        set_up.map_err(|_| Over::Client)?;
        self.make((conduct.greeting)(self.number))?;
        if let Some(handshake) = &conduct.tls {
            self.handshake(handshake)?;
        }
        loop {
            let request = self.request(conduct.longest_body)?;
            self.traffic.arrived(request.clone());
            self.make((conduct.answering)(&request))?;
        }
    }

    fn handshake(&mut self, handshake: &Handshake) -> Result<(), Over> {
        let socket = clone(self.stream.socket())?;
        self.stream = handshake(socket, &|| self.look_up())?;
        Ok(())
    }

    fn make(&mut self, moves: Vec<Move>) -> Result<(), Over> {
        moves.into_iter().try_for_each(|one| self.make_one(one))
    }

    fn make_one(&mut self, one: Move) -> Result<(), Over> {
        match one {
            Move::Send(bytes) => self.send(&bytes),
            Move::Drip { bytes, every } => bytes.iter().try_for_each(|byte| {
                self.send(&[*byte])?;
                if every.is_zero() { self.look_up() } else { self.watch(Some(every)) }
            }),
            Move::Forever(bytes) => loop {
                self.send(&bytes)?;
                self.look_up()?;
            },
            Move::Pause(time) => self.watch(Some(time)),
            Move::Hold => self.watch(None),
            Move::Ignore(time) => {
                thread::sleep(time);
                Ok(())
            }
            Move::Tunnel(to) => self.tunnel(to),
            Move::Close => {
                let _ = self.stream.close_notify();
                let _ = self.stream.socket().shutdown(Shutdown::Write);
                Err(Over::Server)
            }
            Move::Cut => Err(Over::Server),
            Move::CloseNotify => {
                self.stream.close_notify().map_err(|_| Over::Client)?;
                self.traffic.sent(self.number, CLOSE_NOTIFY_LENGTH);
                Ok(())
            }
            Move::SessionTickets => self.send_tickets(),
            Move::Reset => self.reset(),
        }
    }

    fn reset<T>(&self) -> Result<T, Over> {
        let socket = socket2::SockRef::from(self.stream.socket());
        let _ = socket.set_linger(Some(Duration::ZERO));
        Err(Over::Server)
    }

    fn send_tickets(&mut self) -> Result<(), Over> {
        let plain = clone(self.stream.socket())?;
        let tls = mem::replace(&mut self.stream, Box::new(plain));
        for record in tls.into_session_tickets().map_err(Over::NoTls)? {
            self.send(&record.map_err(Over::NoTls)?)?;
            self.look_up()?;
        }
        Ok(())
    }

    fn tunnel(&mut self, to: SocketAddr) -> Result<(), Over> {
        let here = self.stream.socket();
        let there = TcpStream::connect(to).map_err(|_| Over::Server)?;
        let (mut client, mut client_again) = (clone(here)?, clone(here)?);
        let (mut server, mut server_again) = (clone(&there)?, there);
        client.set_read_timeout(None).map_err(|_| Over::Server)?;
        server.write_all(&std::mem::take(&mut self.read)).map_err(|_| Over::Server)?;
        thread::scope(|scope| {
            scope.spawn(move || {
                let _ = io::copy(&mut server_again, &mut client_again);
                let _ = client_again.shutdown(Shutdown::Both);
            });
            let _ = io::copy(&mut client, &mut server);
            let _ = server.shutdown(Shutdown::Both);
        });
        Err(Over::Client)
    }

    fn send(&mut self, bytes: &[u8]) -> Result<(), Over> {
        let sent = self.stream.write_all(bytes);
        sent.and_then(|()| self.stream.flush()).map_err(|_| Over::Client)?;
        self.traffic.sent(self.number, bytes.len());
        Ok(())
    }

    /// Reads on until the time is over, to notice when the client goes.
    fn watch(&mut self, time: Option<Duration>) -> Result<(), Over> {
        let end = time.map(|time| Instant::now() + time);
        while end.is_none_or(|end| Instant::now() < end) {
            let left = end.map_or(TICK, |end| end.saturating_duration_since(Instant::now()));
            let shortest = Duration::from_millis(1);
            let _ = self.stream.socket().set_read_timeout(Some(left.clamp(shortest, TICK)));
            let read = self.read_some();
            let _ = self.stream.socket().set_read_timeout(Some(TICK));
            read?;
        }
        Ok(())
    }

    fn request(&mut self, longest_body: usize) -> Result<RawRequest, Over> {
        let head_end = loop {
            match find(&self.read, b"\r\n\r\n") {
                Some(end) => break end,
                None => self.read_some()?,
            }
        };
        let head = String::from_utf8_lossy(&self.read[..head_end]).into_owned();
        self.read.drain(..head_end + 4);
        let mut request = RawRequest {
            connection: self.number,
            earlier: self.requests,
            arrived: Instant::now(),
            head,
            body: Vec::new(),
        };
        let length = if request.header("transfer-encoding").is_empty() {
            let announced = request.header("content-length").first().copied().unwrap_or("0");
            let length = announced.parse().unwrap_or(0);
            while self.read.len() < length {
                if self.read.len() >= longest_body {
                    return self.reset();
                }
                self.read_some()?;
            }
            length
        } else {
            loop {
                match find(&self.read, b"0\r\n\r\n") {
                    Some(end) => break end + 5,
                    None => self.read_some()?,
                }
            }
        };
        request.body = self.read.drain(..length).collect();
        request.arrived = Instant::now();
        self.requests += 1;
        Ok(request)
    }

    /// Reads what is there; nothing, when nothing comes within a tick.
    fn read_some(&mut self) -> Result<(), Over> {
        let mut bytes = [0; 16 * 1024];
        match self.stream.read(&mut bytes) {
            Ok(0) => Err(Over::Client),
            Ok(count) => {
                self.read.extend_from_slice(&bytes[..count]);
                Ok(())
            }
            Err(error) if is_tick(&error) => self.look_up(),
            Err(_) => Err(Over::Client),
        }
    }

    fn look_up(&self) -> Result<(), Over> {
        if self.stopped.load(Ordering::Relaxed) { Err(Over::Server) } else { Ok(()) }
    }
}

fn clone(stream: &TcpStream) -> Result<TcpStream, Over> {
    stream.try_clone().map_err(|_| Over::Server)
}

pub(super) fn is_tick(error: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), Interrupted | TimedOut | WouldBlock)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
