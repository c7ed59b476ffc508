//! Requests through a proxy.

use std::{env, net::SocketAddr, process::Command};

use jellyfin_auth::Failure;
use jellyfin_auth_testkit::raw_server::{Conduct, Identity, Move, RawServer, refused_port};
use jellyfin_auth_ureq::{Options, Proxy};

use crate::{
    both_drivers::{BOTH, options},
    scene::{SERVER, ask, ask_at, failure, info, well_behaved},
};

const NAS: &str = "http://nas.example:8096/jellyfin";

fn through(proxy: &str) -> Options {
    options().proxy(Proxy::parse(proxy).expect("it is a proxy"))
}

/// A proxy that carries everything to `server`.
fn tunnelling(server: SocketAddr) -> RawServer {
    let accepted = "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n";
    Conduct::new(move |_| vec![Move::send(accepted), Move::Tunnel(server)]).start()
}

#[test]
fn plain_requests_are_sent_to_the_proxy_itself() {
    for adapter in BOTH {
        let proxy = Conduct::new(|_| info()).start();
        let options = through(&format!("http://al:s3cret@{}", proxy.address()));
        let mut driver = adapter.driver_with(options);

        for _ in 0..2 {
            assert_eq!(ask_at(&mut driver, NAS), Ok(SERVER.to_owned()));
        }

        let requests = proxy.traffic().requests();
        for request in &requests {
            assert_eq!(request.target(), format!("{NAS}/System/Info/Public"));
            assert_eq!(request.header("host"), ["nas.example:8096"]);
            assert_eq!(request.header("proxy-authorization"), ["Basic YWw6czNjcmV0"]);
        }
        assert_eq!(requests.len(), 2);
        assert_eq!(proxy.traffic().connections().len(), 1, "the connection is kept");
    }
}

#[test]
fn encrypted_requests_go_through_a_tunnel() {
    for adapter in BOTH {
        let identity = Identity::self_signed(&["127.0.0.1"]);
        let server = Conduct::new(well_behaved).tls(&identity).start();
        let proxy = tunnelling(server.address());
        let options = through(&format!("http://al:s3cret@{}", proxy.address()))
            .root_certificate_pem(identity.pem().as_bytes())
            .expect("it is a certificate");
        let mut driver = adapter.driver_with(options);

        for _ in 0..2 {
            assert_eq!(ask(&mut driver, &server), Ok(SERVER.to_owned()));
        }

        let tunnels = proxy.traffic().requests();
        assert_eq!(tunnels.len(), 1, "the connection is kept");
        let head = format!("{}\r\n", tunnels[0].head()).to_ascii_lowercase();
        let authority = server.address();
        assert!(head.starts_with(&format!("connect {authority} http/1.1\r\n")), "{head}");
        assert!(head.contains(&format!("\r\nhost: {authority}\r\n")), "{head}");
        assert!(head.contains("\r\nproxy-authorization: basic yww6cznjcmv0\r\n"), "{head}");
        for request in server.traffic().requests() {
            assert!(request.header("proxy-authorization").is_empty(), "the server needn't know");
            assert_eq!(request.target(), "/System/Info/Public");
            assert_eq!(request.header("host"), [authority.to_string()]);
        }
    }
}

#[test]
fn a_proxy_that_refuses_a_tunnel_is_a_failure_of_its_own() {
    for adapter in BOTH {
        for answer in [
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
            "HTTP/1.1 301 Moved\r\nLocation: http://nas.example\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\nI speak first",
            "nonsense\r\n\r\n",
            "HTTP/1.1 2",
        ] {
            let proxy = Conduct::new(move |_| vec![Move::send(answer), Move::Close]).start();
            let root = Identity::self_signed(&["nas.example"]);
            let options = through(&proxy.url())
                .root_certificate_pem(root.pem().as_bytes())
                .expect("it is one");

            let refused = ask_at(&mut adapter.driver_with(options), "https://nas.example");

            assert_eq!(failure(refused), Some(Failure::Proxy), "{answer}");
        }
    }
}

#[test]
fn a_proxy_that_is_down_is_unreachable() {
    for adapter in BOTH {
        let options = through(&format!("http://{}", refused_port()));

        let refused = ask_at(&mut adapter.driver_with(options), NAS);

        assert_eq!(failure(refused), Some(Failure::Unreachable));
    }
}

/// With a proxy in the environment.
#[test]
#[ignore = "the next one runs it, in a process of its own"]
fn with_a_proxy_in_the_environment() {
    for adapter in BOTH {
        if env::var("http_proxy").is_ok_and(|proxy| proxy.starts_with("http://127.0.0.1:")) {
            assert_eq!(
                ask_at(&mut adapter.driver_with(Options::new()), NAS),
                Ok(SERVER.to_owned())
            );
        }
    }
}

#[test]
fn a_proxy_in_the_environment_is_used() {
    let proxy = Conduct::new(|_| info()).start();

    // A program can't change its environment safely.
    let status = Command::new(env::current_exe().expect("tests run from a file"))
        .args(["--exact", "proxies::with_a_proxy_in_the_environment", "--ignored"])
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .env_remove("REQUEST_METHOD")
        .env("http_proxy", proxy.url())
        .output()
        .expect("the test can be run")
        .status;

    assert!(status.success());
    assert_eq!(proxy.traffic().requests().len(), BOTH.len());
}
