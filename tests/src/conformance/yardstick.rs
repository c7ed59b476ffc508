//! How late this machine is: what a bound on a short time is measured by.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// A thread that wakes up, and one that has much to do, which has to share its core.
const NAP: Duration = Duration::from_millis(1);
const WORK: Duration = Duration::from_millis(4);
/// From a command to its effect at the other end of a connection, about so many threads have their turn
/// one after the other, and each may be as late as this one was.
const TURNS: u32 = 20;
/// However late the machine is: what takes as long as a timeout isn't at once.
const LONGEST: Duration = Duration::from_secs(5);

/// A thread that naps and works in turns, and remembers the longest time that it was kept from going on.
pub(super) struct Yardstick {
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<Duration>,
}

impl Yardstick {
    pub(super) fn start() -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let is_over = Arc::clone(&is_over);
            move || {
                let mut longest = Duration::ZERO;
                while !is_over.load(Ordering::Relaxed) {
                    let began = Instant::now();
                    thread::sleep(NAP);
                    let woke_up = Instant::now();
                    longest = longest.max((woke_up - began).saturating_sub(NAP));
                    let mut last = woke_up;
                    while last - woke_up < WORK {
                        let now = Instant::now();
                        longest = longest.max(now - last);
                        last = now;
                    }
                }
                longest
            }
        });
        Self { is_over, thread }
    }

    /// How long may have taken since the start what takes at most `time` on a machine that is never late.
    pub(super) fn allowance(self, time: Duration) -> Duration {
        self.is_over.store(true, Ordering::Relaxed);
        let longest = self.thread.join().expect("it only naps and looks at the clock");
        (time + longest * TURNS).min(LONGEST)
    }
}
