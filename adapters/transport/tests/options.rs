//! What the options take, refuse and show.

use http::{HeaderMap, Request};
use jellyfin_auth::ServerUrl;
use jellyfin_auth_transport::{ConfigError, Options, Proxy, Route};

fn server(address: &str) -> ServerUrl {
    ServerUrl::parse(address).expect("the test's address is one")
}

/// The extra headers that a request to `uri` gets.
fn sent(options: &Options, uri: &str) -> HeaderMap {
    let mut request = Request::get(uri).body(()).expect("the test's request is one");
    options.add_headers(&mut request);
    request.into_parts().0.headers
}

fn with_header(address: &str) -> Options {
    Options::new().header(&server(address), "CF-Access-Client-Id", "s3cret").expect("it is allowed")
}

#[test]
fn an_extra_header_goes_to_its_server_alone() {
    let options = with_header("https://media.example.com/jellyfin");

    for uri in ["https://media.example.com/jellyfin/x", "https://MEDIA.example.com:443/x"] {
        assert_eq!(sent(&options, uri)["cf-access-client-id"], "s3cret", "{uri}");
    }
    for uri in [
        "http://media.example.com/x",
        "https://media.example.com:8443/x",
        "https://example.com/x",
        "https://media.example.com.evil.example/x",
    ] {
        assert!(sent(&options, uri).is_empty(), "{uri}");
    }
}

#[test]
fn an_extra_header_follows_its_server_from_http_to_https() {
    let options = with_header("http://media.example.com:8096");

    for uri in ["http://media.example.com:8096/x", "https://media.example.com/x"] {
        assert_eq!(sent(&options, uri)["cf-access-client-id"], "s3cret", "{uri}");
    }
    for uri in ["http://media.example.com/x", "https://other.example.com/x"] {
        assert!(sent(&options, uri).is_empty(), "{uri}");
    }
}

#[test]
fn an_extra_header_is_sensitive_and_never_shown() {
    let options = with_header("https://media.example.com");

    assert!(sent(&options, "https://media.example.com/x")["cf-access-client-id"].is_sensitive());
    let shown = format!("{options:?}");
    assert!(shown.contains("cf-access-client-id") && !shown.contains("s3cret"), "{shown}");
}

#[test]
fn headers_of_the_sign_in_and_of_the_connection_are_refused() {
    for name in [
        "Authorization",
        "host",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Keep-Alive",
        "Proxy-Authorization",
        "Accept-Encoding",
        "User-Agent",
        "X-Emby-Token",
        "x-emby-authorization",
        "X-MediaBrowser-Token",
    ] {
        let refused = Options::new().header(&server("media.example.com"), name, "x").map(drop);
        let name = name.to_ascii_lowercase();
        assert_eq!(refused, Err(ConfigError::ReservedHeader { name }));
    }
}

#[test]
fn what_cannot_be_a_header_is_refused_without_showing_its_value() {
    let add = |name, value| {
        Options::new()
            .header(&server("media.example.com"), name, value)
            .map(drop)
            .expect_err("it is refused")
    };

    assert_eq!(add("a b", "x"), ConfigError::BadHeaderName);
    let refused = add("X-Access", "s3cret\r\nInjected: 1");
    assert_eq!(refused, ConfigError::BadHeaderValue { name: "x-access".to_owned() });
    assert!(!format!("{refused} {refused:?}").contains("s3cret"));
}

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
        assert!(!format!("{server:?}").contains("s3cr"), "{server:?}");
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

    let route = options.route(&"https://media.example.com/".parse().expect("it is a URI"));

    assert!(matches!(route, Ok(Route::Direct)), "{route:?}");
}
