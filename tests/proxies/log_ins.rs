//! Log-in gateways, as their makers' documents set them up: they are named, get nothing secret at their own
//! address, and let a sign-in through that has what they want.

use jellyfin_auth::{Error, GatewayHeaders, RequestName};
use jellyfin_auth_both_drivers::{Adapter, options};
use jellyfin_auth_testkit::{
    answer::{self, ResponseExt as _},
    listen::Listening,
    raw_server::{Conduct, Move, RawServer, wire},
};
use jellyfin_auth_ureq::Options;

use crate::{
    backend::fake_server_at,
    certificates,
    front::{Configured, Front, Proxy},
    sign_in::{
        address, expect_both_flows_past, impatient, password_login, quick_connect, refused,
        refused_code,
    },
};

/// A gateway's own address: it lets sub-requests with this header through, and refuses all others so.
fn gate(header: (&'static str, &'static str), refusal: http::Response<Vec<u8>>) -> RawServer {
    Conduct::new(move |request| {
        let (name, value) = header;
        let response =
            if request.header(name) == [value] { answer::unmarked(202) } else { refusal.clone() };
        vec![Move::Send(wire::with_length(&response))]
    })
    .start()
}

fn expect_named(found: &Error, product: &str) {
    let Error::LoginGateway { gateway, page, .. } = found else { panic!("{found:?}") };
    assert_eq!(gateway.to_string(), product);
    let page = page.as_deref().expect("it leads to a page");
    assert!(!page.contains('?'), "{page}");
}

/// Nothing but nginx's own sub-requests came, and they hold no body.
fn expect_only_sub_requests(gate: &RawServer) {
    for request in gate.traffic().requests() {
        assert_eq!(request.path(), "/auth");
        assert!(request.body().is_empty());
    }
}

/// Each request comes to the gate with all of its headers: those that came since then had no secret, and
/// none was let through.
fn expect_nothing_secret(gate: &RawServer, backend: &Listening, since: (usize, usize)) {
    let (asked, served) = since;
    let requests = gate.traffic().requests();
    assert!(requests.len() > asked);
    for request in &requests[asked..] {
        assert!(request.header("authorization").is_empty(), "{request:?}");
    }
    assert_eq!(backend.requests().len(), served);
}

fn now(gate: &RawServer, backend: &Listening) -> (usize, usize) {
    (gate.traffic().requests().len(), backend.requests().len())
}

fn headers(url: &str, (name, value): (&str, &str)) -> GatewayHeaders {
    let mut headers = GatewayHeaders::default();
    headers.add(&address(url), name, value).unwrap();
    headers
}

/// Refused by name without `header`, and let through with it.
fn expect_gateway(
    (front, adapter): (&Front, Adapter),
    (product, gate): (&str, &RawServer),
    (header, backend): ((&str, &str), &Listening),
) {
    let before = now(gate, backend);
    expect_named(&refused(adapter, &front.url()), product);
    expect_named(&refused_code(adapter, &front.url()), product);
    expect_nothing_secret(gate, backend, before);
    let headers = headers(&front.url(), header);
    for session in expect_both_flows_past(&headers, adapter, &options(), &front.url(), backend) {
        assert_eq!(session.gateway_headers(), &headers);
    }
    expect_only_sub_requests(gate);
}

