//! What the options take, refuse and show.

use jellyfin_auth_transport::{ConfigError, Options, Proxy, Route};

#[test]
fn a_given_proxy_takes_everything_and_its_password_is_never_shown() {
    let proxy = Proxy::parse("http://alice:s3cr%40t@proxy.example.com:3128").expect("it is one");
    let options = Options::new().proxy(proxy);

    for uri in ["http://nas:8096/", "https://media.example.com/"] {
        let route = options.route(&uri.parse().expect("it is a URI")).expect("it is http");
        let Route::Proxy(server) = route else { panic!("{route:?}") };
        assert_eq!((server.host(), server.port()), ("proxy.example.com", 3128));
        let authorization = server.authorization().expect("there is a log-in");
        assert_eq!(authorization, "Basic YWxpY2U6czNjckB0");
        assert!(authorization.is_sensitive());
        let shown = format!("{server:?}");
        assert_eq!(shown, "ProxyServer { host: \"proxy.example.com\", port: 3128, .. }");
    }
    let shown = format!("{options:?}");
    assert!(shown.contains("proxy.example.com:3128"), "{shown}");
    assert!(!shown.contains("s3cr") && !shown.contains("alice"), "{shown}");
}

#[test]
fn a_proxy_without_a_scheme_or_port_is_http_on_port_80() {
    let options = Options::new().proxy(Proxy::parse("proxy.example.com").expect("it is one"));

    let route = options.route(&"http://nas/".parse().expect("it is a URI")).expect("it is http");

    let Route::Proxy(server) = route else { panic!("{route:?}") };
    assert_eq!((server.host(), server.port()), ("proxy.example.com", 80));
}

#[test]
fn proxies_that_cannot_be_used_are_refused_at_once() {
    for (url, scheme) in
        [("socks5://proxy:1080", "socks5"), ("https://proxy:443", "https"), ("ftp://proxy", "ftp")]
    {
        let refused = Proxy::parse(url).map(drop);
        assert_eq!(refused, Err(ConfigError::ProxyKind { scheme: scheme.to_owned() }));
    }
    for url in ["", "http://", "http://a b", "http://proxy:port"] {
        assert_eq!(Proxy::parse(url).map(drop), Err(ConfigError::BadProxy), "{url}");
    }
}

#[test]
fn without_a_proxy_requests_go_straight_to_the_server() {
    let options = Options::new().proxy(Proxy::none());
    assert_eq!(format!("{:?}", Proxy::none()), "Proxy::none()");

    let route = options.route(&"https://media.example.com/".parse().expect("it is a URI"));

    assert!(matches!(route, Ok(Route::Direct)), "{route:?}");
}
