//! What is taken, refused, shown, and where it goes.

use http::Request;
use jellyfin_auth::{GatewayHeaderError, GatewayHeaders};
use proptest::prelude::*;

use super::{NAME, headers, sent, with_lines};
use crate::given::*;

#[test]
fn several_of_one_name_stay_several_and_cookies_become_one_line() {
    let lines = [("X-Door", "1"), ("Cookie", "a=1"), ("X-Door", "2"), ("cookie", "b=2; c=3")];
    let headers = with_lines(SERVER, &lines);
    let mut request = Request::get(SERVER)
        .header("x-door", "the program's")
        .header("cookie", "a=old; mine=4")
        .body(())
        .expect("a request");
    for _ in 0..2 {
        headers.add_to(&mut request);
        let doors: Vec<_> = request.headers().get_all("x-door").iter().collect();
        assert_eq!(doors, ["1", "2"]);
        let cookies: Vec<_> = request.headers().get_all("cookie").iter().collect();
        assert_eq!(cookies, ["mine=4; a=1; b=2; c=3"]);
        assert!(cookies[0].is_sensitive());
    }
}

#[test]
fn headers_of_the_sign_in_and_of_the_connection_are_refused_with_what_to_do() {
    for (names, words) in [
        (&["Authorization"][..], "let the gateway take a header of its own or a cookie"),
        (&["X-Emby-Token", "x-emby-authorization", "X-MediaBrowser-Token"], "leave it out"),
        (
            &[
                "Host",
                "Content-Length",
                "content-type",
                "Content-Encoding",
                "Transfer-Encoding",
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "TE",
                "Trailer",
                "Upgrade",
                "Expect",
            ],
            "belongs to the connection",
        ),
        (
            &["User-Agent", "Accept", "Accept-Encoding", "Range", "If-None-Match"],
            "belongs to the request",
        ),
        (&["", "a b", "a:b", "ä"], "use letters, digits and dashes"),
    ] {
        for name in names {
            let mut headers = GatewayHeaders::default();
            let refused = headers.add(&url(SERVER), name, "s3cret").expect_err("it is refused");
            assert!(refused.to_string().contains(words), "{name}: {refused}");
            assert!(!format!("{refused:?} {refused}").contains("s3cret"), "{refused:?}");
            assert!(headers.is_empty());
        }
    }
}

#[test]
fn proxy_authorization_goes_where_no_proxy_on_the_way_can_take_it() {
    let mut headers = GatewayHeaders::default();
    let refused = headers.add(&url("http://nas.example"), "Proxy-Authorization", "Basic eA==");
    assert_eq!(refused, Err(GatewayHeaderError::ProxyAuthorization));
    headers.add(&url(SERVER), "Proxy-Authorization", "Basic eA==").expect("over https");
    assert_eq!(sent(&headers, SERVER)["proxy-authorization"], "Basic eA==");
}

#[test]
fn a_value_that_no_header_can_have_is_refused_and_never_shown() {
    let long = "s3cret".repeat(2000);
    for value in
        ["", " ", "s3cret\r\nInjected: 1", "s3cret\n", "s3\tcret", "s3cret\u{7f}", "s3crét", &long]
    {
        let mut headers = GatewayHeaders::default();
        let added = headers.add(&url(SERVER), "X-Door", value);
        if value == "s3cret\n" {
            assert_eq!(added, Ok(()), "what surrounds it is dropped");
            continue;
        }
        let refused = added.expect_err("it is refused");
        assert!(matches!(&refused, GatewayHeaderError::BadValue { name, .. } if name == "x-door"));
        assert!(!format!("{refused:?} {refused}").contains("s3cr"), "{refused:?}");
    }
    let longest = with_lines(SERVER, &[("X-Door", &long[..8192])]);
    assert!(longest.are_for(&url(SERVER)));
}

#[test]
fn they_can_be_removed_for_an_origin_and_given_anew() {
    let mut headers = headers(SERVER);
    headers.add(&url("http://nas.example"), NAME, "s3cret").expect("a header");
    assert!(headers.are_for(&url("https://nas.example/jf")));
    let shown = format!("{headers:?}");
    assert!(shown.contains("https://nas.example") && shown.contains("[redacted]"), "{shown}");
    headers.remove(&url("https://nas.example/jf"));
    assert!(!headers.are_for(&url(SERVER)) && !headers.is_empty());
    assert!(sent(&headers, SERVER).is_empty());
    headers.remove(&url("http://nas.example"));
    assert!(headers.is_empty());
    assert_eq!(headers, GatewayHeaders::default());
    headers.remove(&url(SERVER));
    assert!(headers.is_empty());
}

/// For certificates, too.
#[test]
fn another_origin_has_none_and_loses_none() {
    for address in [
        "http://nas.example:443",
        "https://nas.example:80",
        "https://evilnas.example",
        "https://nas.example.evil",
        "https://example",
        "https://nas",
    ] {
        let mut headers = headers(SERVER);
        assert!(!headers.are_for(&url(address)), "{address}");
        assert!(sent(&headers, address).is_empty(), "{address}");
        headers.remove(&url(address));
        assert!(headers.are_for(&url(SERVER)), "{address}");
        let mut session = session();
        session.trust_certificate(&url(SERVER), fingerprint(1));
        assert!(!session.distrust_certificate(&url(address)), "{address}");
        assert_eq!(session.trusted_certificates().len(), 1, "{address}");
    }
}

proptest! {
    /// Whatever the addresses are: the headers are there exactly when scheme, host and port are the same.
    #[test]
    fn they_never_leave_their_origin(
        given in ("https?", "(nas|NAS|other)(\\.example)?", prop::option::of(prop::sample::select(vec![80_u16, 443, 8096]))),
        asked in ("https?|wss?", "(nas|NAS|other)(\\.example)?", prop::option::of(prop::sample::select(vec![80_u16, 443, 8096]))),
        path in "(/[a-z]{0,3}){0,2}",
    ) {
        let text = |(scheme, host, port): &(String, String, Option<u16>)| {
            let port = port.map(|port| format!(":{port}")).unwrap_or_default();
            format!("{scheme}://{host}{port}")
        };
        let origin = |(scheme, host, port): &(String, String, Option<u16>)| {
            let encrypted = matches!(scheme.as_str(), "https" | "wss");
            (encrypted, host.to_lowercase(), port.unwrap_or(if encrypted { 443 } else { 80 }))
        };
        let headers = headers(&format!("{}{path}", text(&given)));
        let found = sent(&headers, &format!("{}/x", text(&asked)));
        prop_assert_eq!(found.contains_key(NAME), origin(&given) == origin(&asked));
    }
}
