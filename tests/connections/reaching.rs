//! Finding and reaching a server, and what is sent to it.

use std::error::Error as _;

use jellyfin_auth::{Failure, Login, endpoint::GetServerInfo};
use jellyfin_auth_testkit::raw_server::{Conduct, Move, refused_port};

use crate::{
    both_drivers::{BOTH, login_error},
    scene::{
        AUTHENTICATE, PROBE, SERVER, ask, ask_at, device, failure, impatient, password_login, url,
        well_behaved,
    },
};

#[test]
fn an_ipv6_address_is_reached_and_stands_in_brackets() {
    for adapter in BOTH {
        let server = Conduct::new(well_behaved).on("::1".parse().expect("it is one"));
        let Ok(server) = server.try_start() else { return }; // A machine without IPv6.

        assert_eq!(ask(&mut adapter.driver(), &server), Ok(SERVER.to_owned()), "{adapter}");

        let requests = server.traffic().requests();
        assert_eq!(requests[0].header("host"), [server.address().to_string()], "{adapter}");
        assert!(server.address().to_string().starts_with("[::1]:"));
    }
}

#[test]
fn a_refused_connection_is_unreachable_and_says_so() {
    for adapter in BOTH {
        let (server, device) = (url(&format!("http://{}", refused_port())), device());

        let refused = adapter
            .driver()
            .call(&GetServerInfo { server: &server, device: &device })
            .expect_err("nobody listens");

        let reason = refused.source().expect("the system gave a reason").to_string();
        assert!(reason.contains("refused"), "{adapter}: {reason}");
        let refused = failure::<()>(Err(login_error(refused)));
        assert_eq!(refused, Some(Failure::Unreachable), "{adapter}");
    }
}

#[test]
fn a_name_that_nobody_knows_is_not_found() {
    for adapter in BOTH {
        let asked = ask_at(&mut adapter.driver(), "http://nobody.invalid");

        assert_eq!(failure(asked), Some(Failure::HostNotFound), "{adapter}");
    }
}

/// Whether the greeting or the password was first, nothing is claimed that isn't so: a password may be
/// on its way and not arrive, but none that arrived may count as never sent.
#[test]
fn a_password_that_meets_another_protocol_is_reported_as_it_is() {
    for adapter in BOTH {
        let greeting = |_| vec![Move::send("SSH-2.0-x\r\n")];
        let server = Conduct::new(well_behaved).greeting(greeting).start();
        let login = password_login(&server.url()).with_policy(impatient());

        let refused = adapter.run(login);

        let arrived = !server.traffic().requests_for(AUTHENTICATE).is_empty();
        match failure(refused) {
            Some(Failure::Unreachable) => assert!(!arrived, "{adapter}: the password arrived"),
            failed => assert_eq!(failed, Some(Failure::Other), "{adapter}"),
        }
    }
}

#[test]
fn requests_carry_what_the_core_sets_and_nothing_else() {
    for adapter in BOTH {
        let server = Conduct::new(well_behaved).start();
        adapter.run(password_login(&server.url())).expect("the server lets alice in");
        let quick_connect = Login::quick_connect(url(&server.url()), device());
        adapter.run_with(quick_connect, |_, handle| handle.cancel()).expect_err("cancelled");

        let traffic = server.traffic();
        let names = |path: &str| -> Vec<String> {
            let requests = traffic.requests_for(path);
            let mut names: Vec<_> =
                requests[0].headers().map(|(name, _)| name.to_ascii_lowercase()).collect();
            names.sort();
            names
        };
        assert_eq!(names(PROBE), ["accept", "host", "user-agent"], "{adapter}");
        let with_body =
            ["accept", "authorization", "content-length", "content-type", "host", "user-agent"];
        assert_eq!(names(AUTHENTICATE), with_body, "{adapter}");
        let without_body = ["accept", "authorization", "content-length", "host", "user-agent"];
        assert_eq!(names("/QuickConnect/Initiate"), without_body, "{adapter}");
        let initiate = &traffic.requests_for("/QuickConnect/Initiate")[0];
        assert_eq!(initiate.header("content-length"), ["0"], "{adapter}");
        assert_eq!(initiate.header("user-agent"), ["Example/1.0"], "{adapter}");
        assert_eq!(initiate.header("accept"), ["application/json"], "{adapter}");
        assert_eq!(initiate.header("host"), [server.address().to_string()], "{adapter}");
    }
}
