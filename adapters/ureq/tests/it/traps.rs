//! What an HTTP stack does that a sign-in must not.

use std::{error::Error as _, time::Duration};

use jellyfin_auth::{Error, Failure};
use jellyfin_auth_testkit::{
    answer::{self, ResponseExt as _},
    raw_server::{Conduct, Move, RawServer, refused_port, wire},
};

use crate::scene::{
    PASSWORD, SECRET, SERVER, TOKEN, ask, device, driver, failure, impatient, info, password_login,
    quick_connect, url, well_behaved, with_length,
};

/// A server that answers the sign-in with `moves`.
fn answering_the_sign_in(moves: Vec<Move>) -> RawServer {
    Conduct::new(move |request| match request.path() {
        "/System/Info/Public" => info(),
        _ => moves.clone(),
    })
    .start()
}

/// A server that answers everything with `moves`.
fn answering(moves: Vec<Move>) -> RawServer {
    Conduct::new(move |_| moves.clone()).start()
}

#[test]
fn a_sign_in_by_password_succeeds() {
    let server = Conduct::new(well_behaved).start();

    let session = driver().run(password_login(&server.url())).expect("the server lets alice in");

    assert_eq!(session.access_token().expose(), TOKEN);
    assert_eq!(server.journal().connections().len(), 2, "the password has one of its own");
}

#[test]
fn a_status_of_4xx_arrives_as_an_answer() {
    let server = answering_the_sign_in(with_length(&answer::marked(401)));

    let refused = driver().run(password_login(&server.url())).expect_err("401");

    assert!(matches!(refused.login(), Some(Error::BadCredentials { .. })), "{refused:?}");
}

#[test]
fn a_redirect_is_not_followed_and_authorization_goes_nowhere_else() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Conduct::new(well_behaved).start();
        let target = format!("{}/Users/AuthenticateByName", elsewhere.url());
        let server = answering_the_sign_in(with_length(
            &answer::unmarked(status).with_header("location", &target),
        ));

        let refused = driver().run(password_login(&server.url())).expect_err("redirected");

        let Some(Error::Redirected { to, .. }) = refused.login() else { panic!("{refused:?}") };
        assert_eq!(to.as_deref(), Some(target.as_str()));
        assert!(elsewhere.journal().connections().is_empty(), "{}", elsewhere.journal());
        assert_eq!(server.journal().requests_for("/Users/AuthenticateByName").len(), 1);
    }
}

#[test]
fn a_redirect_without_a_location_is_an_answer_too() {
    let server = answering_the_sign_in(with_length(&answer::unmarked(302)));

    let refused = driver().run(password_login(&server.url())).expect_err("redirected");

    assert!(matches!(refused.login(), Some(Error::Redirected { to: None, .. })), "{refused:?}");
}

#[test]
fn a_stalled_server_times_out() {
    for moves in [vec![Move::Hold], vec![Move::send("HTTP/1.1 200 OK\r\nContent-"), Move::Hold]] {
        let server = answering(moves);
        let login = quick_connect(&server.url()).with_policy(impatient(Duration::from_millis(200)));

        let refused = driver().run(login).expect_err("no answer").into_kind();

        let jellyfin_auth_ureq::ErrorKind::Login(refused) = refused else { panic!("{refused:?}") };
        assert_eq!(failure::<()>(Err(refused)), Some(Failure::Timeout));
    }
}

