mod names;
mod request_event;

use std::{error::Error as _, time::Instant};

use http::Request;
use jellyfin_auth::{Endpoint, Machine, Wait, WaitReason, WakeReason};
use tracing::{Span, field::display};

use crate::{Error, ErrorKind};
use names::{name_of, variant};

pub use request_event::RequestEvent;

/// The target of every span and event, whichever driver they come from.
const TARGET: &str = "jellyfin_auth";

/// For drivers: the span of a run or of a single request, in which each request, each wait and the end
/// is an event.
///
/// None of them shows a secret: of a request there is the method, the server's origin and the path,
/// never the query, a header or a body; of a wait the reason, never the code.
///
/// The span is entered for each event and never longer, so that it can be held across awaits.
#[derive(Debug)]
pub struct RunSpan {
    span: Span,
    begun: Instant,
    attempt: u32,
    is_retry: bool,
}

impl RunSpan {
    /// The run of a machine begins.
    #[must_use]
    pub fn of_run<M: Machine>() -> Self {
        Self::of(tracing::info_span!(target: TARGET, "run", machine = name_of::<M>()))
    }

    /// A single request begins.
    #[must_use]
    pub fn of_call<E: Endpoint>() -> Self {
        Self::of(tracing::info_span!(target: TARGET, "call", endpoint = name_of::<E>()))
    }

    fn of(span: Span) -> Self {
        Self { span, begun: Instant::now(), attempt: 0, is_retry: false }
    }

    /// A request begins.
    #[must_use]
    pub fn request(&mut self, request: &Request<Vec<u8>>) -> RequestEvent {
        self.attempt = if self.is_retry { self.attempt.saturating_add(1) } else { 1 };
        self.is_retry = false;
        RequestEvent::new(&self.span, request, self.attempt)
    }

    /// A wait begins.
    pub fn wait(&mut self, wait: &Wait) {
        self.is_retry = !matches!(wait.reason(), WaitReason::Approval | WaitReason::Search);
        self.span.in_scope(|| {
            tracing::debug!(
                target: TARGET,
                reason = %wait.reason(),
                delay_ms = names::milliseconds(wait.delay()),
                "waiting"
            );
        });
    }

    /// A wait is over.
    pub fn wait_over(&self, reason: WakeReason) {
        let by = match reason {
            WakeReason::TimeOver => "time",
            WakeReason::CheckNow => "next",
            WakeReason::Cancel => "cancel",
        };
        self.span.in_scope(|| tracing::debug!(target: TARGET, by, "wait over"));
    }

    /// The end, which is returned as it is.
    #[expect(clippy::missing_errors_doc, reason = "the error is the caller's own")]
    pub fn end<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        let duration_ms = names::milliseconds(self.begun.elapsed());
        self.span.in_scope(|| match &result {
            Ok(_) => tracing::info!(target: TARGET, duration_ms, "done"),
            Err(error) => record_error(error, duration_ms),
        });
        result
    }
}

fn record_error(error: &Error, duration_ms: u64) {
    let cause = error.source().map(display);
    match error.kind() {
        // The program's own wish is nothing to warn of.
        ErrorKind::Login(kind @ jellyfin_auth::Error::Cancelled) => {
            tracing::info!(target: TARGET, kind = variant(kind), %error, duration_ms, "failed");
        }
        ErrorKind::Login(kind) => {
            tracing::warn!(target: TARGET, kind = variant(kind), %error, cause, duration_ms, "failed");
        }
        ErrorKind::Config(kind) => {
            tracing::warn!(target: TARGET, kind = variant(kind), %error, cause, duration_ms, "failed");
        }
    }
}
