use std::{
    fmt,
    io::{self, Read as _, Write as _},
    sync::Arc,
    time::Instant,
};

use jellyfin_auth_transport::{
    Progress, TlsPeer,
    rustls::{ClientConnection, StreamOwned},
};
use ureq::{
    Error,
    unversioned::transport::{Buffers, NextTimeout, Transport},
};

use super::{Socket, absolute_form::AbsoluteForm, buffers::WipedBuffers};

/// How many reads may find records of TLS itself, such as session tickets, while no answer is waited for.
const MOST_READS: usize = 8;

/// One connection in ureq's hands.
pub(crate) struct Link {
    channel: Channel,
    buffers: WipedBuffers,
    progress: Arc<Progress>,
    /// For a proxy that isn't asked for a tunnel.
    absolute_form: Option<AbsoluteForm>,
    has_received: bool,
}

pub(super) enum Channel {
    Plain(Socket),
    Tls(Box<StreamOwned<ClientConnection, Socket>>, TlsPeer),
}

impl Link {
    pub(super) fn new(
        channel: Channel,
        progress: Arc<Progress>,
        absolute_form: Option<AbsoluteForm>,
    ) -> Self {
        let buffers = WipedBuffers::new();
        Self { channel, buffers, progress, absolute_form, has_received: false }
    }
}

impl Transport for Link {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.channel.set_deadline(timeout);
        self.progress.sent();
        let output = &self.buffers.output()[..amount];
        let rewritten = self.absolute_form.as_mut().and_then(|form| form.rewrite(output));
        let output = rewritten.as_ref().map_or(output, |rewritten| rewritten.as_slice());
        let written = self.channel.write_all(output);
        self.buffers.sent(amount);
        written.map_err(|error| {
            let error = self.channel.reason_of(error);
            ureq_error(self.channel.explain(error, self.has_received), timeout)
        })
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.channel.set_deadline(timeout);
        let input = self.buffers.input_append_buf();
        let amount = self
            .channel
            .read(input)
            .map_err(|error| ureq_error(self.channel.explain(error, self.has_received), timeout))?;
        self.buffers.input_appended(amount);
        if amount > 0 {
            self.progress.received();
            self.has_received = true;
            if let Some(form) = &mut self.absolute_form {
                form.answered();
            }
        }
        Ok(amount > 0)
    }

    /// While it was idle, nothing may have arrived: neither an end nor bytes, such as the 408 of a
    /// server that waited too long. They don't belong to the next response.
    fn is_open(&mut self) -> bool {
        self.channel.is_idle().unwrap_or(false)
    }

    fn is_tls(&self) -> bool {
        matches!(self.channel, Channel::Tls(..))
    }
}

fn ureq_error(error: io::Error, timeout: NextTimeout) -> Error {
    match error.kind() {
        io::ErrorKind::TimedOut => Error::Timeout(timeout.reason),
        // ureq takes these for the end of a body without a length; but whoever can cut a connection
        // could cut the body short.
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::ConnectionReset => {
            Error::Io(io::Error::new(io::ErrorKind::BrokenPipe, error))
        }
        _ => Error::Io(error),
    }
}

impl Channel {
    fn set_deadline(&mut self, timeout: NextTimeout) {
        let deadline = Instant::now().checked_add(*timeout.after);
        match self {
            Self::Plain(socket) => socket.set_deadline(deadline),
            Self::Tls(stream, _) => stream.sock.set_deadline(deadline),
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buffer),
            Self::Tls(stream, _) => stream.read(buffer),
        }
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.write_all(bytes),
            Self::Tls(stream, _) => {
                stream.write_all(bytes)?;
                // TLS may still hold the last record back.
                stream.flush()
            }
        }
    }

    /// The reason that the server gave before it closed its end, for a write that failed with `error`.
    fn reason_of(&mut self, error: io::Error) -> io::Error {
        let Self::Tls(stream, _) = self else { return error };
        let StreamOwned { conn, sock } = &mut **stream;
        let reason = sock.without_blocking(|stream| {
            for _ in 0..MOST_READS {
                if conn.read_tls(stream)? == 0 {
                    break;
                }
                if let Err(reason) = conn.process_new_packets() {
                    return Ok(Some(reason));
                }
            }
            Ok(None)
        });
        match reason {
            Ok(Some(reason)) => io::Error::new(io::ErrorKind::InvalidData, reason),
            Ok(None) | Err(_) => error,
        }
    }

    fn explain(&self, error: io::Error, received: bool) -> io::Error {
        match self {
            Self::Plain(_) => error,
            Self::Tls(_, peer) => peer.explain(error, received),
        }
    }

    /// Whether nothing arrived since the last response, but a few records of TLS itself. ureq holds a
    /// lock meanwhile, for which cancelling waits.
    fn is_idle(&mut self) -> io::Result<bool> {
        match self {
            Self::Plain(socket) => {
                socket.without_blocking(|mut stream| match io::Read::read(&mut stream, &mut [0]) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(true),
                    Ok(_) | Err(_) => Ok(false),
                })
            }
            Self::Tls(stream, _) => {
                let StreamOwned { conn, sock } = &mut **stream;
                sock.without_blocking(|stream| {
                    for _ in 0..MOST_READS {
                        let state = conn.process_new_packets().map_err(io::Error::other)?;
                        if state.plaintext_bytes_to_read() > 0 || state.peer_has_closed() {
                            return Ok(false);
                        }
                        match conn.read_tls(stream) {
                            Ok(0) => return Ok(false),
                            Ok(_) => {}
                            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                                return Ok(true);
                            }
                            Err(_) => return Ok(false),
                        }
                    }
                    Ok(false)
                })
            }
        }
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("is_tls", &self.is_tls()).finish_non_exhaustive()
    }
}