pub(crate) fn oauth2_proxy_behind_nginx(proxy: Proxy) {
    let backend = fake_server_at("");
    let cookie = ("cookie", "_oauth2_proxy=open");
    let refusal = answer::unmarked(401).with_body(b"Unauthorized\n");
    let gate = gate(cookie, refusal);
    let sign_in = format!("{}/oauth2/sign_in", gate.url_as("localhost"));
    let nginx = Configured::nginx(&format!(
        "server {{ listen 127.0.0.1:PORT;
            location / {{ auth_request /oauth2/auth; error_page 401 = @oauth2_signin;
                proxy_pass http://127.0.0.1:{}; }}
            location = /oauth2/auth {{ internal; proxy_pass http://{}/auth; proxy_pass_request_body off;
                proxy_set_header Content-Length ''; }}
            location @oauth2_signin {{ return 302 {sign_in}?rd=$scheme://$http_host$request_uri; }} }}",
        backend.port(),
        gate.address(),
    ));
    proxy.with_each([nginx], |front, adapter| {
        expect_gateway((front, adapter), ("OAuth2 Proxy", &gate), (cookie, &backend));
    });
}

pub(crate) fn authentik_behind_nginx(proxy: Proxy) {
    let backend = fake_server_at("");
    let cookie = ("cookie", "authentik_proxy_0a1b2c3d=open");
    let gate = gate(cookie, answer::unmarked(401).with_body(b"unauthorized request"));
    let nginx = Configured::nginx(&format!(
        "server {{ listen 127.0.0.1:PORT;
            location / {{ auth_request /gate; error_page 401 = @goauthentik_proxy_signin;
                proxy_pass http://127.0.0.1:{}; }}
            location = /gate {{ internal; proxy_pass http://{}/auth; proxy_pass_request_body off;
                proxy_set_header Content-Length ''; }}
            location @goauthentik_proxy_signin {{ internal;
                return 302 /outpost.goauthentik.io/start?rd=$scheme://$http_host$request_uri; }} }}",
        backend.port(),
        gate.address(),
    ));
    proxy.with_each([nginx], |front, adapter| {
        expect_gateway((front, adapter), ("Authentik", &gate), (cookie, &backend));
    });
}

/// By `Proxy-Authorization`, which leaves `Authorization` to Jellyfin, and which goes over https alone.
pub(crate) fn authelia_behind_nginx(proxy: Proxy) {
    let backend = fake_server_at("");
    let identity = certificates::self_signed();
    let file = identity.file.path().display();
    let credentials = ("proxy-authorization", "Basic Z2F0ZTprZWVwZXI=");
    let page = "https://auth.example.com/?rd=https%3A%2F%2Fjf.example.com%2F&rm=GET";
    let refusal = answer::unmarked(401).with_header("location", page);
    let gate = gate(credentials, refusal.with_body(b"<a href=\"x\">401 Unauthorized</a>"));
    let nginx = Configured::nginx(&format!(
        "server {{ listen 127.0.0.1:PORT ssl; ssl_certificate {file}; ssl_certificate_key {file};
            location / {{ auth_request /authelia;
                auth_request_set $redirection_url $upstream_http_location;
                error_page 401 =302 $redirection_url;
                proxy_pass http://127.0.0.1:{}; }}
            location = /authelia {{ internal; proxy_pass http://{}/auth; proxy_pass_request_body off;
                proxy_set_header Content-Length ''; }} }}",
        backend.port(),
        gate.address(),
    ));
    proxy.with_each([nginx], |front, adapter| {
        let url = front.url().replace("http://", "https://");
        let trusting =
            || -> Options { options().root_certificate_pem(identity.root.as_bytes()).unwrap() };
        let before = now(&gate, &backend);
        let without = [
            adapter.run_by(
                trusting(),
                password_login(&url, adapter).with_policy(impatient()),
                |_, _| {},
            ),
            adapter.run_by(
                trusting(),
                quick_connect(&url, adapter).with_policy(impatient()),
                |_, _| {},
            ),
        ];
        for refused in without {
            expect_named(&refused.expect_err("it isn't let through"), "Authelia");
        }
        expect_nothing_secret(&gate, &backend, before);
        let headers = headers(&url, credentials);
        expect_both_flows_past(&headers, adapter, &trusting(), &url, &backend);
        expect_only_sub_requests(&gate);
    });
}

/// Apache in front of `backend`, with these directives more.
fn apache(backend: u16, more: &str) -> Configured {
    Configured::apache(&format!(
        "OIDCProviderIssuer https://auth.example.com\n\
         OIDCProviderAuthorizationEndpoint https://auth.example.com/authorize\n\
         OIDCProviderTokenEndpoint https://auth.example.com/token\n\
         OIDCProviderJwksUri https://auth.example.com/jwks\n\
         OIDCClientID jf\nOIDCClientSecret c4n4ry\nOIDCCryptoPassphrase c4n4ry\n\
         OIDCRedirectURI http://127.0.0.1:PORT/callback\n{more}\n\
         <Location \"/\">\nAuthType openid-connect\nRequire valid-user\n\
         ProxyPass http://127.0.0.1:{backend}/\n</Location>"
    ))
}

pub(crate) fn mod_auth_openidc_is_named_where_it_redirects_and_a_proxy_like_any_other_to_json(
    proxy: Proxy,
) {
    let backend = fake_server_at("");
    let redirecting = apache(backend.port(), "RequestHeader set Accept text/html early");
    proxy.with_each([redirecting], |front, adapter| {
        for refused in [refused(adapter, &front.url()), refused_code(adapter, &front.url())] {
            expect_named(&refused, "Apache's mod_auth_openidc");
            assert!(!format!("{refused:?} {refused}").contains("state"), "{refused:?}");
        }
    });
    proxy.with_each([apache(backend.port(), "")], |front, adapter| {
        for refused in [refused(adapter, &front.url()), refused_code(adapter, &front.url())] {
            let Error::Intercepted { request, status, .. } = refused else { panic!("{refused:?}") };
            assert_eq!((request, status), (RequestName::GetServerInfo, 401));
        }
    });
    assert!(backend.requests().is_empty());
}
