//! Requests through a proxy.

use std::net::SocketAddr;

use jellyfin_auth::{Failure, endpoint::GetServerInfo};
use jellyfin_auth_testkit::raw_server::{Conduct, Identity, Move, RawServer};
use jellyfin_auth_ureq::{Driver, Options, Proxy};

use crate::scene::{SERVER, ask, device, failure, info, options, url, well_behaved};

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
    let proxy = Conduct::new(|_| info()).start();
    let address = proxy.address();
    let mut driver = Driver::with_options(through(&format!("http://al:s3cret@{address}")));
    let server = url("http://nas.example:8096/jellyfin");

    for _ in 0..2 {
        let info =
            driver.call(&GetServerInfo { server: &server, device: &device() }).expect("it answers");
        assert_eq!(info.id, SERVER);
    }

    let requests = proxy.journal().requests();
    for request in &requests {
        let target = "http://nas.example:8096/jellyfin/System/Info/Public";
        assert_eq!(request.target(), target);
        assert_eq!(request.header("host"), ["nas.example:8096"]);
        assert_eq!(request.header("proxy-authorization"), ["Basic YWw6czNjcmV0"]);
    }
    assert_eq!(requests.len(), 2);
    assert_eq!(proxy.journal().connections().len(), 1, "the connection is kept");
}

#[test]
fn encrypted_requests_go_through_a_tunnel() {
    let identity = Identity::self_signed(&["127.0.0.1"]);
    let server = Conduct::new(well_behaved).tls(&identity).start();
    let proxy = tunnelling(server.address());
    let options = through(&format!("http://al:s3cret@{}", proxy.address()))
        .root_certificate_pem(identity.pem().as_bytes())
        .expect("it is a certificate");
    let mut driver = Driver::with_options(options);

    for _ in 0..2 {
        assert_eq!(ask(&mut driver, &server), Ok(SERVER.to_owned()));
    }

    let tunnels = proxy.journal().requests();
    assert_eq!(tunnels.len(), 1, "the connection is kept");
    let head = format!("{}\r\n", tunnels[0].head());
    assert!(head.starts_with(&format!("CONNECT {} HTTP/1.1\r\n", server.address())), "{head}");
    assert!(head.contains("\r\nProxy-Authorization: Basic YWw6czNjcmV0\r\n"), "{head}");
    for request in server.journal().requests() {
        assert!(request.header("proxy-authorization").is_empty(), "the server needn't know");
        assert_eq!(request.target(), "/System/Info/Public");
    }
}

#[test]
fn a_proxy_that_refuses_a_tunnel_is_a_failure_of_its_own() {
    for answer in [
        "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
        "nonsense\r\n\r\n",
        "HTTP/1.1 2",
    ] {
        let proxy = Conduct::new(move |_| vec![Move::send(answer), Move::Close]).start();
        let root = Identity::self_signed(&["nas.example"]);
        let options =
            through(&proxy.url()).root_certificate_pem(root.pem().as_bytes()).expect("it is one");

        let refused = Driver::with_options(options)
            .call(&GetServerInfo { server: &url("https://nas.example"), device: &device() })
            .expect_err("the proxy refuses");

        let error = refused.login().expect("the protocol decides").clone();
        assert_eq!(failure::<()>(Err(error)), Some(Failure::Proxy), "{answer}");
    }
}

#[test]
fn a_proxy_that_is_down_is_unreachable() {
    let proxy = jellyfin_auth_testkit::raw_server::refused_port();

    let refused = Driver::with_options(through(&format!("http://{proxy}")))
        .call(&GetServerInfo { server: &url("http://nas.example"), device: &device() })
        .expect_err("nobody listens");

    let error = refused.login().expect("the protocol decides").clone();
    assert_eq!(failure::<()>(Err(error)), Some(Failure::Unreachable));
}
