//! How late this machine is: what a bound on a short time is measured by.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// How long a nap takes where nothing else is to be done.
const NAP: Duration = Duration::from_millis(1);
/// From a command to its effect at the other end of a connection, about so many threads wake up one
/// after the other, and each may be as late as a nap's end was.
const WAKE_UPS: u32 = 10;
/// However late the machine is: what takes as long as a timeout isn't at once.
const LONGEST: Duration = Duration::from_secs(5);

/// Takes naps, and remembers how late the latest of them ended.
pub(super) struct Yardstick {
    is_over: Arc<AtomicBool>,
    naps: JoinHandle<Duration>,
}

impl Yardstick {
    pub(super) fn start() -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let naps = thread::spawn({
            let is_over = Arc::clone(&is_over);
            move || {
                let mut latest = Duration::ZERO;
                while !is_over.load(Ordering::Relaxed) {
                    let began = Instant::now();
                    thread::sleep(NAP);
                    latest = latest.max(began.elapsed().saturating_sub(NAP));
                }
                latest
            }
        });
        Self { is_over, naps }
    }

    /// How long may have taken since the start what takes at most `time` on a machine that is never late.
    pub(super) fn allowance(self, time: Duration) -> Duration {
        self.is_over.store(true, Ordering::Relaxed);
        let latest = self.naps.join().expect("it only naps");
        (time + latest * WAKE_UPS).min(LONGEST)
    }
}
