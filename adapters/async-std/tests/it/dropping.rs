//! Giving up: dropping the future, or cancelling through the handle, wherever the driver is. The
//! server sees its socket close at once.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    thread,
    time::{Duration, Instant},
};

use event_listener::Event;
use futures_lite::future::{self, block_on};
use jellyfin_auth::{Error, Login};
use jellyfin_auth_async_std::Driver;
use jellyfin_auth_testkit::{
    answer,
    raw_server::{Conduct, FullBacklog, Identity, Move, RawServer, Traffic, wire},
};

use crate::scene::{
    AT_ONCE, PROBE, SERVER, SOON, TOKEN, approving, ask, driver, password_login, quick_connect,
    trusting, well_behaved,
};

/// How to give up.
#[derive(Clone, Copy, Debug)]
enum Way {
    Drop,
    Cancel,
}

const BOTH: [Way; 2] = [Way::Drop, Way::Cancel];

/// Runs `login`, gives up when `moment` returns, and checks that this ends it and that the server
/// sees every socket close at once, while the driver itself lives on.
fn give_up(way: Way, mut driver: Driver, login: Login, traffic: &Traffic, moment: impl FnOnce()) {
    let handle = driver.handle();
    let drop_it = Event::new();
    let dropped = drop_it.listen();
    thread::scope(|scope| {
        let run = scope.spawn(move || {
            let dropped = async {
                dropped.await;
                None
            };
            let ended = block_on(future::or(async { Some(driver.run(login).await) }, dropped));
            (ended, Instant::now(), driver)
        });
        moment();
        let at = Instant::now();
        match way {
            Way::Drop => {
                drop_it.notify(1);
            }
            Way::Cancel => handle.cancel(),
        }
        let (ended, ended_at, _driver) = run.join().expect("nothing panics");
        assert!(traffic.wait_until_all_are_closed(AT_ONCE), "{way:?}: {traffic}");
        let took = ended_at.saturating_duration_since(at);
        assert!(took < AT_ONCE, "{way:?} took {took:?}");
        match (way, ended) {
            (Way::Drop, None) => {}
            (Way::Cancel, Some(Err(error))) => {
                assert!(matches!(error.login(), Some(Error::Cancelled)), "{error:?}");
            }
            other => panic!("{other:?}"),
        }
    });
}

fn request_came(server: &RawServer, path: &str) {
    assert!(server.traffic().wait_for_request(SOON, path), "{}", server.traffic());
}

/// Lets the driver read what was sent.
fn a_moment_later() {
    thread::sleep(Duration::from_millis(50));
}

#[test]
fn while_the_server_thinks() {
    for way in BOTH {
        let server = Conduct::new(|_| vec![Move::Hold]).start();

        give_up(way, driver(), password_login(&server.url()), server.traffic(), || {
            request_came(&server, PROBE);
        });
    }
}

#[test]
fn in_the_middle_of_a_head_and_of_a_body() {
    let whole = wire::with_length(&answer::server_info(SERVER, "12.0.0"));
    for (way, length) in BOTH.into_iter().flat_map(|way| [(way, 20), (way, whole.len() - 1)]) {
        let part = whole[..length].to_vec();
        let server = Conduct::new(move |_| vec![Move::Send(part.clone()), Move::Hold]).start();

        give_up(way, driver(), password_login(&server.url()), server.traffic(), || {
            request_came(&server, PROBE);
            a_moment_later();
        });
    }
}

#[test]
fn during_a_body_that_comes_faster_than_it_is_read() {
    for way in BOTH {
        let informed = b"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100);
        let server = Conduct::new(move |_| vec![Move::Forever(informed.clone())]).start();

        give_up(way, driver(), password_login(&server.url()), server.traffic(), || {
            request_came(&server, PROBE);
            a_moment_later();
        });
    }
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "only Linux keeps connections waiting at a full queue"
)]
fn while_connecting() {
    let backlog = FullBacklog::start().expect("Linux keeps connections waiting");
    for way in BOTH {
        let login = password_login(&format!("http://{}", backlog.address()));

        give_up(way, driver(), login, &Traffic::default(), a_moment_later);
    }
}

#[test]
fn during_the_handshake() {
    let root = Identity::self_signed(&["nas"]);
    for way in BOTH {
        let server = Conduct::new(|_| Vec::new()).greeting(|_| vec![Move::Hold]).start();
        let login = password_login(&server.url().replace("http:", "https:"));

        give_up(way, trusting(root.pem()), login, server.traffic(), || {
            assert!(server.traffic().wait_until(SOON, |all| !all.is_empty()));
            a_moment_later();
        });
    }
}