#[test]
fn a_body_that_comes_drop_by_drop_times_out() {
    let drip = Move::Drip { bytes: vec![b' '; 1000], every: Duration::from_millis(20) };
    let server =
        answering(vec![Move::send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"), drip]);
    let login = quick_connect(&server.url()).with_policy(impatient(Duration::from_millis(200)));

    let refused = driver().run(login).expect_err("no whole answer");

    assert_eq!(failure::<()>(Err(refused.login().expect("sent").clone())), Some(Failure::Timeout));
}

#[test]
fn a_body_over_the_cap_is_refused_at_the_cap() {
    const LARGE: usize = 10 * 1024 * 1024;
    let mut large = answer::marked(200);
    *large.body_mut() = vec![b' '; LARGE];
    let head = wire::head(&large, "Transfer-Encoding: chunked\r\n");
    let mut one_chunk = format!("{LARGE:X}\r\n").into_bytes();
    one_chunk.resize(one_chunk.len() + LARGE, b' ');
    for moves in [
        with_length(&large),
        vec![Move::Send(wire::until_close(&large)), Move::Close],
        vec![Move::Send(head), Move::Send(one_chunk)],
        vec![Move::send("HTTP/1.1 200 OK\r\n\r\n"), Move::Forever(vec![b' '; 1024])],
    ] {
        let server = answering(moves);

        assert_eq!(failure(ask(&mut driver(), &server)), Some(Failure::TooLarge));

        assert!(server.journal().wait_until_all_are_closed(Duration::from_secs(5)));
        let sent = server.journal().connections()[0].sent;
        // What the system's buffers swallowed beyond the 1 MiB that was read.
        assert!(sent < 9 * 1024 * 1024, "{sent} bytes went through");
    }
}

#[test]
fn a_body_as_long_as_the_cap_is_taken() {
    let mut whole = answer::server_info(SERVER, "10.11.11");
    whole.body_mut().resize(1024 * 1024, b' ');
    let server = answering(with_length(&whole));

    assert_eq!(ask(&mut driver(), &server), Ok(SERVER.to_owned()));
}

#[test]
fn an_endless_head_is_refused() {
    let endless = |line: &str| {
        vec![Move::send("HTTP/1.1 200 OK\r\n"), Move::Forever(line.as_bytes().to_vec())]
    };
    for moves in [endless("X-Line: 1\r\n"), endless("x")] {
        let server = answering(moves);

        let refused = failure(ask(&mut driver(), &server));

        assert!(matches!(refused, Some(Failure::TooLarge | Failure::Other)), "{refused:?}");
    }
}

#[test]
fn informational_answers_are_passed_over() {
    let mut bytes = b"HTTP/1.1 100 Continue\r\n\r\n".to_vec();
    bytes.extend_from_slice(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
    bytes.extend(wire::chunked_with_trailers(&answer::server_info(SERVER, "12.0.0")));
    let server = answering(vec![Move::Send(bytes)]);

    assert_eq!(ask(&mut driver(), &server), Ok(SERVER.to_owned()));
}

#[test]
fn another_protocol_is_not_switched_to() {
    let server = answering(vec![
        Move::send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
        Move::Hold,
    ]);

    assert_eq!(failure(ask(&mut driver(), &server)), Some(Failure::Other));
}

#[test]
fn answers_that_break_off_are_interrupted() {
    for moves in [
        vec![Move::Close],
        vec![Move::Reset],
        vec![Move::send("HTTP/1.1 200 O"), Move::Close],
        vec![Move::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"), Move::Close],
        vec![Move::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"), Move::Reset],
        vec![
            Move::send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"),
            Move::Close,
        ],
    ] {
        let server = answering(moves.clone());

        assert_eq!(failure(ask(&mut driver(), &server)), Some(Failure::Interrupted), "{moves:?}");
    }
}

#[test]
fn a_refused_connection_is_unreachable_and_says_so() {
    let server = url(&format!("http://{}", refused_port()));
    let refused = driver()
        .call(&jellyfin_auth::endpoint::GetServerInfo { server: &server, device: &device() })
        .expect_err("nobody listens");

    let reason = refused.source().expect("the system gave a reason").to_string();
    assert!(reason.contains("refused"), "{reason}");
    let error = refused.login().expect("the protocol decides").clone();
    assert_eq!(failure::<()>(Err(error)), Some(Failure::Unreachable));
}

#[test]
fn a_name_that_nobody_knows_is_not_found() {
    let server = url("http://nobody.invalid");

    let refused = driver()
        .call(&jellyfin_auth::endpoint::GetServerInfo { server: &server, device: &device() })
        .expect_err("the name doesn't exist");

    let error = refused.login().expect("the protocol decides").clone();
    assert_eq!(failure::<()>(Err(error)), Some(Failure::HostNotFound));
}

#[test]
fn another_address_of_the_host_is_tried() {
    // "localhost" is ::1 and 127.0.0.1 on most systems, and only one of them listens.
    let server = Conduct::new(well_behaved).start();
    let address = url(&server.url_as("localhost"));

    let info = driver()
        .call(&jellyfin_auth::endpoint::GetServerInfo { server: &address, device: &device() });

    assert_eq!(info.expect("127.0.0.1 answers").id, SERVER);
}

#[test]
fn an_ipv6_address_is_reached() {
    let Ok(server) = Conduct::new(well_behaved).on("::1".parse().expect("it is one")).try_start()
    else {
        return; // A machine without IPv6.
    };

    assert_eq!(ask(&mut driver(), &server), Ok(SERVER.to_owned()));
    let requests = server.journal().requests();
    assert!(requests[0].header("host")[0].starts_with("[::1]:"), "{}", requests[0].head());
}

#[test]
fn requests_carry_what_the_core_sets_and_nothing_else() {
    let server = Conduct::new(well_behaved).start();
    driver().run(password_login(&server.url())).expect("the server lets alice in");
    let login = quick_connect(&server.url()).with_policy(impatient(Duration::from_secs(5)));
    let mut driver = driver();
    let handle = driver.handle();
    driver.run_with(login, |_| handle.cancel()).expect_err("cancelled at the first wait");

    let journal = server.journal();
    let names = |path: &str| -> Vec<String> {
        let requests = journal.requests_for(path);
        let mut names: Vec<_> =
            requests[0].headers().map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.sort();
        names
    };
    assert_eq!(names("/System/Info/Public"), ["accept", "host", "user-agent"]);
    let with_body =
        ["accept", "authorization", "content-length", "content-type", "host", "user-agent"];
    assert_eq!(names("/Users/AuthenticateByName"), with_body);
    let without_body = ["accept", "authorization", "content-length", "host", "user-agent"];
    assert_eq!(names("/QuickConnect/Initiate"), without_body);
    let initiate = &journal.requests_for("/QuickConnect/Initiate")[0];
    assert_eq!(initiate.header("content-length"), ["0"]);
    assert_eq!(initiate.header("user-agent"), ["Example/1.0"]);
    assert_eq!(initiate.header("accept"), ["application/json"]);
}

#[test]
fn nothing_that_is_shown_holds_a_secret() {
    let server = answering_the_sign_in(vec![Move::Close]);
    let mut driver = driver();

    let refused = driver.run(password_login(&server.url())).expect_err("the connection broke");

    let shown = format!("{refused} {refused:?} {:?} {driver:?}", refused.source());
    for secret in [PASSWORD, SECRET, TOKEN, "MediaBrowser"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
