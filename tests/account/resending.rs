//! A single request keeps to its limits: what may not be sent twice goes on a fresh connection, once.

use jellyfin_auth::{
    Error, Failure, Password,
    endpoint::{AuthenticateByName, GetPublicUsers, GetServerInfo, RedeemPin},
};
use jellyfin_auth_testkit::{
    answer,
    raw_server::{Conduct, Move, RawRequest, RawServer},
};

use crate::{
    both_drivers::{BOTH, Driver, login_error},
    scene::{address, authentication, device, info, sends},
};

const BY_NAME: &str = "/Users/AuthenticateByName";
const PIN: &str = "/Users/ForgotPassword/Pin";
const USERS: &str = "/Users/Public";

/// On which connections the requests arrived.
fn connections(server: &RawServer) -> Vec<usize> {
    server.traffic().requests().iter().map(RawRequest::connection).collect()
}

/// Asks who the server is: from then on the driver keeps a connection.
fn ask(driver: &mut Driver, server: &RawServer) {
    let (server, device) = (address(&server.url()), device("PC"));
    driver.call(&GetServerInfo { server: &server, device: &device }).expect("it answers");
}

fn send_password(driver: &mut Driver, server: &RawServer) -> Result<(), Error> {
    let (server, device, password) = (address(&server.url()), device("PC"), Password::from("pw"));
    let endpoint = AuthenticateByName {
        server: &server,
        device: &device,
        user_name: "alice",
        password: &password,
    };
    driver.call(&endpoint).map(drop).map_err(login_error)
}

fn send_pin(driver: &mut Driver, server: &RawServer) -> Result<(), Error> {
    let (server, device, pin) = (address(&server.url()), device("PC"), Password::from("11-22"));
    let endpoint = RedeemPin::new(&server, &device, &pin).expect("it isn't blank");
    driver.call(&endpoint).map(drop).map_err(login_error)
}

type Send = fn(&mut Driver, &RawServer) -> Result<(), Error>;

const SECRETS: [(&str, Send); 2] = [(BY_NAME, send_password), (PIN, send_pin)];

#[test]
fn a_password_or_pin_goes_on_a_fresh_connection() {
    for adapter in BOTH {
        for (path, send) in SECRETS {
            let server = Conduct::new(|request| match request.path() {
                BY_NAME => authentication(),
                PIN => sends(&answer::marked(404)),
                _ => info(),
            })
            .start();
            let mut driver = adapter.driver();
            ask(&mut driver, &server);

            let ended = send(&mut driver, &server);

            let expected = if path == PIN { Err(Error::PinRefused) } else { Ok(()) };
            assert_eq!(ended, expected, "{adapter} {path}");
            assert_eq!(connections(&server), [0, 1], "{adapter} {path}");
        }
    }
}

#[test]
fn a_password_or_pin_that_got_no_answer_is_not_sent_again() {
    for adapter in BOTH {
        for (path, send) in SECRETS {
            for end in [Move::Close, Move::Reset] {
                let server = Conduct::new(move |request| match request.path() {
                    "/System/Info/Public" => info(),
                    _ => vec![end.clone()],
                })
                .start();
                let mut driver = adapter.driver();
                ask(&mut driver, &server);

                let ended = send(&mut driver, &server);

                let lost = Err(Error::from(Failure::Interrupted));
                assert_eq!(ended, lost, "{adapter} {path}");
                assert_eq!(server.traffic().requests_for(path).len(), 1, "{adapter} {path}");
            }
        }
    }
}

#[test]
fn a_password_or_pin_that_is_answered_with_408_is_not_sent_again() {
    for adapter in BOTH {
        for (path, send) in SECRETS {
            let server = Conduct::new(|request| {
                if request.path() == "/System/Info/Public" {
                    return info();
                }
                let mut moves = sends(&answer::unmarked(408));
                moves.push(Move::Close);
                moves
            })
            .start();
            let mut driver = adapter.driver();
            ask(&mut driver, &server);

            let ended = send(&mut driver, &server);

            assert!(
                matches!(ended, Err(Error::Unexpected { status: 408, .. })),
                "{adapter} {path}: {ended:?}"
            );
            assert_eq!(server.traffic().requests_for(path).len(), 1, "{adapter} {path}");
        }
    }
}

#[test]
fn any_other_request_on_a_dead_connection_is_sent_once_more() {
    for adapter in BOTH {
        let server = Conduct::new(|request| match (request.path(), request.connection()) {
            (USERS, 0) => vec![Move::Close],
            (USERS, _) => {
                let mut nobody = answer::marked(200);
                *nobody.body_mut() = b"[]".to_vec();
                sends(&nobody)
            }
            _ => info(),
        })
        .start();
        let mut driver = adapter.driver();
        ask(&mut driver, &server);
        let (url, device) = (address(&server.url()), device("PC"));

        let users = driver.call(&GetPublicUsers { server: &url, device: &device });

        assert_eq!(users.map_err(login_error), Ok(Vec::new()), "{adapter}");
        assert_eq!(connections(&server), [0, 0, 1], "{adapter}");
    }
}
