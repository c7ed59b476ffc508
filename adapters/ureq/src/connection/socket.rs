use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpStream},
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use jellyfin_auth_transport::Progress;
use ureq::unversioned::transport::ShutdownHandle;

/// A TCP connection whose reads and writes end at a deadline, and whose reads end when too much
/// arrives.
pub(super) struct Socket {
    shared: Arc<Shared>,
    deadline: Option<Instant>,
    progress: Arc<Progress>,
}

/// What another thread shuts down.
struct Shared {
    stream: TcpStream,
    /// What arrived before it was shut down could be read for long.
    is_shut: AtomicBool,
}

impl ShutdownHandle for Shared {
    fn shutdown(&self) {
        self.is_shut.store(true, Ordering::Relaxed);
        // A connection that is over is as good.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

impl Socket {
    pub(super) fn new(stream: TcpStream, progress: Arc<Progress>) -> Self {
        let shared = Arc::new(Shared { stream, is_shut: AtomicBool::new(false) });
        Self { shared, deadline: None, progress }
    }

    /// What shuts it down, as long as it is there.
    pub(super) fn shutdown_handle(&self) -> Weak<dyn ShutdownHandle> {
        let handle: Weak<Shared> = Arc::downgrade(&self.shared);
        handle
    }

    pub(super) fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    /// Calls `look` while the socket doesn't block.
    pub(super) fn without_blocking<T>(
        &mut self,
        look: impl FnOnce(&mut &TcpStream) -> io::Result<T>,
    ) -> io::Result<T> {
        let stream = &self.shared.stream;
        stream.set_nonblocking(true)?;
        let seen = look(&mut &*stream);
        stream.set_nonblocking(false)?;
        seen
    }

    fn left(&self) -> io::Result<Option<Duration>> {
        if self.shared.is_shut.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::NotConnected.into());
        }
        let Some(deadline) = self.deadline else { return Ok(None) };
        let left = deadline.saturating_duration_since(Instant::now());
        // A socket takes no timeout of zero.
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(Some(left)) }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.shared.stream.set_read_timeout(self.left()?)?;
            match (&self.shared.stream).read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(count) => {
                    self.progress.arrived(count)?;
                    return Ok(count);
                }
                Err(error) => return Err(timed_out(error)),
            }
        }
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            self.shared.stream.set_write_timeout(self.left()?)?;
            match (&self.shared.stream).write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other.map_err(timed_out),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Systems disagree on a socket's error when its time is over.
fn timed_out(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::WouldBlock { io::ErrorKind::TimedOut.into() } else { error }
}
