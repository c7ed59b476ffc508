//! Cancelling and "next", from any thread, for drivers that block and drivers that don't.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use futures_lite::future::{block_on, poll_once};
use jellyfin_auth_transport::{Handle, Signals, Woken};

const LONG: Duration = Duration::from_secs(60);
const SOON: Duration = Duration::from_millis(100);

fn counter() -> (Arc<AtomicU32>, impl Fn() + Send + Sync + 'static) {
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    let hook = move || {
        counted.fetch_add(1, Ordering::SeqCst);
    };
    (count, hook)
}

#[test]
fn a_wait_without_a_signal_lasts_its_time() {
    let start = Instant::now();

    assert_eq!(Signals::new().wait(Duration::from_millis(20)), Woken::TimeUp);

    assert!(start.elapsed() >= Duration::from_millis(20));
}

#[test]
fn a_signal_from_another_thread_ends_a_wait_at_once() {
    for (signal, woken) in
        [(Handle::cancel as fn(&Handle), Woken::Cancelled), (Handle::check_now, Woken::CheckNow)]
    {
        let signals = Signals::new();
        let handle = signals.handle();
        let caller = thread::spawn(move || {
            thread::yield_now();
            let start = Instant::now();
            signal(&handle);
            start
        });

        assert_eq!(signals.wait(LONG), woken);

        let end = Instant::now();
        let start = caller.join().expect("the other thread only signals");
        assert!(end.saturating_duration_since(start) < SOON);
    }
}

#[test]
fn cancelling_stays_and_next_is_used_up() {
    let signals = Signals::new();
    signals.handle().check_now();
    assert_eq!(signals.wait(LONG), Woken::CheckNow);
    assert_eq!(signals.wait(Duration::ZERO), Woken::TimeUp);

    signals.handle().cancel();
    assert_eq!(signals.wait(LONG), Woken::Cancelled);
    assert_eq!(signals.wait(LONG), Woken::Cancelled);
    assert!(signals.is_cancelled());
}

#[test]
fn next_pressed_before_a_wait_began_is_forgotten() {
    let signals = Signals::new();
    signals.handle().check_now();

    signals.begin_wait();

    assert_eq!(signals.wait(Duration::ZERO), Woken::TimeUp);
}

#[test]
fn a_delay_beyond_the_clocks_end_can_be_cancelled() {
    let signals = Signals::new();
    signals.handle().cancel();

    assert_eq!(signals.wait(Duration::MAX), Woken::Cancelled);
}

#[test]
fn futures_resolve_when_a_signal_comes() {
    block_on(async {
        let signals = Signals::new();
        let mut signalled = Box::pin(signals.signalled());
        let mut cancelled = Box::pin(signals.cancelled());
        assert_eq!(poll_once(&mut signalled).await, None);
        assert_eq!(poll_once(&mut cancelled).await, None);

        signals.handle().check_now();
        assert_eq!(signalled.await, Woken::CheckNow);
        assert_eq!(poll_once(&mut cancelled).await, None);

        signals.handle().cancel();
        cancelled.await;
        assert_eq!(signals.signalled().await, Woken::Cancelled);
    });
}

#[test]
fn the_drivers_hook_is_called_once_while_its_guard_lives() {
    let signals = Signals::new();
    let (count, hook) = counter();
    drop(signals.on_cancel(hook));
    let (other, hook) = counter();
    let guard = signals.on_cancel(hook);

    signals.handle().cancel();
    signals.handle().cancel();

    drop(guard);
    assert_eq!(count.load(Ordering::SeqCst), 0);
    assert_eq!(other.load(Ordering::SeqCst), 1);
}

#[test]
fn a_hook_is_called_at_once_after_cancelling() {
    let signals = Signals::new();
    signals.handle().cancel();
    let (count, hook) = counter();

    let _guard = signals.on_cancel(hook);

    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[test]
fn a_hook_that_panics_leaves_the_handle_usable() {
    let signals = Signals::new();
    let guard = signals.on_cancel(|| panic!("the hook's own trouble"));

    let panicked = catch_unwind(AssertUnwindSafe(|| signals.handle().cancel()));

    assert!(panicked.is_err());
    drop(guard);
    signals.handle().cancel();
    assert_eq!(signals.wait(LONG), Woken::Cancelled);
}
