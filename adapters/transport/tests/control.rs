//! Cancelling and "next", from any thread, for drivers that block and drivers that don't.

use std::{
    future::Future as _,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task, thread,
    time::{Duration, Instant},
};

use futures_lite::future::{self, block_on, poll_once};
use jellyfin_auth::WakeReason;
use jellyfin_auth_transport::{BlockingExecutor, Control, Handle, Run};

const LONG: Duration = Duration::from_secs(60);
/// Much less than that, and enough for a machine that has much else to do.
const SOON: Duration = Duration::from_secs(5);

fn counter() -> (Arc<AtomicU32>, impl Fn() + Send + Sync + 'static) {
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    let hook = move || {
        counted.fetch_add(1, Ordering::SeqCst);
    };
    (count, hook)
}

fn begin() -> (Handle, Run) {
    let mut control = Control::new();
    (control.handle(), control.begin())
}

fn wait(run: &Run, delay: Duration) -> WakeReason {
    let executor = BlockingExecutor::new();
    let time_over = async {
        executor.sleep(delay).await;
        WakeReason::TimeOver
    };
    executor.block_on(future::or(run.wake_reason(), time_over))
}

#[test]
fn a_wait_lasts_its_time_when_the_user_does_nothing() {
    let start = Instant::now();

    let reason = wait(&Control::new().begin(), Duration::from_millis(20));

    assert_eq!(reason, WakeReason::TimeOver);
    assert!(start.elapsed() >= Duration::from_millis(20));
}

#[test]
fn a_handle_on_another_thread_ends_a_wait_at_once() {
    for (act, reason) in [
        (Handle::cancel as fn(&Handle), WakeReason::Cancel),
        (Handle::check_now, WakeReason::CheckNow),
    ] {
        let (handle, run) = begin();
        let caller = thread::spawn(move || {
            thread::yield_now();
            let start = Instant::now();
            act(&handle);
            start
        });

        assert_eq!(wait(&run, LONG), reason);

        let end = Instant::now();
        let start = caller.join().expect("the other thread only acts");
        assert!(end.saturating_duration_since(start) < SOON);
    }
}

#[test]
fn a_cancelled_run_stays_cancelled_and_next_is_used_up() {
    let (handle, run) = begin();
    handle.check_now();
    assert_eq!(wait(&run, LONG), WakeReason::CheckNow);
    assert_eq!(wait(&run, Duration::ZERO), WakeReason::TimeOver);

    handle.cancel();
    assert_eq!(wait(&run, LONG), WakeReason::Cancel);
    assert_eq!(wait(&run, LONG), WakeReason::Cancel);
    assert!(run.is_cancelled());
}

#[test]
fn a_handle_of_an_ended_run_changes_nothing_in_the_next_one() {
    let mut control = Control::new();
    let first = control.handle();
    drop(control.begin());
    let second = control.handle();
    first.cancel();
    first.check_now();

    let run = control.begin();
    first.cancel();
    first.check_now();

    assert!(!run.is_cancelled());
    assert_eq!(wait(&run, Duration::ZERO), WakeReason::TimeOver);
    second.cancel();
    assert!(run.end());
}

#[test]
fn cancelling_before_a_run_began_cancels_that_one_alone() {
    let mut control = Control::new();
    let handle = control.handle();
    handle.cancel();
    handle.clone().cancel();

    assert!(control.begin().end(), "its run is cancelled");
    assert!(!control.begin().end(), "the one after it isn't");
}

#[test]
fn a_run_that_was_cancelled_at_the_last_moment_reports_it_when_it_ends() {
    let (handle, run) = begin();
    assert!(!run.is_cancelled());

    handle.cancel();

    assert!(run.end());
}

#[test]
fn next_pressed_before_a_wait_began_is_forgotten() {
    let (handle, run) = begin();
    handle.check_now();

    run.begin_wait();

    assert_eq!(wait(&run, Duration::ZERO), WakeReason::TimeOver);
}

#[test]
fn a_delay_beyond_the_clocks_end_can_be_cancelled() {
    let (handle, run) = begin();
    handle.cancel();

    assert_eq!(wait(&run, Duration::MAX), WakeReason::Cancel);
}

#[test]
fn futures_resolve_when_the_user_acts() {
    block_on(async {
        let (handle, run) = begin();
        let mut wake_reason = Box::pin(run.wake_reason());
        let mut cancelled = Box::pin(run.cancelled());
        assert_eq!(poll_once(&mut wake_reason).await, None);
        assert_eq!(poll_once(&mut cancelled).await, None);

        handle.check_now();
        assert_eq!(wake_reason.await, WakeReason::CheckNow);
        assert_eq!(poll_once(&mut cancelled).await, None);

        handle.cancel();
        cancelled.await;
        assert_eq!(run.wake_reason().await, WakeReason::Cancel);
    });
}

#[test]
fn the_task_that_polled_last_is_woken_by_what_the_user_does() {
    for act in [Handle::cancel as fn(&Handle), Handle::check_now] {
        let (handle, run) = begin();
        let mut future = Box::pin(run.wake_reason());
        let [first, last] = [(); 2].map(|()| Arc::new(Woken(AtomicU32::new(0))));
        for task in [&first, &last] {
            let waker = task::Waker::from(Arc::clone(task));
            let polled = future.as_mut().poll(&mut task::Context::from_waker(&waker));
            assert_eq!(polled, task::Poll::Pending);
        }

        act(&handle);

        assert_eq!(last.0.load(Ordering::SeqCst), 1);
    }
}

/// How often a task was woken.
struct Woken(AtomicU32);

impl task::Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn the_drivers_function_is_called_once_and_only_during_its_run() {
    let mut control = Control::new();
    let old = control.handle();
    let (first, hook) = counter();
    drop(control.begin_with(hook));
    let handle = control.handle();
    let (second, hook) = counter();
    let run = control.begin_with(hook);

    old.cancel();
    handle.cancel();
    handle.cancel();
    drop(run);
    handle.cancel();

    assert_eq!(first.load(Ordering::SeqCst), 0);
    assert_eq!(second.load(Ordering::SeqCst), 1);
}

#[test]
fn a_function_that_panics_leaves_the_handle_usable() {
    let mut control = Control::new();
    let handle = control.handle();
    let run = control.begin_with(|| panic!("the function's own trouble"));

    let panicked = catch_unwind(AssertUnwindSafe(|| handle.cancel()));

    assert!(panicked.is_err());
    assert_eq!(wait(&run, LONG), WakeReason::Cancel);
    assert!(run.end());
    assert_eq!(wait(&control.begin(), Duration::ZERO), WakeReason::TimeOver);
}

#[test]
fn debug_shows_what_it_is_and_whether_it_was_cancelled() {
    let mut control = Control::new();
    let (handle, run) = (control.handle(), control.begin());
    handle.cancel();
    for (shown, name, cancelled) in [
        (format!("{handle:?}"), "Handle", true),
        (format!("{run:?}"), "Run", true),
        (format!("{:?}", Control::new()), "Control", false),
    ] {
        assert_eq!(shown, format!("{name} {{ cancelled: {cancelled}, .. }}"));
    }
}
