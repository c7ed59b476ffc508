//! What a blocking driver sleeps with.

use std::{
    future::poll_fn,
    sync::mpsc,
    task::Poll,
    thread,
    time::{Duration, Instant},
};

use futures_lite::future;
use jellyfin_auth_transport::BlockingExecutor;

const LONG: Duration = Duration::from_secs(60);

#[test]
fn the_shortest_of_several_sleeps_ends_first_and_a_thread_earlier_still() {
    let executor = BlockingExecutor::new();
    let sleep = async |time| {
        executor.sleep(time).await;
        time
    };
    let short = Duration::from_millis(5);
    let start = Instant::now();
    for sleeps in [[short, LONG], [LONG, short], [Duration::MAX, short]] {
        assert_eq!(executor.block_on(future::or(sleep(sleeps[0]), sleep(sleeps[1]))), short);
    }
    assert!(start.elapsed() >= 3 * short);
}

#[test]
fn another_thread_wakes_it() {
    let executor = BlockingExecutor::new();
    let (sender, events) = mpsc::channel();
    let waker = executor.waker();
    thread::scope(|scope| {
        scope.spawn(move || {
            sender.send(3).expect("it is waited for");
            waker.wake();
        });
        let event = poll_fn(|_| events.try_recv().map_or(Poll::Pending, Poll::Ready));
        assert_eq!(executor.block_on(event), 3);
    });
}

#[test]
fn it_looks_again_after_each_waking_up_and_not_without() {
    let executor = BlockingExecutor::new();
    let mut looks = 0;
    let third = executor.block_on(poll_fn(|context| {
        looks += 1;
        context.waker().wake_by_ref();
        if looks == 3 { Poll::Ready(looks) } else { Poll::Pending }
    }));
    assert_eq!(third, 3);

    let mut looks = 0;
    let looked = poll_fn(|_| {
        looks += 1;
        Poll::<()>::Pending
    });
    let short = Duration::from_millis(50);
    // The waking up by itself just now is spent by one look more.
    executor.block_on(future::or(looked, executor.sleep(short)));
    assert!(looks <= 3, "it looked {looks} times");
}
