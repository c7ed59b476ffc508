use std::sync::atomic::{AtomicBool, Ordering};

/// How far a request has come: what a failure means depends on it.
///
/// A driver sends one request at a time, so that one of these serves all of its connections.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    opened: AtomicBool,
    sent: AtomicBool,
    received: AtomicBool,
}

impl Progress {
    /// A request begins.
    pub(crate) fn begin(&self) {
        for flag in [&self.opened, &self.sent, &self.received] {
            flag.store(false, Ordering::Relaxed);
        }
    }

    pub(super) fn opened(&self) {
        self.opened.store(true, Ordering::Relaxed);
    }

    pub(super) fn sending(&self) {
        self.sent.store(true, Ordering::Relaxed);
    }

    pub(super) fn received(&self) {
        self.received.store(true, Ordering::Relaxed);
    }

    /// Whether a byte of the request may have been sent.
    pub(crate) fn was_sent(&self) -> bool {
        self.sent.load(Ordering::Relaxed)
    }

    /// Whether the request went on a connection that an earlier one had left.
    pub(crate) fn was_reused(&self) -> bool {
        self.was_sent() && !self.opened.load(Ordering::Relaxed)
    }

    /// Whether it went on such a connection, which was dead.
    pub(crate) fn was_dead(&self) -> bool {
        self.was_reused() && !self.received.load(Ordering::Relaxed)
    }
}
