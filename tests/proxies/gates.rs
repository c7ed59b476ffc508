//! Proxies that let nobody in, or not so fast.

use std::fs;

use jellyfin_auth::{Error, GatewayHeaders, Login, WaitReason};
use jellyfin_auth_both_drivers::{BOTH, options};
use jellyfin_auth_testkit::{
    answer,
    raw_server::{Conduct, Move, wire},
};

use crate::{
    backend::{PASSWORD, USER, fake_server_at},
    front::{Configured, Proxy},
    sign_in::{
        address, device, expect_both_flows_past, expect_works, password_login, refused,
        refused_code,
    },
};

pub(crate) fn basic_authentication_of_the_proxy_is_distinguished_from_the_password(proxy: Proxy) {
    let backend = fake_server_at("");
    let port = backend.port();
    let users = tempfile::NamedTempFile::new().unwrap();
    fs::write(users.path(), "door:{PLAIN}keeper\n").unwrap();
    let nginx = format!(
        "server {{ listen 127.0.0.1:PORT; auth_basic Door; auth_basic_user_file {};
            location / {{ proxy_pass http://127.0.0.1:{port}; }} }}",
        users.path().display()
    );
    // The hash of nobody's password.
    let hash = "JDJhJDE0JDN5VW1oZzF5Y3RzM1hRdk9DVXVsUXVJVlhHUnd5aUpzQjU3YWQ0eXYuYjY4U3U0MXFsYmll";
    let caddy = format!(
        "http://127.0.0.1:PORT {{\nbasicauth {{\ndoor {hash}\n}}\nreverse_proxy 127.0.0.1:{port}\n}}"
    );
    let haproxy = format!(
        "userlist users\n user door insecure-password keeper\n\
         frontend all\n bind 127.0.0.1:PORT\n http-request auth realm Door unless {{ http_auth(users) }}\n \
         default_backend server\nbackend server\n server one 127.0.0.1:{port}\n"
    );
    let fronts =
        [Configured::nginx(&nginx), Configured::caddy(&caddy), Configured::haproxy(&haproxy)];
    proxy.with_each(fronts, |front, adapter| {
        for refused in [refused(adapter, &front.url()), refused_code(adapter, &front.url())] {
            let Error::ProxyAuthentication { scheme, .. } = &refused else { panic!("{refused:?}") };
            assert_eq!(scheme, "Basic");
        }
        assert!(!front.asked().contains(PASSWORD));
    });
    assert!(backend.requests().is_empty());
}

pub(crate) fn a_log_in_page_on_another_host_is_named_and_gets_nothing(proxy: Proxy) {
    let backend = fake_server_at("");
    let log_in = Conduct::new(|_| vec![Move::Send(wire::with_length(&answer::unmarked(200)))]);
    let log_in = log_in.start();
    let page = format!("{}/login", log_in.url_as("localhost"));
    let to_page = page.clone();
    let gate = Conduct::new(move |request| {
        if request.header("x-access").contains(&"pass") {
            return vec![Move::Send(wire::with_length(&answer::unmarked(200)))];
        }
        let status = if request.path() == "/nginx" { 401 } else { 302 };
        let mut refusal = answer::unmarked(status);
        refusal.headers_mut().insert("location", to_page.parse().unwrap());
        vec![Move::Send(wire::with_length(&refusal))]
    });
    let gate = gate.start();
    let (port, gate) = (backend.port(), gate.address());
    let nginx = format!(
        "server {{ listen 127.0.0.1:PORT;
            location / {{ auth_request /gate; error_page 401 = @log_in; proxy_pass http://127.0.0.1:{port}; }}
            location = /gate {{ internal; proxy_pass http://{gate}/nginx; proxy_pass_request_body off;
                proxy_set_header Content-Length ''; }}
            location @log_in {{ return 302 {page}?back=$request_uri; }} }}"
    );
    let caddy = format!(
        "http://127.0.0.1:PORT {{\nforward_auth {gate} {{\nuri /caddy\n}}\n\
        reverse_proxy 127.0.0.1:{port}\n}}"
    );
    let fronts = [Configured::nginx(&nginx), Configured::caddy(&caddy)];
    proxy.with_each(fronts, |front, adapter| {
        for refused in [refused(adapter, &front.url()), refused_code(adapter, &front.url())] {
            let Error::Redirected { to, .. } = &refused else { panic!("{refused:?}") };
            assert_eq!(to.as_deref(), Some(page.as_str()), "without its query");
        }
        let mut pass = GatewayHeaders::default();
        pass.add(&address(&front.url()), "X-Access", "pass").unwrap();
        expect_both_flows_past(&pass, adapter, &options(), &front.url(), &backend);
    });
    assert!(log_in.traffic().requests().is_empty());
}

/// nginx that lets so many requests through, and answers the others with `status`.
fn limiting(rate: &str, status: u16, backend: u16) -> [Configured; 1] {
    let nginx = format!(
        "limit_req_zone $binary_remote_addr zone=one:1m rate={rate}; limit_req_status {status};
        server {{ listen 127.0.0.1:PORT;
            location / {{ limit_req zone=one; proxy_pass http://127.0.0.1:{backend}; }} }}"
    );
    [Configured::nginx(&nginx)]
}

pub(crate) fn a_limit_on_requests_is_waited_for(proxy: Proxy) {
    let backend = fake_server_at("");
    proxy.with_each(limiting("30r/m", 429, backend.port()), |front, adapter| {
        let mut reasons = Vec::new();
        let login = password_login(&front.url(), adapter);
        let session = adapter.run_with(login, |wait, _| reasons.push(wait.reason())).unwrap();
        expect_works(&session, &backend);
        assert!(reasons.iter().all(|&reason| reason == WaitReason::Busy), "{reasons:?}");
        assert!(!reasons.is_empty(), "the second request comes too soon");
    });
}

pub(crate) fn a_limit_that_looks_like_a_lost_response_ends_a_sign_in_by_password(_: Proxy) {
    let backend = fake_server_at("");
    for adapter in BOTH {
        let [nginx] = limiting("1r/m", 503, backend.port());
        let front = nginx.start();

        let ended = adapter.run(password_login(&front.url(), adapter));

        assert!(matches!(ended, Err(Error::ServerBusy { status: 503, .. })), "{ended:?}");
        let path = "/Users/AuthenticateByName";
        let passwords = front.asked_for(path).matches(path).count();
        assert_eq!(passwords, 1, "whatever answers 503 may have passed the password on");
    }
}

pub(crate) fn a_limit_without_a_burst_is_waited_for_by_quick_connect(proxy: Proxy) {
    let backend = fake_server_at("");
    proxy.with_each(limiting("60r/m", 503, backend.port()), |front, adapter| {
        let mut approved = false;
        let login = Login::quick_connect(address(&front.url()), device(adapter));
        let session = adapter.run_with(login, |wait, _| {
            if let (Some(code), false) = (wait.code(), approved) {
                backend.approve(code, USER).unwrap();
                approved = true;
            }
        });
        expect_works(&session.unwrap(), &backend);
    });
}

pub(crate) fn a_body_limit_that_a_password_exceeds_is_the_proxys(proxy: Proxy) {
    let backend = fake_server_at("");
    let port = backend.port();
    let nginx = format!(
        "server {{ listen 127.0.0.1:PORT; client_max_body_size 10;
            location / {{ proxy_pass http://127.0.0.1:{port}; }} }}"
    );
    let caddy = format!(
        "http://127.0.0.1:PORT {{\n@large header_regexp Content-Length ..\nrespond @large 413\n\
        reverse_proxy 127.0.0.1:{port}\n}}"
    );
    let fronts = [Configured::nginx(&nginx), Configured::caddy(&caddy)];
    proxy.with_each(fronts, |front, adapter| {
        let refused = refused(adapter, &front.url());
        assert!(matches!(refused, Error::Intercepted { status: 413, .. }), "{refused:?}");
    });
}
