//! Finding and reaching a server.

use std::error::Error as _;

use futures_lite::future::block_on;
use jellyfin_auth::{Failure, endpoint::GetServerInfo};
use jellyfin_auth_testkit::raw_server::{Conduct, refused_port};

use crate::scene::{
    AUTHENTICATE, PROBE, SERVER, ask, ask_at, device, driver, failure, impatient, password_login,
    quick_connect, url, well_behaved,
};

#[test]
fn an_ipv6_address_is_reached() {
    let Ok(server) = Conduct::new(well_behaved).on("::1".parse().expect("it is one")).try_start()
    else {
        return; // A machine without IPv6.
    };

    assert_eq!(ask(&mut driver(), &server), Ok(SERVER.to_owned()));

    let requests = server.journal().requests();
    assert_eq!(requests[0].header("host"), [server.address().to_string()]);
    assert!(server.address().to_string().starts_with("[::1]:"));
}

#[test]
fn another_address_of_the_host_is_tried() {
    // "localhost" is ::1 and 127.0.0.1 on most systems, and only one of them listens.
    let server = Conduct::new(well_behaved).start();

    let asked = ask_at(&mut driver(), &server.url_as("localhost"));

    assert_eq!(asked, Ok(SERVER.to_owned()));
}

#[test]
fn a_refused_connection_is_unreachable_and_says_so() {
    let (server, device) = (url(&format!("http://{}", refused_port())), device());

    let refused = block_on(driver().call(&GetServerInfo { server: &server, device: &device }))
        .expect_err("nobody listens");

    let reason = refused.source().expect("the system gave a reason").to_string();
    assert!(reason.contains("refused"), "{reason}");
    let error = refused.login().expect("the protocol decides").clone();
    assert_eq!(failure::<()>(Err(error)), Some(Failure::Unreachable));
}

#[test]
fn a_name_that_nobody_knows_is_not_found() {
    let asked = ask_at(&mut driver(), "http://nobody.invalid");

    assert_eq!(failure(asked), Some(Failure::HostNotFound));
}

#[test]
fn a_password_whose_connection_was_reset_before_it_was_sent_is_reported_as_it_is() {
    use jellyfin_auth_testkit::raw_server::Move;
    let server = Conduct::new(well_behaved).greeting(|_| vec![Move::send("SSH-2.0-x\r\n")]).start();
    let login = password_login(&server.url()).with_policy(impatient());

    let refused = block_on(driver().run(login)).expect_err("it is no HTTP");

    // Whether the greeting or the password was first, nothing is claimed that isn't so: a password may
    // be on its way and not arrive, but none that arrived may count as never sent.
    let failed =
        failure::<()>(Err(refused.login().expect("the configuration is in order").clone()));
    let arrived = !server.journal().requests_for(AUTHENTICATE).is_empty();
    match failed {
        Some(Failure::Unreachable) => assert!(!arrived, "the password arrived"),
        failed => assert_eq!(failed, Some(Failure::Other)),
    }
}

#[test]
fn requests_carry_what_the_core_sets_and_nothing_else() {
    let server = Conduct::new(well_behaved).start();
    block_on(driver().run(password_login(&server.url()))).expect("the server lets alice in");
    let mut driver = driver();
    let handle = driver.handle();
    block_on(driver.run_with(quick_connect(&server.url()), |_| handle.cancel()))
        .expect_err("cancelled at the first wait");

    let journal = server.journal();
    let names = |path: &str| -> Vec<String> {
        let requests = journal.requests_for(path);
        let mut names: Vec<_> =
            requests[0].headers().map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.sort();
        names
    };
    assert_eq!(names(PROBE), ["accept", "host", "user-agent"]);
    let with_body =
        ["accept", "authorization", "content-length", "content-type", "host", "user-agent"];
    assert_eq!(names(AUTHENTICATE), with_body);
    let without_body = ["accept", "authorization", "content-length", "host", "user-agent"];
    assert_eq!(names("/QuickConnect/Initiate"), without_body);
    let initiate = &journal.requests_for("/QuickConnect/Initiate")[0];
    assert_eq!(initiate.header("content-length"), ["0"]);
    assert_eq!(initiate.header("host"), [server.address().to_string()]);
}
