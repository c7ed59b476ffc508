//! A server at a path of a host that has other things too.

use jellyfin_auth::Error;
use jellyfin_auth_both_drivers::options;

use crate::{
    backend::{PASSWORD, fake_server_at},
    front::{Configured, Proxy},
    sign_in::{expect_both_flows, refused, refused_code},
};

pub(crate) fn a_path_that_the_proxy_takes_away_leads_to_a_server_without_base_url(proxy: Proxy) {
    let backend = fake_server_at("");
    let port = backend.port();
    let nginx = format!(
        "server {{ listen 127.0.0.1:PORT;
            location /jellyfin/ {{ proxy_pass http://127.0.0.1:{port}/; }} }}"
    );
    let caddy = format!(
        "http://127.0.0.1:PORT {{\nhandle_path /jellyfin/* {{\nreverse_proxy 127.0.0.1:{port}\n}}\n\
        respond 404\n}}"
    );
    let fronts = [Configured::nginx(&nginx), Configured::caddy(&caddy)];
    proxy.with_each(fronts, |front, adapter| {
        for typed in ["/jellyfin", "/jellyfin/web/index.html#/home"] {
            let typed = format!("{}{typed}", front.url());
            let sessions = expect_both_flows(adapter, &options(), &typed, &backend);
            let found = format!("{}/jellyfin", front.url());
            assert!(sessions.iter().all(|session| session.server().as_str() == found));
        }
        let elsewhere = refused(adapter, &front.url());
        assert!(matches!(elsewhere, Error::NotJellyfin), "{elsewhere:?}");
    });
}

pub(crate) fn a_path_that_is_the_servers_base_url_is_found_from_the_root(proxy: Proxy) {
    let backend = fake_server_at("/jellyfin");
    let port = backend.port();
    let nginx = format!(
        "server {{ listen 127.0.0.1:PORT; location / {{ proxy_pass http://127.0.0.1:{port}; }} }}"
    );
    let caddy = format!("http://127.0.0.1:PORT {{\nreverse_proxy 127.0.0.1:{port}\n}}");
    let fronts = [Configured::nginx(&nginx), Configured::caddy(&caddy)];
    proxy.with_each(fronts, |front, adapter| {
        for typed in ["/jellyfin", "", "/wrong"] {
            let typed = format!("{}{typed}", front.url());
            let sessions = expect_both_flows(adapter, &options(), &typed, &backend);
            let found = format!("{}/jellyfin", front.url());
            assert!(sessions.iter().all(|session| session.server().as_str() == found));
        }
    });
}

pub(crate) fn another_sites_page_is_no_jellyfin_and_gets_no_secret(proxy: Proxy) {
    let pages = [(200, "<!DOCTYPE html><title>Welcome to another site</title>"), (404, "Not here")];
    for (status, page) in pages {
        let nginx = format!(
            "server {{ listen 127.0.0.1:PORT default_server; default_type text/html;
                return {status} '{page}'; }}"
        );
        let caddy = format!("http://127.0.0.1:PORT {{\nrespond `{page}` {status}\n}}");
        let fronts = [Configured::nginx(&nginx), Configured::caddy(&caddy)];
        proxy.with_each(fronts, |front, adapter| {
            for refused in [refused(adapter, &front.url()), refused_code(adapter, &front.url())] {
                assert!(matches!(refused, Error::NotJellyfin), "{refused:?}");
            }
            assert!(!front.asked().contains(PASSWORD));
        });
    }
}

pub(crate) fn a_host_name_that_caddy_does_not_know_is_no_jellyfin(proxy: Proxy) {
    let caddy = "http://media.example:PORT {\nrespond `not for you`\n}";
    proxy.with_each([Configured::caddy(caddy)], |front, adapter| {
        let refused = refused(adapter, &front.url());
        assert!(matches!(refused, Error::NotJellyfin), "{refused:?}");
    });
}
