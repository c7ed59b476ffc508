//! When a connection is used again, and when a request is sent again.

use std::{
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use jellyfin_auth::{Error, Failure, Policy, endpoint::GetPublicUsers};
use jellyfin_auth_testkit::{
    answer::{self, ResponseExt as _},
    raw_server::{Conduct, Move, RawRequest, RawServer},
};

use crate::scene::{
    SERVER, ask, authentication, device, driver, failure, info, password_login, url, well_behaved,
    with_length,
};

/// On which connections the requests came.
fn connections(server: &RawServer) -> Vec<usize> {
    server.journal().requests().iter().map(RawRequest::connection).collect()
}

fn without_probe() -> Policy {
    let mut policy = Policy::default();
    policy.probe = false;
    policy
}

#[test]
fn the_connection_is_kept_between_requests() {
    let server = Conduct::new(well_behaved).start();
    let mut driver = driver();

    for _ in 0..3 {
        ask(&mut driver, &server).expect("it answers");
    }

    assert_eq!(connections(&server), [0, 0, 0]);
}

#[test]
fn a_request_that_met_a_dead_connection_is_sent_again_on_a_fresh_one() {
    for end in [Move::Close, Move::Reset] {
        let server = Conduct::new(move |request| {
            let first = request.connection() == 0;
            // The second request on the first connection gets no answer.
            if first && request.path() == "/Users/Public" { vec![end.clone()] } else { info() }
        });
        let server = server.start();
        let mut driver = driver();
        ask(&mut driver, &server).expect("it answers");

        let users = driver.call(&GetPublicUsers { server: &url(&server.url()), device: &device() });

        assert!(
            matches!(
                users.as_ref().map_err(|error| error.login()),
                Err(Some(Error::Malformed { .. }))
            ),
            "the second answer is no list: {users:?}"
        );
        assert_eq!(connections(&server), [0, 0, 1]);
    }
}

#[test]
fn a_request_is_sent_again_once_and_no_more() {
    let server = Conduct::new(|request| {
        if request.connection() == 0 && request.path() == "/System/Info/Public" {
            info()
        } else {
            vec![Move::Close]
        }
    })
    .start();
    let mut driver = driver();
    ask(&mut driver, &server).expect("it answers");

    let address = url(&server.url());
    let refused = driver
        .call(&GetPublicUsers { server: &address, device: &device() })
        .expect_err("nobody answers");

    let error = refused.login().expect("the protocol decides").clone();
    assert_eq!(failure::<()>(Err(error)), Some(Failure::Interrupted));
    assert_eq!(connections(&server), [0, 0, 1]);
}

#[test]
fn what_was_sent_once_is_never_called_unsent() {
    // The server ends in the middle of the second request, and is gone afterwards.
    let server = Arc::new(Mutex::new(None::<RawServer>));
    let gone = Arc::clone(&server);
    let started = Conduct::new(move |request| {
        if request.path() == "/System/Info/Public" {
            return info();
        }
        drop(gone.lock().expect("nobody panics").take());
        vec![Move::Close]
    })
    .start();
    let mut driver = driver();
    ask(&mut driver, &started).expect("it answers");
    let address = url(&started.url());
    *server.lock().expect("nobody panics") = Some(started);

    let refused = driver
        .call(&GetPublicUsers { server: &address, device: &device() })
        .expect_err("it is gone");

    let error = refused.login().expect("the protocol decides").clone();
    assert_eq!(failure::<()>(Err(error)), Some(Failure::Interrupted));
}

#[test]
fn a_password_that_met_a_dead_connection_is_not_sent_again() {
    let server = Conduct::new(|request| match request.path() {
        "/System/Info/Public" => info(),
        _ => vec![Move::Close],
    })
    .start();

    let refused = driver().run(password_login(&server.url())).expect_err("nobody answers");

    let error = refused.login().expect("the protocol decides").clone();
    assert_eq!(failure::<()>(Err(error)), Some(Failure::Interrupted));
    assert_eq!(server.journal().requests_for("/Users/AuthenticateByName").len(), 1);
}

#[test]
fn a_password_takes_no_connection_that_lay_idle_for_a_second() {
    let server = Conduct::new(well_behaved).start();
    let mut driver = driver();
    ask(&mut driver, &server).expect("it answers");
    thread::sleep(Duration::from_millis(1050));

    driver.run(password_login(&server.url()).with_policy(without_probe())).expect("alice may");

    assert_eq!(connections(&server), [0, 1]);
}

#[test]
fn a_connection_is_given_up_before_the_server_closes_it() {
    for (keep_alive, expected) in [("timeout=1", [0, 1]), ("timeout=5, max=100", [0, 0])] {
        let server = Conduct::new(move |_| {
            let info =
                answer::server_info(SERVER, "10.11.11").with_header("keep-alive", keep_alive);
            with_length(&info)
        })
        .start();
        let mut driver = driver();

        for _ in 0..2 {
            ask(&mut driver, &server).expect("it answers");
        }

        assert_eq!(connections(&server), expected, "{keep_alive}");
    }
}

#[test]
fn a_connection_that_the_server_closes_is_not_used_again() {
    let server = Conduct::new(|_| {
        let info = answer::server_info(SERVER, "10.11.11").with_header("connection", "close");
        with_length(&info)
    })
    .start();
    let mut driver = driver();

    for _ in 0..2 {
        ask(&mut driver, &server).expect("it answers");
    }

    assert_eq!(connections(&server), [0, 1]);
}

#[test]
fn a_stray_408_is_never_taken_for_an_answer() {
    let server = Conduct::new(|request| {
        let mut moves = info();
        if request.connection() == 0 {
            moves.push(Move::send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"));
            moves.push(Move::Close);
        }
        moves
    })
    .start();
    let mut driver = driver();
    ask(&mut driver, &server).expect("it answers");
    assert!(server.journal().wait_until_all_are_closed(Duration::from_secs(5)));

    assert_eq!(ask(&mut driver, &server), Ok(SERVER.to_owned()));

    assert_eq!(connections(&server), [0, 1]);
}

#[test]
fn a_408_that_meets_a_request_on_its_way_is_asked_again_elsewhere() {
    let server = Conduct::new(|request| {
        if request.connection() == 0 && request.path() != "/System/Info/Public" {
            vec![
                Move::send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"),
                Move::Close,
            ]
        } else if request.path() == "/Users/Public" {
            let mut nobody = answer::marked(200);
            *nobody.body_mut() = b"[]".to_vec();
            with_length(&nobody)
        } else {
            info()
        }
    })
    .start();
    let mut driver = driver();
    ask(&mut driver, &server).expect("it answers");

    let address = url(&server.url());
    let users = driver
        .call(&GetPublicUsers { server: &address, device: &device() })
        .expect("the fresh connection has the answer");

    assert!(users.is_empty());
    assert_eq!(connections(&server), [0, 0, 1]);
}

#[test]
fn a_password_goes_on_a_connection_of_its_own() {
    let server = Conduct::new(|request| match request.path() {
        "/System/Info/Public" => info(),
        _ => authentication(),
    })
    .start();

    driver().run(password_login(&server.url())).expect("alice may");

    assert_eq!(connections(&server), [0, 1]);
}
