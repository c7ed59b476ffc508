//! What a server may not do to the one who asks: keep it busy, fill its memory, have its way.

use std::time::{Duration, Instant};

use futures_lite::future::block_on;
use jellyfin_auth::{Failure, Login, Policy};
use jellyfin_auth_async_std::Driver;
use jellyfin_auth_testkit::{
    answer,
    raw_server::{Conduct, FullBacklog, Identity, Move, RawServer, wire},
};

use crate::scene::{
    SERVER, ask, driver, failure, impatient, password_login, quick_connect, trusting,
};

/// Enough for a handshake on a machine that has much else to do.
const TIMEOUT: Duration = Duration::from_secs(1);
/// Any other end takes longer, if there is one.
const LONGEST: Duration = Duration::from_secs(8);

fn hasty() -> Policy {
    let mut policy = impatient();
    policy.probe = true;
    policy.request_timeout = TIMEOUT;
    policy
}

/// Runs `login`, which can't end well, and returns which failure it was and how long it took.
fn run(mut driver: Driver, login: Login) -> (Option<Failure>, Duration) {
    let began = Instant::now();
    let ended = block_on(driver.run(login)).expect_err("no answer");
    let error = ended.login().expect("the protocol decides").clone();
    (failure::<()>(Err(error)), began.elapsed())
}

fn answering(moves: Vec<Move>) -> RawServer {
    Conduct::new(move |_| moves.clone()).start()
}

#[test]
fn a_flood_does_not_stop_the_clock() {
    // Each of these can be read for ever without an answer or a body that grows.
    let informed = b"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(1000);
    let blank = b"\r\n".repeat(1000);
    for flood in [informed, blank] {
        let server = answering(vec![Move::Forever(flood)]);

        let (failure, took) = run(driver(), quick_connect(&server.url()).with_policy(hasty()));

        assert!(
            matches!(failure, Some(Failure::Timeout | Failure::Other | Failure::TooLarge)),
            "{failure:?}"
        );
        assert!(took < LONGEST, "{took:?}");
    }
}

#[test]
fn a_flood_beneath_tls_does_not_stop_the_clock() {
    // A head that comes in pieces over and over again keeps TLS busy as well.
    let identity = Identity::self_signed(&["127.0.0.1"]);
    let hints = b"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(500);
    let server = Conduct::new(move |_| vec![Move::Forever(hints.clone())]).tls(&identity).start();
    let login = quick_connect(&server.url()).with_policy(hasty());

    let (failure, took) = run(trusting(identity.pem()), login);

    assert!(matches!(failure, Some(Failure::Timeout | Failure::TooLarge)), "{failure:?}");
    assert!(took < LONGEST, "{took:?}");
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "only Linux keeps connections waiting at a full queue"
)]
fn a_time_that_is_over_before_there_is_a_connection_is_unreachable() {
    // Then a password may be sent again: it has not been sent.
    let backlog = FullBacklog::start().expect("Linux keeps connections waiting");
    let login = password_login(&format!("http://{}", backlog.address())).with_policy(hasty());

    let (failure, took) = run(driver(), login);

    assert_eq!(failure, Some(Failure::Unreachable));
    assert!(took < LONGEST, "{took:?}");
}

#[test]
fn a_time_that_is_over_during_the_handshake_is_unreachable() {
    let server = Conduct::new(|_| Vec::new()).greeting(|_| vec![Move::Hold]).start();
    let root = Identity::self_signed(&["127.0.0.1"]);
    let login = password_login(&server.url().replace("http:", "https:")).with_policy(hasty());

    let (failure, _) = run(trusting(root.pem()), login);

    assert_eq!(failure, Some(Failure::Unreachable));
}

#[test]
fn a_head_of_more_than_64_kib_is_refused_and_one_of_less_is_read() {
    let with_header = |length: usize| {
        let info = answer::server_info(SERVER, "10.11.11");
        let line =
            format!("X-Long: {}\r\nContent-Length: {}\r\n", "x".repeat(length), info.body().len());
        vec![Move::Send([wire::head(&info, &line), info.into_body()].concat())]
    };

    assert_eq!(ask(&mut driver(), &answering(with_header(60 * 1024))), Ok(SERVER.to_owned()));
    let refused = failure(ask(&mut driver(), &answering(with_header(66 * 1024))));
    assert_eq!(refused, Some(Failure::TooLarge));
}
