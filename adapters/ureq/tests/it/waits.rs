//! What the user sees and can do while a code is shown.

use std::time::{Duration, Instant};

use jellyfin_auth::WaitReason;
use jellyfin_auth_testkit::{
    answer,
    raw_server::{Conduct, RawRequest},
};

use crate::scene::{
    SECRET, TOKEN, authentication, driver, quick_connect, well_behaved, with_length,
};

/// A well-behaved server that has the code approved at the first poll.
fn approving(request: &RawRequest) -> Vec<jellyfin_auth_testkit::raw_server::Move> {
    match request.path() {
        "/QuickConnect/Connect" => with_length(&answer::quick_connect("123456", SECRET, true)),
        "/Users/AuthenticateWithQuickConnect" => authentication(),
        _ => well_behaved(request),
    }
}

#[test]
fn next_polls_a_second_after_the_last_request_and_the_code_is_redeemed() {
    let server = Conduct::new(approving).start();
    let mut driver = driver();
    let handle = driver.handle();
    let start = Instant::now();
    let mut waits = Vec::new();

    let session = driver
        .run_with(quick_connect(&server.url()), |wait| {
            waits.push((wait.code().map(str::to_owned), wait.reason()));
            handle.check_now();
        })
        .expect("the code was approved");

    assert_eq!(session.access_token().expose(), TOKEN);
    assert_eq!(waits.first(), Some(&(Some("123456".to_owned()), WaitReason::Approval)));
    assert!(start.elapsed() < Duration::from_secs(3), "it didn't wait 5 s");
    let traffic = server.traffic();
    let initiated = traffic.requests_for("/QuickConnect/Initiate")[0].arrived();
    let polled = traffic.requests_for("/QuickConnect/Connect")[0].arrived();
    assert!(polled.duration_since(initiated) >= Duration::from_millis(950));
    assert_eq!(traffic.connections().len(), 1, "the connection is kept while waiting");
}

#[test]
fn next_pressed_before_anything_is_waited_for_does_nothing() {
    let server = Conduct::new(well_behaved).start();
    let mut driver = driver();
    let handle = driver.handle();
    handle.check_now();
    let mut begun = None;

    let ended = std::thread::scope(|scope| {
        driver.run_with(quick_connect(&server.url()), |_| {
            begun = Some(Instant::now());
            let handle = handle.clone();
            scope.spawn(move || {
                std::thread::sleep(Duration::from_millis(1300));
                handle.cancel();
            });
        })
    });

    ended.expect_err("it was cancelled");
    assert!(begun.is_some_and(|begun| begun.elapsed() >= Duration::from_millis(1250)));
    assert!(server.traffic().requests_for("/QuickConnect/Connect").is_empty());
}