#[test]
fn during_the_wait_between_two_polls() {
    for way in BOTH {
        let server = Conduct::new(well_behaved).start();

        give_up(way, driver(), quick_connect(&server.url()), server.traffic(), || {
            request_came(&server, "/QuickConnect/Initiate");
            a_moment_later();
        });
    }
}

/// Polls `future` at most so many times.
async fn only<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut count = 0;
    poll_fn(|cx| {
        if count == polls {
            return Poll::Ready(None);
        }
        count += 1;
        future.as_mut().poll(cx).map(Some)
    })
    .await
}

#[test]
fn after_any_number_of_polls() {
    let identity = Identity::self_signed(&["127.0.0.1"]);
    // In small pieces, so that there are many points to be at.
    let in_pieces = |whole: Vec<Move>| {
        whole.into_iter().map(|one| match one {
            Move::Send(bytes) => Move::Drip { bytes, every: Duration::ZERO },
            other => other,
        })
    };
    let server = Conduct::new(move |request| in_pieces(well_behaved(request)).collect());
    let server = server.tls(&identity).start();
    let mut driver = trusting(identity.pem());

    let mut polls = 0;
    while block_on(only(polls, driver.run(password_login(&server.url())))).is_none() {
        let traffic = server.traffic();
        assert!(traffic.wait_until_all_are_closed(AT_ONCE), "after {polls} polls: {traffic}");
        polls += 1;
    }

    assert!(polls > 5, "a sign-in over TLS waits more than {polls} times");
    ask(&mut driver, &server).expect("a driver whose futures were dropped goes on");
}

#[test]
fn a_login_that_was_lent_goes_on_with_its_code_after_its_future_was_dropped() {
    let server = Conduct::new(approving).start();
    let mut driver = driver();
    let mut login = quick_connect(&server.url());
    let until_a_code_is_shown = |driver: &mut Driver, login: &mut Login| {
        let shown = Event::new();
        let listener = shown.listen();
        let run = driver.run_with(login, |_| {
            shown.notify(1);
        });
        let dropped = async {
            listener.await;
            None
        };
        block_on(future::or(dropped, async { Some(run.await) })).map(drop)
    };
    assert!(until_a_code_is_shown(&mut driver, &mut login).is_none());
    assert!(server.traffic().wait_until_all_are_closed(AT_ONCE), "{}", server.traffic());

    let session = block_on(driver.run(&mut login)).expect("the code was approved meanwhile");

    assert_eq!(session.access_token().expose(), TOKEN);
    assert_eq!(server.traffic().requests_for("/QuickConnect/Initiate").len(), 1);
}

#[test]
fn a_driver_whose_future_was_never_polled_goes_on() {
    let server = Conduct::new(well_behaved).start();
    let mut driver = driver();
    ask(&mut driver, &server).expect("it answers");
    drop(driver.run(password_login(&server.url())));

    ask(&mut driver, &server).expect("it answers");

    assert_eq!(server.traffic().requests().len(), 2, "{}", server.traffic());
    assert_eq!(server.traffic().connections().len(), 1, "the connection is kept");
}

#[test]
fn a_cancel_during_a_future_that_is_dropped_ends_nothing_else() {
    let server = Conduct::new(|request| match request.connection() {
        0 => vec![Move::Hold],
        _ => well_behaved(request),
    })
    .start();
    let mut driver = driver();
    let handle = driver.handle();
    let mut run = Box::pin(driver.run(password_login(&server.url())));
    block_on(async {
        assert!(future::poll_once(&mut run).await.is_none(), "it connects");
    });
    handle.cancel();
    drop(run);

    assert_eq!(ask(&mut driver, &server).expect("it answers"), SERVER);
}

#[test]
fn a_single_request() {
    let server = Conduct::new(|_| vec![Move::Hold]).start();
    let mut driver = driver();
    let handle = driver.handle();

    let ended = thread::scope(|scope| {
        scope.spawn(|| {
            request_came(&server, PROBE);
            handle.cancel();
        });
        ask(&mut driver, &server)
    });

    assert!(matches!(ended, Err(Error::Cancelled)), "{ended:?}");
    assert!(server.traffic().wait_until_all_are_closed(AT_ONCE), "{}", server.traffic());
}

#[test]
fn from_within_the_callback() {
    let server = Conduct::new(well_behaved).start();
    let mut driver = driver();
    let handle = driver.handle();

    let login = quick_connect(&server.url());
    let ended = block_on(driver.run_with(login, |_| handle.cancel())).expect_err("cancelled");

    assert!(matches!(ended.login(), Some(Error::Cancelled)), "{ended:?}");
    assert!(server.traffic().wait_until_all_are_closed(AT_ONCE), "{}", server.traffic());
}
