//! Where a request goes, and the tunnel through a proxy.

use http::{Request, Uri};
use jellyfin_auth::Failure;
use jellyfin_auth_transport::{
    LONGEST_HEAD, Options, Proxy, Route, Target, Tls, TransportError, Tunnel,
};

fn through(proxy: &str) -> Options {
    Options::new().proxy(Proxy::parse(proxy).expect("a proxy"))
}

fn direct(uri: &'static str) -> Target {
    Target::new(&Uri::from_static(uri), &Route::Direct).expect("it has a host")
}

fn tunnel() -> Tunnel {
    let mut request = Request::get("https://[2001:DB8::1]/path?query").body(()).expect("a request");
    let options = through("http://al:p%40ss@proxy.example:3128");
    let (target, route) = Target::prepare(&mut request, &options).expect("it has a host");
    assert!(request.headers().is_empty(), "the tunnel's request has them");
    assert_eq!(target.connects_to(), ("proxy.example", 3128));
    let Route::Proxy(proxy) = route else { panic!("it goes through the proxy") };
    Tunnel::new(&proxy, &target)
}

#[test]
fn a_target_is_a_host_a_port_and_a_way() {
    let nas = direct("http://NAS.example/path");
    assert_eq!(nas.connects_to(), ("nas.example", 80));
    assert_eq!(nas.host_header(), "nas.example");
    assert_eq!(nas.authority(), "nas.example:80");
    assert_eq!(nas.origin(), "http://nas.example");
    let v6 = direct("https://[::1]:8920/");
    assert_eq!(v6.connects_to(), ("::1", 8920));
    assert_eq!(v6.origin(), "https://[::1]:8920");
    assert!(v6.is_encrypted() && !nas.is_encrypted());
    let tls = Tls::new(&Options::new());
    assert!(format!("{tls:?}").starts_with("Tls { extra_roots: 0, trusted: "), "{tls:?}");
    assert!(nas.tls(&tls).expect("there is nothing to set up").is_none());
    // It is an error where the system has no authorities.
    assert!(!matches!(v6.tls(&tls), Ok(None)));
    assert_ne!(direct("http://nas/"), direct("https://nas/"));
    assert_eq!(direct("http://nas/a"), direct("http://nas:80/b"));
    let no_host = Target::new(&Uri::from_static("/path"), &Route::Direct);
    assert_eq!(no_host.expect_err("no host").failure(), Failure::Other);
}

#[test]
fn a_proxy_without_a_tunnel_gets_its_credentials_with_the_request() {
    let mut request = Request::get("http://nas:8096/").body(()).expect("a request");
    let options = through("http://al:p%40ss@proxy.example:3128");
    let (target, _) = Target::prepare(&mut request, &options).expect("it has a host");
    assert_eq!(request.headers()["proxy-authorization"], "Basic YWw6cEBzcw==");
    assert_ne!(target, direct("http://nas:8096/"), "a direct connection is another one");
}

#[test]
fn a_tunnel_is_asked_for_by_name_and_port_with_the_credentials() {
    let expected = "CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\
        Proxy-Authorization: Basic YWw6cEBzcw==\r\n\r\n";
    assert_eq!(std::str::from_utf8(tunnel().request()), Ok(expected));
    assert!(!format!("{:?}", tunnel()).contains("YWw6"));
}

#[test]
fn a_tunnel_is_open_after_a_whole_head_of_2xx() {
    let mut tunnel = tunnel();
    assert_eq!(tunnel.read(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 "), Ok(false));
    assert_eq!(tunnel.read(b"Connection established\r\nVia: squid\r\n\r"), Ok(false));
    assert_eq!(tunnel.read(b"\n"), Ok(true));
}

#[test]
fn all_else_is_the_proxys_failure() {
    for answer in [
        b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n".as_slice(),
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n\x16\x03\x03",
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"",
    ] {
        let failure = tunnel().read(answer).map_err(|error| error.failure());
        assert_eq!(failure, Err(Failure::Proxy), "{answer:?}");
    }
    let mut cut = tunnel();
    assert_eq!(cut.read(b"HTTP/1.1 2"), Ok(false));
    let incomplete = TransportError::new(Failure::Proxy, "the proxy's response is incomplete");
    assert_eq!(cut.read(b""), Err(incomplete));
}

#[test]
fn a_proxys_head_has_at_most_64_kib() {
    let head = |length| {
        let mut head = b"HTTP/1.1 200 OK\r\nX: ".to_vec();
        head.resize(length, b'a');
        head
    };
    assert_eq!(tunnel().read(&head(LONGEST_HEAD - 1)), Ok(false));
    assert!(tunnel().read(&head(LONGEST_HEAD)).is_err());
}
