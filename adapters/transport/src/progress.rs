use std::{
    io,
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
};

use http::{Response, StatusCode};
use jellyfin_auth::{Failure, Limits};

use crate::TransportError;

/// The largest head of a response that drivers accept, in bytes.
pub const LONGEST_HEAD: usize = 64 * 1024;

/// What chunks, trailers, informational responses and TLS may take, beside head and body and as much
/// as the body again.
const OVERHEAD: u64 = 192 * 1024;
/// What TLS itself may send between two requests, such as session tickets.
const MOST_WHILE_IDLE: u64 = 16 * 1024;

/// For drivers: how far a request has come, which decides what a failure means, and how many bytes may
/// still arrive.
///
/// It is shared with the sockets of a driver that sends one request at a time.
#[derive(Debug, Default)]
pub struct Progress {
    opened: AtomicBool,
    sent: AtomicBool,
    sent_before: AtomicBool,
    received: AtomicBool,
    bytes_left: AtomicU64,
}

impl Progress {
    /// A request begins.
    pub fn begin(&self, limits: Limits) {
        self.sent.store(false, Relaxed);
        self.begin_again(limits);
    }

    /// The request is tried once more, on another connection.
    pub fn begin_again(&self, limits: Limits) {
        self.sent_before.store(self.is_sent(), Relaxed);
        for flag in [&self.opened, &self.sent, &self.received] {
            flag.store(false, Relaxed);
        }
        let body = u64::try_from(limits.max_body).unwrap_or(u64::MAX);
        let most = body.saturating_mul(2).saturating_add(LONGEST_HEAD as u64 + OVERHEAD);
        self.bytes_left.store(most, Relaxed);
    }

    /// A connection is looked at between two requests: hardly anything may arrive.
    pub fn begin_idle(&self) {
        self.bytes_left.store(MOST_WHILE_IDLE, Relaxed);
    }

    /// A connection was made for this request.
    pub fn opened(&self) {
        self.opened.store(true, Relaxed);
    }

    /// A byte of the request was sent, or may be sent by what is done next.
    pub fn sent(&self) {
        self.sent.store(true, Relaxed);
    }

    /// A byte of the response came: not of TLS alone.
    pub fn received(&self) {
        self.received.store(true, Relaxed);
    }

    /// So many bytes were read from the socket, whatever they are.
    ///
    /// # Errors
    ///
    /// When all in all they are more than any response may have that is accepted. Pass it on as the
    /// error of the read: [`TransportError::from_io`] recognises it.
    pub fn arrived(&self, count: usize) -> io::Result<()> {
        let left = self.bytes_left.load(Relaxed).checked_sub(count as u64);
        self.bytes_left.store(left.unwrap_or(0), Relaxed);
        left.map(drop).ok_or_else(|| {
            let text = "the answer goes on and on: it is far larger than its body may be";
            io::Error::other(TransportError::new(Failure::TooLarge, text))
        })
    }

    /// Whether a byte of this attempt may have been sent.
    #[must_use]
    pub fn is_sent(&self) -> bool {
        self.sent.load(Relaxed)
    }

    /// Whether a byte of the request may have been sent, by this attempt or the one before.
    #[must_use]
    pub fn was_ever_sent(&self) -> bool {
        self.is_sent() || self.sent_before.load(Relaxed)
    }

    /// Whether a byte of the response came.
    #[must_use]
    pub fn is_received(&self) -> bool {
        self.received.load(Relaxed)
    }

    /// Whether the request went on a connection that an earlier one had left.
    #[must_use]
    pub fn was_reused(&self) -> bool {
        self.is_sent() && !self.opened.load(Relaxed)
    }

    /// Whether the server had given up the connection that an earlier request had left and this one
    /// went on, so that it may be sent once more if it is [replayable](Limits::replayable).
    #[must_use]
    pub fn met_dead_connection<B>(&self, result: &Result<Response<B>, TransportError>) -> bool {
        match result {
            // That is about the connection, not about this request.
            Ok(response) => response.status() == StatusCode::REQUEST_TIMEOUT,
            Err(error) => !self.is_received() && error.failure() != Failure::Timeout,
        }
    }

    /// The error of the whole request: "unreachable" would be wrong after an attempt that may have
    /// reached the server.
    #[must_use]
    pub fn doubt(&self, error: TransportError) -> TransportError {
        let is_unsent = matches!(error.failure(), Failure::Unreachable | Failure::HostNotFound);
        if is_unsent && self.was_ever_sent() {
            return TransportError::new(Failure::Interrupted, error.to_string());
        }
        error
    }
}
