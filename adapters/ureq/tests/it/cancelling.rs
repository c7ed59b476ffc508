//! Giving up, at every point where a driver can be.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use jellyfin_auth::{Error, Login};
use jellyfin_auth_testkit::{
    answer,
    raw_server::{Conduct, FullBacklog, Identity, Move, RawServer, Traffic, wire},
};
use jellyfin_auth_ureq::{Driver, Options};

use crate::scene::{
    AT_ONCE, ask, driver, info, options, password_login, quick_connect, well_behaved,
};

const SOON: Duration = Duration::from_secs(5);

/// Runs `login`, cancels once `ready`, and returns how long the driver still took.
fn cancel_when(mut driver: Driver, login: Login, ready: impl FnOnce() + Send) -> Duration {
    let handle = driver.handle();
    thread::scope(|scope| {
        let canceller = scope.spawn(move || {
            ready();
            let at = Instant::now();
            handle.cancel();
            at
        });
        let ended = driver.run(login).expect_err("it was cancelled");
        let now = Instant::now();
        assert!(matches!(ended.login(), Some(Error::Cancelled)), "{ended:?}");
        now.saturating_duration_since(canceller.join().expect("it only cancels"))
    })
}

fn request_came(server: &RawServer, path: &str) {
    assert!(server.traffic().wait_for_request(SOON, path), "{}", server.traffic());
}

fn all_closed(traffic: &Traffic) {
    assert!(traffic.wait_until_all_are_closed(AT_ONCE), "{traffic}");
}

#[test]
fn during_the_wait_between_two_polls() {
    let server = Conduct::new(well_behaved).start();
    let mut driver = driver();
    let handle = driver.handle();
    let (show, shown) = mpsc::channel();
    let canceller = thread::spawn(move || {
        let code: String = shown.recv().expect("a code is shown");
        thread::sleep(Duration::from_millis(50));
        let at = Instant::now();
        handle.cancel();
        (code, at)
    });

    let ended = driver
        .run_with(quick_connect(&server.url()), |wait| {
            let code = wait.code().expect("a code is alive");
            show.send(code.to_owned()).expect("the other thread listens");
        })
        .expect_err("it was cancelled");

    let now = Instant::now();
    assert!(matches!(ended.login(), Some(Error::Cancelled)), "{ended:?}");
    let (code, at) = canceller.join().expect("it only cancels");
    assert_eq!(code, "123456");
    assert!(now.saturating_duration_since(at) < AT_ONCE);
    all_closed(server.traffic());
}

#[test]
fn while_the_server_thinks() {
    let server = Conduct::new(|_| vec![Move::Hold]).start();

    let took = cancel_when(driver(), password_login(&server.url()), || {
        request_came(&server, "/System/Info/Public");
    });

    assert!(took < AT_ONCE, "{took:?}");
    all_closed(server.traffic());
}

#[test]
fn while_a_body_comes_that_has_no_announced_end() {
    let whole = wire::until_close(&answer::server_info(crate::scene::SERVER, "12.0.0"));
    let server = Conduct::new(move |_| vec![Move::Send(whole.clone()), Move::Hold]).start();

    let took = cancel_when(driver(), password_login(&server.url()), || {
        request_came(&server, "/System/Info/Public");
        thread::sleep(Duration::from_millis(50));
    });

    assert!(took < AT_ONCE, "{took:?}");
    assert_eq!(server.traffic().requests().len(), 1, "a cut body isn't taken for a whole one");
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "only Linux keeps connections waiting at a full queue"
)]
fn while_connecting() {
    let backlog = FullBacklog::start().expect("Linux keeps connections waiting");
    let login = password_login(&format!("http://{}", backlog.address()));

    let took = cancel_when(driver(), login, || thread::sleep(Duration::from_millis(50)));

    assert!(took < AT_ONCE, "{took:?}");
}

#[test]
fn during_the_handshake() {
    let server = Conduct::new(|_| Vec::new()).greeting(|_| vec![Move::Hold]).start();
    let login = password_login(&server.url().replace("http:", "https:"));
    let root = Identity::self_signed(&["nas"]);
    let driver = Driver::with_options(trusting(&root));

    let took = cancel_when(driver, login, || {
        let accepted = |connections: &[_]| !connections.is_empty();
        assert!(server.traffic().wait_until(SOON, accepted));
        thread::sleep(Duration::from_millis(50));
    });

    assert!(took < AT_ONCE, "{took:?}");
    all_closed(server.traffic());
}

fn trusting(root: &Identity) -> Options {
    options().root_certificate_pem(root.pem().as_bytes()).expect("it is a certificate")
}

#[test]
fn a_single_request() {
    let server = Conduct::new(|_| vec![Move::Hold]).start();
    let mut driver = driver();
    let handle = driver.handle();

    let ended = thread::scope(|scope| {
        scope.spawn(|| {
            request_came(&server, "/System/Info/Public");
            handle.cancel();
        });
        ask(&mut driver, &server)
    });

    assert!(matches!(ended, Err(Error::Cancelled)), "{ended:?}");
}

#[test]
fn from_within_the_callback() {
    let server = Conduct::new(well_behaved).start();
    let mut driver = driver();
    let handle = driver.handle();

    let ended = driver
        .run_with(quick_connect(&server.url()), |_| handle.cancel())
        .expect_err("it was cancelled");

    assert!(matches!(ended.login(), Some(Error::Cancelled)), "{ended:?}");
}

#[test]
fn a_callback_that_panics_leaves_the_driver_usable() {
    let server = Conduct::new(well_behaved).start();
    let mut driver = driver();

    let panicked = catch_unwind(AssertUnwindSafe(|| {
        driver.run_with(quick_connect(&server.url()), |_| panic!("the callback's own trouble"))
    }));

    assert!(panicked.is_err());
    ask(&mut driver, &server).expect("the driver still works");
    driver.handle().cancel();
    assert!(matches!(ask(&mut driver, &server), Err(Error::Cancelled)));
}

#[test]
fn a_handle_that_outlives_its_driver_keeps_no_connection() {
    let server = Conduct::new(|_| info()).start();
    let mut driver = driver();
    let handle = driver.handle();
    ask(&mut driver, &server).expect("it answers");

    drop(driver);

    all_closed(server.traffic());
    handle.cancel();
    handle.check_now();
}
