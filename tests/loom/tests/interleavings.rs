//! Cancelling, "next" and waking, in every order in which threads can do it. loom takes the place of
//! the standard library's locks; what is lost would be a wait that never ends, which loom reports.

#[path = "../../../adapters/transport/src/blocking_executor.rs"]
#[allow(dead_code, unreachable_pub, reason = "it is written for another crate")]
mod blocking_executor;
#[path = "../../../adapters/transport/src/control.rs"]
#[allow(dead_code, unreachable_pub, reason = "it is written for another crate")]
mod control;

/// What they lock and wait with.
mod sync {
    pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard};
}

use std::{
    future::{Future, poll_fn},
    task::Poll,
};

use jellyfin_auth::WakeReason;
use loom::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
};

use blocking_executor::BlockingExecutor;
use control::{Control, Handle, Run};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    BlockingExecutor::new().block_on(future)
}

/// A wait that only the user ends.
fn wait(run: &Run) -> WakeReason {
    block_on(run.wake_reason())
}

fn begin() -> (Handle, Run) {
    let mut control = Control::new();
    (control.handle(), control.begin())
}

#[test]
fn a_wait_never_misses_what_the_user_does() {
    for (act, reason) in [
        (Handle::cancel as fn(&Handle), WakeReason::Cancel),
        (Handle::check_now, WakeReason::CheckNow),
    ] {
        loom::model(move || {
            let (handle, run) = begin();
            let user = thread::spawn(move || act(&handle));
            assert_eq!(wait(&run), reason);
            user.join().expect("it only acts");
        });
    }
}

#[test]
fn a_request_never_misses_that_the_user_gave_up() {
    loom::model(|| {
        let (handle, run) = begin();
        let user = thread::spawn(move || handle.cancel());
        block_on(run.cancelled());
        assert_eq!(wait(&run), WakeReason::Cancel);
        user.join().expect("it only acts");
    });
}

#[test]
fn next_is_not_lost_on_the_way_to_cancel() {
    loom::model(|| {
        let (handle, run) = begin();
        let other = handle.clone();
        let next = thread::spawn(move || other.check_now());
        let cancel = thread::spawn(move || handle.cancel());
        // However often "next" came first, the end is the end.
        while wait(&run) != WakeReason::Cancel {}
        assert!(run.is_cancelled());
        next.join().expect("it only acts");
        cancel.join().expect("it only acts");
        assert!(run.end());
    });
}

/// An answer that a thread brings.
fn answer(
    executor: &BlockingExecutor,
) -> (thread::JoinHandle<()>, impl Future<Output = ()> + use<>) {
    let (waker, arrived) = (executor.waker(), Arc::new(AtomicBool::new(false)));
    let arriving = Arc::clone(&arrived);
    let worker = thread::spawn(move || {
        arriving.store(true, SeqCst);
        waker.wake();
    });
    let is_there = move || if arrived.load(SeqCst) { Poll::Ready(()) } else { Poll::Pending };
    (worker, poll_fn(move |_| is_there()))
}

#[test]
fn an_answer_is_never_missed() {
    loom::model(|| {
        let executor = BlockingExecutor::new();
        let (worker, answer) = answer(&executor);
        executor.block_on(answer);
        worker.join().expect("it only wakes");
    });
}

#[test]
fn an_answer_and_a_cancel_both_arrive() {
    loom::model(|| {
        let (handle, run) = begin();
        let executor = BlockingExecutor::new();
        let (worker, answer) = answer(&executor);
        let user = thread::spawn(move || handle.cancel());
        executor.block_on(answer);
        assert_eq!(executor.block_on(run.wake_reason()), WakeReason::Cancel);
        worker.join().expect("it only wakes");
        user.join().expect("it only cancels");
    });
}

/// The function that cuts a request is called once if the run ends cancelled, and never otherwise.
#[test]
fn cancelling_at_the_end_is_seen_by_both_sides_or_by_none() {
    loom::model(|| {
        let mut control = Control::new();
        let handle = control.handle();
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let run = control.begin_with(move || {
            counted.fetch_add(1, SeqCst);
        });
        let user = thread::spawn(move || handle.cancel());
        let cancelled = run.end();
        user.join().expect("it only cancels");
        assert_eq!(calls.load(SeqCst), usize::from(cancelled));
    });
}

#[test]
fn an_old_handle_never_reaches_the_next_run() {
    loom::model(|| {
        let mut control = Control::new();
        let old = control.handle();
        let user = thread::spawn(move || old.cancel());
        drop(control.begin());
        let next = control.begin();
        assert!(!next.is_cancelled());
        user.join().expect("it only cancels");
        assert!(!next.end());
    });
}
