//! What becomes of a connection that lies idle, and of the request that wanted to use it.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::{Arc, mpsc},
    thread,
};

use jellyfin_auth::Failure;
use jellyfin_auth_testkit::{
    answer,
    raw_server::{Conduct, ConnectionRecord, Identity, Move, RawRequest, RawServer, wire},
};
use rustls::{ServerConnection, StreamOwned};

use crate::{
    both_drivers::BOTH,
    scene::{
        AUTHENTICATE, PROBE, SERVER, SOON, USERS, ask, ask_at, ask_for_users, connections, failure,
        info, password_login, trusting, well_behaved,
    },
};

const STRAY_408: &str = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n";

/// Behaves well, but makes `moves` after the first answer on its first connection.
fn after_the_first_answer(moves: Vec<Move>) -> Conduct {
    Conduct::new(move |request| {
        let mut answer = well_behaved(request);
        if request.connection() == 0 {
            answer.extend(moves.clone());
        }
        answer
    })
}

/// Behaves well, but on its first connection makes `moves` in place of every answer but the first.
fn instead_of_the_second_answer(moves: Vec<Move>) -> Conduct {
    Conduct::new(move |request: &RawRequest| {
        if request.connection() == 0 && request.path() != PROBE {
            moves.clone()
        } else {
            well_behaved(request)
        }
    })
}

fn all_closed(server: &RawServer) {
    assert!(server.traffic().wait_until_all_are_closed(SOON), "{}", server.traffic());
}

#[test]
fn the_connection_is_kept_between_requests() {
    for adapter in BOTH {
        let server = Conduct::new(well_behaved).start();
        let mut driver = adapter.driver();

        for _ in 0..3 {
            ask(&mut driver, &server).expect("it answers");
        }

        assert_eq!(connections(&server), [0, 0, 0]);
    }
}

#[test]
fn a_connection_that_ended_while_idle_is_replaced_before_anything_is_sent() {
    for adapter in BOTH {
        for end in [Move::Close, Move::Cut, Move::Reset] {
            let server = after_the_first_answer(vec![end.clone()]).start();
            let mut driver = adapter.driver();
            ask(&mut driver, &server).expect("it answers");
            all_closed(&server);

            ask(&mut driver, &server).expect("it answers again");

            assert_eq!(connections(&server), [0, 1], "{end:?}");
        }
    }
}

#[test]
fn an_encrypted_connection_that_ended_while_idle_is_replaced() {
    for adapter in BOTH {
        let identity = Identity::self_signed(&["127.0.0.1"]);
        for end in [Move::Close, Move::Cut, Move::Reset] {
            let server = after_the_first_answer(vec![end.clone()]).tls(&identity).start();
            let mut driver = trusting(adapter, identity.pem());
            ask(&mut driver, &server).expect("it answers");
            all_closed(&server);

            ask(&mut driver, &server).expect("it answers again");

            assert_eq!(connections(&server), [0, 1], "{end:?}");
        }
    }
}

#[test]
fn a_close_notify_is_the_end_even_if_the_socket_stays_open() {
    for adapter in BOTH {
        let identity = Identity::self_signed(&["127.0.0.1"]);
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let config = Arc::new(identity.server_config());
        let (sender, receiver) = mpsc::channel();
        let server = thread::spawn(move || {
            let mut sockets = Vec::new();
            for _ in 0..2 {
                let (socket, _) = listener.accept().expect("the driver connects");
                let tls =
                    ServerConnection::new(Arc::clone(&config)).expect("the configuration is good");
                let mut tls = StreamOwned::new(tls, socket);
                let mut request = [0; 4096];
                assert_ne!(tls.read(&mut request).expect("a request comes"), 0);
                let answer = wire::with_length(&answer::server_info(SERVER, "10.11.11"));
                tls.write_all(&answer).expect("the driver reads");
                tls.conn.send_close_notify();
                tls.flush().expect("the socket is open");
                sender.send(()).expect("the test listens");
                // Nothing is closed: the end is that of TLS alone.
                sockets.push(tls);
            }
            sockets.len()
        });
        let mut driver = trusting(adapter, identity.pem());
        let url = format!("https://{address}");

        for _ in 0..2 {
            assert_eq!(ask_at(&mut driver, &url), Ok(SERVER.to_owned()));
            receiver.recv().expect("the server answered and took its leave");
        }

        assert_eq!(server.join().expect("the server met no trouble"), 2, "one connection each");
    }
}

