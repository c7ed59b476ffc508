//! Servers that are down, slow or restarting behind a proxy that is not.

use std::{cell::RefCell, fs};

use jellyfin_auth::{Error, WaitReason};
use jellyfin_auth_both_drivers::{Adapter, BOTH, options};
use jellyfin_auth_testkit::{
    answer,
    listen::Listening,
    raw_server::{Conduct, KeptPort, Move, wire},
};

use crate::{
    backend::{USER, fake_server, fake_server_at},
    front::{Configured, Front, Proxy},
    sign_in::{
        expect_quick_connect, expect_works, password_login, quick_connect, refused, refused_code,
    },
};

fn fronts(backend: u16) -> [Configured; 2] {
    let nginx = format!(
        "proxy_connect_timeout 1s; proxy_read_timeout 1s;
        server {{ listen 127.0.0.1:PORT; location / {{ proxy_pass http://127.0.0.1:{backend}; }} }}"
    );
    let caddy = format!(
        "http://127.0.0.1:PORT {{\nreverse_proxy 127.0.0.1:{backend} {{\ntransport http {{\n\
        dial_timeout 1s\nresponse_header_timeout 1s\n}}\n}}\n}}"
    );
    [Configured::nginx(&nginx), Configured::caddy(&caddy)]
}

pub(crate) fn a_server_that_is_down_is_busy_and_one_that_comes_up_is_signed_in_to(proxy: Proxy) {
    for adapter in BOTH {
        let port = KeptPort::new();
        let front = proxy.start(fronts(port.address().port()));
        for refused in [refused(adapter, &front.url()), refused_code(adapter, &front.url())] {
            assert!(matches!(refused, Error::ServerBusy { status: 502, .. }), "{refused:?}");
        }
        let (mut port, mut backend) = (Some(port), None);
        let login = password_login(&front.url(), adapter);
        let session = adapter.run_with(login, |wait, _| {
            assert_eq!(wait.reason(), WaitReason::Busy);
            backend.get_or_insert_with(|| up_at(port.take()));
        });
        expect_works(&session.unwrap(), &backend.unwrap());
    }
}

fn up_at(port: Option<KeptPort>) -> Listening {
    fake_server().listen_on(port.expect("it comes up once").release()).unwrap()
}

/// They say 503: Varnish as if the server were starting.
pub(crate) fn a_server_that_is_down_behind_haproxy_or_varnish_is_named_and_one_that_comes_up_is_signed_in_to(
    proxy: Proxy,
) {
    for adapter in BOTH {
        let kept = KeptPort::new();
        let port = kept.address().port();
        let haproxy = format!(
            "frontend all\n bind 127.0.0.1:PORT\n default_backend server\n\
             backend server\n server one 127.0.0.1:{port}\n"
        );
        let front = proxy.start([Configured::haproxy(&haproxy), Configured::varnish(port)]);
        let refused = refused(adapter, &front.url());
        assert!(
            matches!(
                refused,
                Error::ServerStarting | Error::ServerBusy { status: 503, by_cloudflare: false, .. }
            ),
            "{refused:?}"
        );
        let (mut port, mut backend) = (Some(kept), None);
        let login = quick_connect(&front.url(), adapter);
        let mut approved = false;
        let session = adapter.run_with(login, |wait, _| {
            let server = backend.get_or_insert_with(|| up_at(port.take()));
            if let (Some(code), false) = (wait.code(), approved) {
                server.approve(code, USER).unwrap();
                approved = true;
            }
        });
        expect_works(&session.unwrap(), &backend.unwrap());
    }
}

pub(crate) fn a_server_that_is_too_slow_for_the_proxy_is_busy(proxy: Proxy) {
    let stuck = Conduct::new(|_| vec![Move::Hold]).start();
    proxy.with_each(fronts(stuck.address().port()), |front, adapter| {
        let refused = refused(adapter, &front.url());
        assert!(matches!(refused, Error::ServerBusy { status: 504, .. }), "{refused:?}");
    });
}

pub(crate) fn a_password_that_the_proxy_gave_up_on_is_not_sent_again(proxy: Proxy) {
    let id = "2e34ab940daf47feb56c64cd271dc628";
    let stuck = Conduct::new(move |request| match request.path() {
        "/System/Info/Public" => {
            vec![Move::Send(wire::with_length(&answer::server_info(id, "12.0.0")))]
        }
        _ => vec![Move::Hold],
    });
    let stuck = stuck.start();
    let posts = || stuck.traffic().requests().iter().filter(|one| one.method() == "POST").count();
    proxy.with_each(fronts(stuck.address().port()), |front, adapter| {
        let before = posts();
        let refused = refused(adapter, &front.url());
        assert!(matches!(refused, Error::Intercepted { status: 504, .. }), "{refused:?}");
        assert_eq!(posts() - before, 1);
    });
}

pub(crate) fn a_code_outlasts_a_server_that_is_away_and_not_one_that_restarts(proxy: Proxy) {
    let backend = RefCell::new(fake_server_at(""));
    let port = backend.borrow().port();
    proxy.with_each(fronts(port), |front, adapter| {
        for restarts in [false, true] {
            match go_away_while_waiting(adapter, front, &backend, restarts) {
                Ok(session) if !restarts => expect_works(&session, &backend.borrow()),
                Err(Error::CodeLost) if restarts => {}
                other => panic!("restarts: {restarts}, {other:?}"),
            }
        }
    });
}

fn go_away_while_waiting(
    adapter: Adapter,
    front: &Front,
    backend: &RefCell<Listening>,
    restarts: bool,
) -> Result<jellyfin_auth::Session, Error> {
    let mut reasons = Vec::new();
    adapter.run_with(quick_connect(&front.url(), adapter), |wait, _| {
        let Some(code) = wait.code() else { return };
        let mut backend = backend.borrow_mut();
        reasons.push(wait.reason());
        match reasons.len() {
            1 => backend.pause(),
            3 => {
                assert_eq!(reasons[1..], [WaitReason::Busy; 2]);
                if restarts {
                    backend.server().restart();
                }
                backend.resume().unwrap();
                if !restarts {
                    backend.approve(code, USER).unwrap();
                }
            }
            _ => {}
        }
    })
}

pub(crate) fn connections_that_the_proxy_keeps_for_a_second_lose_nothing(proxy: Proxy) {
    let backend = fake_server_at("");
    let port = backend.port();
    let nginx = format!(
        "keepalive_timeout 1s;
        server {{ listen 127.0.0.1:PORT; location / {{ proxy_pass http://127.0.0.1:{port}; }} }}"
    );
    let caddy = format!("http://127.0.0.1:PORT {{\nreverse_proxy 127.0.0.1:{port}\n}}");
    let options_of_caddy = "servers {\ntimeouts {\nidle 1s\n}\n}";
    let fronts = [Configured::nginx(&nginx), Configured::caddy_with(options_of_caddy, &caddy)];
    proxy.with_each(fronts, |front, adapter| {
        // Each poll comes about when the proxy closes.
        expect_quick_connect(adapter, &options(), &front.url(), &backend, 6);
        let login = password_login(&front.url(), adapter);
        expect_works(&adapter.run(login).unwrap(), &backend);
    });
}

pub(crate) fn a_maintenance_page_is_waited_for_and_shown(proxy: Proxy) {
    let backend = fake_server_at("");
    let port = backend.port();
    let nginx = format!(
        "server {{ listen 127.0.0.1:PORT; error_page 503 /maintenance.html;
            location = /maintenance.html {{ internal; default_type text/html; root FOLDER/pages; }}
            location / {{ if (-f FOLDER/closed) {{ return 503; }} proxy_pass http://127.0.0.1:{port}; }} }}"
    );
    let caddy = format!(
        "http://127.0.0.1:PORT {{\n@closed file {{\nroot FOLDER\ntry_files /closed\n}}\n\
        handle @closed {{\nheader Content-Type text/html\nrespond `<h1>Back soon</h1>` 503\n}}\n\
        handle {{\nreverse_proxy 127.0.0.1:{port}\n}}\n}}"
    );
    let fronts = [Configured::nginx(&nginx), Configured::caddy(&caddy)];
    proxy.with_each(fronts, |front, adapter| {
        fs::create_dir_all(front.file("pages")).unwrap();
        fs::write(front.file("pages/maintenance.html"), "<h1>Back soon</h1>").unwrap();
        let closed = front.file("closed");
        fs::write(&closed, "").unwrap();
        for refused in [refused(adapter, &front.url()), refused_code(adapter, &front.url())] {
            assert!(matches!(refused, Error::ServerBusy { status: 503, .. }), "{refused:?}");
        }
        fs::remove_file(&closed).unwrap();
        let mut reasons = Vec::new();
        let session = adapter.run_with(quick_connect(&front.url(), adapter), |wait, _| {
            reasons.push(wait.reason());
            match reasons.len() {
                1 => fs::write(&closed, "").unwrap(),
                2 => fs::remove_file(&closed).unwrap(),
                3 => backend.approve(wait.code().unwrap(), USER).unwrap(),
                _ => {}
            }
        });
        expect_works(&session.unwrap(), &backend);
        assert_eq!(reasons[..2], [WaitReason::Approval, WaitReason::Busy], "{reasons:?}");
    });
}
