use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_lite::{AsyncRead, AsyncWrite};
use jellyfin_auth_transport::Progress;

use crate::runtime::TcpStream;

/// How many reads in a row find something before timers and the user have their turn.
const READS_IN_A_ROW: usize = 8;

/// A TCP connection that lets others have their turn: a server that sends faster than it is read
/// would keep the reader busy, and the time for the request would never be over. Its reads end when too
/// much arrives.
pub(super) struct Socket {
    stream: TcpStream,
    reads_left: usize,
    progress: Arc<Progress>,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, progress: Arc<Progress>) -> Self {
        Self { stream, reads_left: READS_IN_A_ROW, progress }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        if self.reads_left == 0 {
            self.reads_left = READS_IN_A_ROW;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.reads_left = if read.is_pending() { READS_IN_A_ROW } else { self.reads_left - 1 };
        let count = ready!(read)?;
        self.progress.arrived(count)?;
        Poll::Ready(Ok(count))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_close(cx)
    }
}
