mod entry;
mod names;

use std::{error::Error as _, time::Instant};

use http::Request;
use jellyfin_auth::{Endpoint, Machine, Wait, WaitReason};
use tracing::{Span, field::display};

use crate::{Error, ErrorKind, Woken};
use names::{name_of, variant};

pub use entry::Entry;

/// The target of every span and event, whichever driver tells them.
const TARGET: &str = "jellyfin_auth";

/// For drivers: the journal of a run or of a single request, told through `tracing`.
///
/// It is a span, in which each request, each wait and the end is an event. Neither shows a secret:
/// of a request there is the method, the server's origin and the path, never the query, a header or
/// a body; of a wait the reason, never the code.
///
/// The span is entered for each event and never longer, so that a journal can be held across awaits.
#[derive(Debug)]
pub struct Journal {
    span: Span,
    begun: Instant,
    attempt: u32,
    in_trouble: bool,
}

impl Journal {
    /// The run of a machine begins.
    #[must_use]
    pub fn of_run<M: Machine>() -> Self {
        Self::within(tracing::info_span!(target: TARGET, "run", machine = name_of::<M>()))
    }

    /// A single request begins.
    #[must_use]
    pub fn of_call<E: Endpoint>() -> Self {
        Self::within(tracing::info_span!(target: TARGET, "call", endpoint = name_of::<E>()))
    }

    fn within(span: Span) -> Self {
        Self { span, begun: Instant::now(), attempt: 0, in_trouble: false }
    }

    /// A request begins.
    #[must_use]
    pub fn request(&mut self, request: &Request<Vec<u8>>) -> Entry<'_> {
        self.attempt = if self.in_trouble { self.attempt.saturating_add(1) } else { 1 };
        self.in_trouble = false;
        Entry::new(&self.span, request, self.attempt)
    }

    /// A wait begins.
    pub fn waiting(&mut self, wait: &Wait) {
        self.in_trouble = wait.reason() != WaitReason::Poll;
        self.span.in_scope(|| {
            tracing::debug!(
                target: TARGET,
                reason = %wait.reason(),
                delay_ms = names::milliseconds(wait.delay()),
                "waiting"
            );
        });
    }

    /// The wait is over.
    pub fn woken(&self, by: Woken) {
        let by = match by {
            Woken::TimeUp => "time",
            Woken::CheckNow => "next",
            Woken::Cancelled => "cancel",
        };
        self.span.in_scope(|| tracing::debug!(target: TARGET, by, "wait over"));
    }

    /// The end, which is handed on.
    #[expect(clippy::missing_errors_doc, reason = "the error is the caller's own")]
    pub fn end<T>(&self, ended: Result<T, Error>) -> Result<T, Error> {
        let duration_ms = names::milliseconds(self.begun.elapsed());
        self.span.in_scope(|| match &ended {
            Ok(_) => tracing::info!(target: TARGET, duration_ms, "done"),
            Err(error) => tell_failure(error, duration_ms),
        });
        ended
    }
}

fn tell_failure(error: &Error, duration_ms: u64) {
    let cause = error.source().map(display);
    match error.kind() {
        // The program's own wish is nothing to warn of.
        ErrorKind::Login(kind @ jellyfin_auth::Error::Cancelled { .. }) => {
            tracing::info!(target: TARGET, kind = variant(kind), %error, duration_ms, "failed");
        }
        ErrorKind::Login(kind) => {
            tracing::warn!(target: TARGET, kind = variant(kind), %error, cause, duration_ms, "failed");
        }
        ErrorKind::SetUp(kind) => {
            tracing::warn!(target: TARGET, kind = variant(kind), %error, cause, duration_ms, "failed");
        }
    }
}
