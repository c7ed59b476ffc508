use std::{
    net::{SocketAddr, TcpListener},
    time::{Duration, Instant},
};

use jellyfin_auth::{Discovery, Error, Failure, NoHttps, lan};
use jellyfin_auth_both_drivers::BOTH;
use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Phase, Version},
    raw_server::Identity,
};

use crate::scene::{device, server};

fn typed(url: &str) -> &str {
    url.split_once("://").expect("a scheme").1
}

#[test]
fn a_server_is_found_by_host_and_port() {
    for version in Version::ALL {
        for adapter in BOTH {
            let server = server(version);
            let url = server.url();
            let found = adapter.run(Discovery::new(typed(&url), device("PC")).expect("an address"));
            let found = found.expect("https is tried, then http").into_best();
            let unencrypted = found.url().expect_err("nobody typed http");
            assert_eq!(unencrypted.reason(), NoHttps::Unavailable);
            assert_eq!(unencrypted.accept().as_str(), url);
            assert_eq!(found.info().version, version.number());
        }
    }
}

#[test]
fn the_servers_own_redirect_leads_to_its_base_path() {
    for version in Version::ALL {
        for adapter in BOTH {
            let mut server = FakeServer::new(version);
            server.settings_mut().base_url = "/jf".to_owned();
            let server = server.listen().expect("a port");
            let found = Discovery::new(&server.url(), device("PC")).expect("an address");
            let found = adapter.run(found).expect("the redirect leads there").into_best();
            let url = found.url().expect("http was typed");
            assert_eq!(url.as_str(), format!("{}/jf", server.url()), "{version}");
        }
    }
}

#[test]
fn a_server_that_starts_is_waited_for() {
    for adapter in BOTH {
        let server = server(Version::V12);
        server.server().set_phase(Phase::Loading);
        let begin = Instant::now();
        let found = std::thread::scope(|scope| {
            scope.spawn(|| {
                while server.requests().is_empty() {
                    std::thread::yield_now();
                }
                server.server().set_phase(Phase::Ready);
            });
            adapter.run(Discovery::new(&server.url(), device("PC")).expect("an address"))
        });
        found.expect("it is ready soon");
        assert!(begin.elapsed() >= Duration::from_secs(1), "{adapter}: it was starting at first");
    }
}

#[test]
fn the_most_telling_error_comes_first() {
    for adapter in BOTH {
        // https with a certificate that nobody knows; http there makes no sense.
        let identity = Identity::self_signed(&["127.0.0.1"]);
        let server = FakeServer::new(Version::V12).listen_tls(&identity).expect("a port");
        let url = server.url();
        let search = Discovery::new(typed(&url), device("PC")).expect("an address");
        let Err(Error::NoServer { tried, .. }) = adapter.run(search) else {
            panic!("{adapter}: the certificate is unknown")
        };
        assert_eq!(tried.len(), 2);
        assert_eq!(tried[0].url.as_str(), url);
        assert!(
            matches!(
                tried[0].error,
                Error::NoAnswer { failure: Failure::UntrustedCertificate, .. }
            ),
            "{adapter}: {tried:?}"
        );
    }
}

#[test]
fn a_refused_port_is_reported_for_every_guess() {
    for adapter in BOTH {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = free.local_addr().expect("bound").to_string();
        drop(free);
        let search = Discovery::new(&address, device("PC")).expect("an address");
        let Err(Error::NoServer { tried, .. }) = adapter.run(search) else {
            panic!("{adapter}: nobody listens")
        };
        assert_eq!(tried.len(), 2);
        for attempt in tried {
            assert!(
                matches!(attempt.error, Error::NoAnswer { failure: Failure::Unreachable, .. }),
                "{adapter}: {attempt:?}"
            );
        }
    }
}

#[test]
fn what_the_server_announces_on_the_network_is_read() {
    let sender = SocketAddr::from(([192, 0, 2, 7], lan::PORT));
    for version in Version::ALL {
        let server = FakeServer::new(version);
        let datagram = server.discovery_answer(lan::QUESTION).expect("it is asked");
        let found = lan::Announcement::read(&datagram, sender).expect("a server's answer");
        assert_eq!(found.id, server.server_id());
        assert!(server.discovery_answer(b"who?").is_none());
    }
}