#[test]
fn a_stray_408_is_never_taken_for_an_answer() {
    for adapter in BOTH {
        // The server closes right after it, later, or never.
        for more in [vec![Move::Close], vec![Move::Hold]] {
            let mut moves = vec![Move::send(STRAY_408)];
            moves.extend(more);
            let server = after_the_first_answer(moves).start();
            let mut driver = adapter.driver();
            ask(&mut driver, &server).expect("it answers");
            let first_answer = wire::with_length(&answer::server_info(SERVER, "10.11.11"));
            let both = (first_answer.len() + STRAY_408.len()) as u64;
            let first_answer_and_408 = |all: &[ConnectionRecord]| all[0].sent == both;
            assert!(
                server.traffic().wait_until(SOON, first_answer_and_408),
                "{}",
                server.traffic()
            );

            assert_eq!(ask(&mut driver, &server), Ok(SERVER.to_owned()));

            assert_eq!(connections(&server), [0, 1]);
        }
    }
}

#[test]
fn a_stray_408_in_one_piece_with_the_answer_is_no_answer_either() {
    for adapter in BOTH {
        let server = Conduct::new(|request| {
            let mut answer = info();
            if let (0, Some(Move::Send(bytes))) = (request.connection(), answer.first_mut()) {
                bytes.extend_from_slice(STRAY_408.as_bytes());
            }
            answer
        })
        .start();
        let mut driver = adapter.driver();

        for _ in 0..2 {
            assert_eq!(ask(&mut driver, &server), Ok(SERVER.to_owned()));
        }

        assert_eq!(connections(&server), [0, 1]);
    }
}

#[test]
fn a_request_that_got_no_byte_back_is_sent_once_more_on_a_fresh_connection() {
    for adapter in BOTH {
        for end in [Move::Close, Move::Reset] {
            let server = instead_of_the_second_answer(vec![end]).start();
            let mut driver = adapter.driver();
            ask(&mut driver, &server).expect("it answers");

            assert_eq!(ask_for_users(&mut driver, &server), Ok(0));

            assert_eq!(connections(&server), [0, 0, 1]);
        }
    }
}

#[test]
fn a_408_that_meets_a_request_on_its_way_is_asked_again_elsewhere() {
    for adapter in BOTH {
        let server = instead_of_the_second_answer(vec![Move::send(STRAY_408), Move::Close]).start();
        let mut driver = adapter.driver();
        ask(&mut driver, &server).expect("it answers");

        assert_eq!(ask_for_users(&mut driver, &server), Ok(0));

        assert_eq!(connections(&server), [0, 0, 1]);
    }
}

#[test]
fn a_request_that_got_a_byte_back_is_not_sent_again() {
    for adapter in BOTH {
        let server = instead_of_the_second_answer(vec![Move::send("H"), Move::Close]).start();
        let mut driver = adapter.driver();
        ask(&mut driver, &server).expect("it answers");

        let refused = failure(ask_for_users(&mut driver, &server));

        assert_eq!(refused, Some(Failure::Interrupted));
        assert_eq!(connections(&server), [0, 0]);
    }
}

#[test]
fn a_request_is_sent_once_more_and_not_twice() {
    for adapter in BOTH {
        let server = Conduct::new(|request| match request.path() {
            USERS => vec![Move::Close],
            _ => info(),
        })
        .start();
        let mut driver = adapter.driver();
        ask(&mut driver, &server).expect("it answers");

        let refused = failure(ask_for_users(&mut driver, &server));

        assert_eq!(refused, Some(Failure::Interrupted));
        assert_eq!(connections(&server), [0, 0, 1]);
    }
}

#[test]
fn a_request_that_was_lost_and_finds_no_second_connection_may_have_arrived() {
    for adapter in BOTH {
        // The second connection is reset at once: "unreachable" alone would promise too much.
        let server = instead_of_the_second_answer(vec![Move::Close])
            .greeting(|number| if number == 0 { Vec::new() } else { vec![Move::Reset] })
            .start();
        let mut driver = adapter.driver();
        ask(&mut driver, &server).expect("it answers");

        let refused = failure(ask_for_users(&mut driver, &server));

        assert_eq!(refused, Some(Failure::Interrupted));
    }
}

#[test]
fn a_password_goes_on_a_fresh_connection_and_what_follows_on_the_same() {
    for adapter in BOTH {
        let server = Conduct::new(well_behaved).start();
        let mut driver = adapter.driver();

        driver.run(password_login(&server.url())).expect("alice may");
        ask_for_users(&mut driver, &server).expect("it answers");

        assert_eq!(connections(&server), [0, 1, 1]);
        assert!(server.traffic().wait_until(SOON, |all| all[0].closed.is_some()), "one is kept");
    }
}

#[test]
fn a_password_that_got_no_answer_is_not_sent_again() {
    for adapter in BOTH {
        for end in [Move::Close, Move::Reset] {
            let server = Conduct::new(move |request| match request.path() {
                AUTHENTICATE => vec![end.clone()],
                _ => well_behaved(request),
            })
            .start();

            let refused =
                adapter.driver().run(password_login(&server.url())).expect_err("no answer");

            let error = refused.login().expect("the protocol decides").clone();
            assert_eq!(failure::<()>(Err(error)), Some(Failure::Interrupted));
            assert_eq!(server.traffic().requests_for(AUTHENTICATE).len(), 1);
        }
    }
}
