//! A handle belongs to a run: what follows on the same driver goes its own way.

use std::{
    thread,
    time::{Duration, Instant},
};

use jellyfin_auth::{Error, Login, WaitReason, endpoint::GetServerInfo};
use jellyfin_auth_testkit::{
    fake_server::Version,
    raw_server::{Conduct, Move, RawServer},
};

use crate::{
    both_drivers::{BOTH, Driver, login_error},
    scene::{SERVER_ID, address, by_password, device, hasty, info, server, url},
};

const SOON: Duration = Duration::from_secs(5);
/// Less than a driver that doesn't notice would take: the timeout of a request.
const AT_ONCE: Duration = Duration::from_secs(3);

/// Asks `server` who it is.
fn ask(driver: &mut Driver, server: &RawServer) -> Result<String, Error> {
    let (server, device) = (address(&server.url()), device("PC"));
    let info = driver.call(&GetServerInfo { server: &server, device: &device });
    info.map(|info| info.id).map_err(login_error)
}

#[test]
fn after_cancel_the_same_driver_signs_in_by_password() {
    for adapter in BOTH {
        let server = server(Version::V12);
        let mut driver = adapter.driver();
        let handle = driver.handle();
        let mut waits = Vec::new();

        let ended = driver.run_with(Login::quick_connect(url(&server), device("PC")), |wait| {
            waits.push(wait.reason());
            handle.cancel();
        });

        assert_eq!(ended.map_err(login_error), Err(Error::Cancelled), "{adapter}");
        assert_eq!(waits, [WaitReason::Approval], "{adapter}");
        let session = driver.run(by_password(url(&server))).expect("alice may sign in");
        assert_eq!(session.user().name.as_deref(), Some("alice"), "{adapter}");
    }
}

#[test]
fn a_code_outlives_the_run_that_was_cancelled() {
    for adapter in BOTH {
        let server = server(Version::V12);
        let mut driver = adapter.driver();
        let handle = driver.handle();
        let mut login = Login::quick_connect(url(&server), device("PC"));
        driver.run_with(&mut login, |_| handle.cancel()).expect_err("it was cancelled");
        let record = login.to_record().expect("the code is alive");
        server.approve(record.code(), "alice").expect("the code is right");

        let resumed = Login::resume(record).expect("the record is whole").with_policy(hasty());
        let session = driver.run(resumed).expect("the code was approved");

        assert_eq!(session.user().name.as_deref(), Some("alice"), "{adapter}");
    }
}

#[test]
fn a_request_that_was_cut_leaves_the_driver_usable() {
    for adapter in BOTH {
        let server = Conduct::new(|request| match request.connection() {
            0 => vec![Move::Hold],
            _ => info(),
        })
        .start();
        let mut driver = adapter.driver();
        let handle = driver.handle();

        let (ended, took) = thread::scope(|scope| {
            let canceller = scope.spawn(|| {
                assert!(server.traffic().wait_for_request(SOON, "/System/Info/Public"));
                let at = Instant::now();
                handle.cancel();
                at
            });
            let ended = driver.run(by_password(address(&server.url())));
            (ended, canceller.join().expect("it only cancels").elapsed())
        });

        assert_eq!(ended.map_err(login_error), Err(Error::Cancelled), "{adapter}");
        assert!(took < AT_ONCE, "{adapter}: {took:?}");
        assert_eq!(ask(&mut driver, &server), Ok(SERVER_ID.to_owned()), "{adapter}");
        assert_eq!(ask(&mut driver, &server), Ok(SERVER_ID.to_owned()), "{adapter}");
        assert_eq!(server.traffic().connections().len(), 2, "{adapter}: {}", server.traffic());
    }
}

#[test]
fn a_handle_of_an_ended_run_changes_nothing_in_the_next_one() {
    for adapter in BOTH {
        let server = Conduct::new(|_| info()).start();
        let mut driver = adapter.driver();
        let old = driver.handle();
        ask(&mut driver, &server).expect("it answers");

        old.cancel();

        assert_eq!(ask(&mut driver, &server), Ok(SERVER_ID.to_owned()), "{adapter}");
        let handle = driver.handle();
        handle.cancel();
        handle.cancel();
        assert_eq!(ask(&mut driver, &server), Err(Error::Cancelled), "{adapter}");
        assert_eq!(server.traffic().requests().len(), 2, "{adapter}: nothing was sent");
        assert_eq!(ask(&mut driver, &server), Ok(SERVER_ID.to_owned()), "{adapter}");
    }
}

#[test]
fn a_machine_that_is_cancelled_before_its_run_sends_nothing() {
    for adapter in BOTH {
        let server = Conduct::new(|_| info()).start();
        let mut driver = adapter.driver();
        driver.handle().cancel();

        let ended = driver.run(by_password(address(&server.url())));

        assert_eq!(ended.map_err(login_error), Err(Error::Cancelled), "{adapter}");
        assert!(server.traffic().connections().is_empty(), "{adapter}: {}", server.traffic());
    }
}
