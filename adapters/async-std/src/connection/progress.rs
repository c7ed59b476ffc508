use std::sync::atomic::{AtomicBool, Ordering};

/// How far a request has come: what a failure means depends on it.
///
/// A driver sends one request at a time, so that one of these serves all of its connections.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    sent: AtomicBool,
    sent_before: AtomicBool,
    received: AtomicBool,
}

impl Progress {
    /// A request begins.
    pub(crate) fn begin(&self) {
        self.sent_before.store(false, Ordering::Relaxed);
        self.sent.store(false, Ordering::Relaxed);
        self.received.store(false, Ordering::Relaxed);
    }

    /// The request is tried once more on another connection.
    pub(crate) fn begin_again(&self) {
        self.sent_before.fetch_or(self.is_sent(), Ordering::Relaxed);
        self.sent.store(false, Ordering::Relaxed);
        self.received.store(false, Ordering::Relaxed);
    }

    pub(super) fn sent(&self) {
        self.sent.store(true, Ordering::Relaxed);
    }

    pub(super) fn received(&self) {
        self.received.store(true, Ordering::Relaxed);
    }

    /// Whether this attempt has sent a byte.
    pub(crate) fn is_sent(&self) -> bool {
        self.sent.load(Ordering::Relaxed)
    }

    /// Whether a byte of the request was sent, by this attempt or an earlier one.
    pub(crate) fn was_ever_sent(&self) -> bool {
        self.is_sent() || self.sent_before.load(Ordering::Relaxed)
    }

    /// Whether a byte came back.
    pub(crate) fn is_received(&self) -> bool {
        self.received.load(Ordering::Relaxed)
    }
}
