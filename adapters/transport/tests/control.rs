//! Cancelling and "next", from any thread, for drivers that block and drivers that don't.

use std::{
    convert::Infallible,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    task::{Context, Wake},
    thread,
    time::{Duration, Instant},
};

use futures_lite::future::{block_on, poll_once};
use jellyfin_auth::WakeReason;
use jellyfin_auth_transport::{Control, Handle, Run};

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

fn begin() -> (Handle, Run) {
    let mut control = Control::new();
    (control.handle(), control.begin())
}

fn wait(run: &Run, delay: Duration) -> WakeReason {
    let Err(reason) = run.wait_for(delay, || None::<Infallible>);
    reason
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
fn an_event_ends_a_wait_whenever_it_happens() {
    let (_, run) = begin();
    assert_eq!(run.wait_for(LONG, || Some(1)), Ok(1), "at once");
    assert_eq!(run.wait_for(Duration::ZERO, || Some(2)), Ok(2), "even without any time");

    let (sender, events) = mpsc::channel();
    let waker = run.waker();
    thread::scope(|scope| {
        scope.spawn(move || {
            sender.send(3).expect("it is waited for");
            waker.wake();
        });
        assert_eq!(run.wait_for(LONG, || events.try_recv().ok()), Ok(3));
    });
}

#[test]
fn what_the_user_does_comes_before_an_event() {
    let (handle, run) = begin();
    handle.check_now();
    assert_eq!(run.wait_for(LONG, || Some(())), Err(WakeReason::CheckNow));
    assert_eq!(run.wait_for(LONG, || Some(())), Ok(()), "it isn't lost");
    handle.cancel();
    assert_eq!(run.wait_for(LONG, || Some(())), Err(WakeReason::Cancel));
}

#[test]
fn waking_up_without_an_event_goes_on_waiting() {
    let (_, run) = begin();
    let mut looks = 0;
    let ended = run.wait_for(LONG, || {
        looks += 1;
        run.waker().wake();
        (looks == 3).then_some(())
    });
    assert_eq!(ended, Ok(()));
}

#[test]
fn debug_shows_what_it_is_and_whether_it_was_cancelled() {
    let mut control = Control::new();
    let (handle, run) = (control.handle(), control.begin());
    handle.cancel();
    for (shown, name, cancelled) in [
        (format!("{handle:?}"), "Handle", true),
        (format!("{run:?}"), "Run", true),
        (format!("{:?}", run.waker()), "Waker", true),
        (format!("{:?}", Control::new()), "Control", false),
    ] {
        assert_eq!(shown, format!("{name} {{ cancelled: {cancelled}, .. }}"));
    }
}

#[derive(Default)]
struct Woken(AtomicU32);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn the_task_that_waits_is_woken() {
    for act in [Handle::cancel as fn(&Handle), Handle::check_now] {
        let (handle, run) = begin();
        let woken = Arc::new(Woken::default());
        let waker = Arc::clone(&woken).into();
        let mut context = Context::from_waker(&waker);
        let mut reason = pin!(run.wake_reason());
        assert!(reason.as_mut().poll(&mut context).is_pending());
        assert_eq!(woken.0.load(Ordering::SeqCst), 0);

        act(&handle);

        assert_eq!(woken.0.load(Ordering::SeqCst), 1);
        assert!(reason.as_mut().poll(&mut context).is_ready());
    }
}
