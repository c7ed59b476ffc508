//! The loop that the core brings, around a blocking and around an async HTTP client.

mod blocking;
mod concurrent;

use std::cell::{Cell, RefCell};

use http::Request;
use jellyfin_auth::{Limits, Timestamp, Wait};
use jellyfin_auth_testkit::Clock;

/// What a driver did, on a virtual clock.
#[derive(Default)]
struct Log {
    clock: Cell<Clock>,
    sent: RefCell<Vec<String>>,
    waits: RefCell<Vec<Wait>>,
}

impl Log {
    fn now(&self) -> Timestamp {
        self.clock.get().now()
    }

    fn pass(&self, time: std::time::Duration) {
        let mut clock = self.clock.get();
        clock.advance(time);
        self.clock.set(clock);
    }

    fn sent(&self) -> Vec<String> {
        self.sent.borrow().clone()
    }

    /// Writes a request down and returns which one it was.
    fn note(&self, request: &Request<Vec<u8>>, _: Limits) -> usize {
        self.sent.borrow_mut().push(request.uri().to_string());
        self.sent.borrow().len() - 1
    }

    fn note_wait(&self, wait: &Wait) {
        self.waits.borrow_mut().push(wait.clone());
    }

    /// The delays, in seconds.
    fn delays(&self) -> Vec<u64> {
        self.waits.borrow().iter().map(|wait| wait.delay().as_secs()).collect()
    }
}
