use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_lite::{AsyncRead, AsyncWrite};
use futures_rustls::client::TlsStream;
use hyper::rt::{Read, ReadBufCursor, Write};
use jellyfin_auth_transport::{Progress, TlsPeer};
use zeroize::Zeroize as _;

use super::Socket;

/// How many bytes are read at a time: a response of Jellyfin's has a few thousand at most.
const AT_A_TIME: usize = 8 * 1024;

/// Bytes to and from a server as hyper wants them, which show on the [`Progress`].
pub(super) struct Stream {
    channel: Channel,
    progress: Arc<Progress>,
    has_received: bool,
}

enum Channel {
    Plain(Socket),
    Tls(Box<TlsStream<Socket>>, TlsPeer),
}

impl Stream {
    pub(super) fn plain(socket: Socket, progress: Arc<Progress>) -> Self {
        Self { channel: Channel::Plain(socket), progress, has_received: false }
    }

    pub(super) fn tls(stream: TlsStream<Socket>, peer: TlsPeer, progress: Arc<Progress>) -> Self {
        Self { channel: Channel::Tls(Box::new(stream), peer), progress, has_received: false }
    }
}

impl Stream {
    /// The reason that the server gave before it closed its end, for a write that failed with `error`.
    fn reason_of(&mut self, error: io::Error, cx: &mut Context<'_>) -> io::Error {
        let Channel::Tls(stream, _) = &mut self.channel else { return error };
        match Pin::new(stream).poll_read(cx, &mut [0]) {
            Poll::Ready(Err(reason)) => self.explain(reason),
            Poll::Ready(Ok(_)) | Poll::Pending => self.explain(error),
        }
    }

    fn explain(&self, error: io::Error) -> io::Error {
        match &self.channel {
            Channel::Plain(_) => error,
            Channel::Tls(_, peer) => peer.explain(error, self.has_received),
        }
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        // Reading into hyper's own buffer would take `unsafe`.
        let mut bytes = [0; AT_A_TIME];
        let room = bytes.len().min(buffer.remaining());
        let bytes = &mut bytes[..room];
        let count = ready!(match &mut self.channel {
            Channel::Plain(socket) => Pin::new(socket).poll_read(cx, bytes),
            Channel::Tls(stream, _) => Pin::new(stream).poll_read(cx, bytes),
        })
        .map_err(|error| self.explain(error))?;
        if count > 0 {
            self.has_received = true;
            self.progress.received();
        }
        buffer.put_slice(&bytes[..count]);
        bytes[..count].zeroize();
        Poll::Ready(Ok(()))
    }
}

impl Write for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    /// With this, hyper keeps no copy of a body in a buffer of its own.
    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(match &mut self.channel {
            Channel::Plain(socket) => Pin::new(socket).poll_write_vectored(cx, bytes),
            Channel::Tls(stream, _) => Pin::new(stream).poll_write_vectored(cx, bytes),
        });
        // TLS may have sent a part before it failed.
        if matches!(written, Ok(1..)) || matches!(self.channel, Channel::Tls(..)) {
            self.progress.sent();
        }
        Poll::Ready(written.map_err(|error| self.reason_of(error, cx)))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = ready!(match &mut self.channel {
            Channel::Plain(socket) => Pin::new(socket).poll_flush(cx),
            Channel::Tls(stream, _) => Pin::new(stream).poll_flush(cx),
        });
        Poll::Ready(flushed.map_err(|error| self.reason_of(error, cx)))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.channel {
            Channel::Plain(socket) => Pin::new(socket).poll_close(cx),
            Channel::Tls(stream, _) => Pin::new(stream).poll_close(cx),
        }
    }
}
