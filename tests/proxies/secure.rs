//! TLS that ends at the proxy.

use jellyfin_auth::{Error, Failure};
use jellyfin_auth_both_drivers::options;

use crate::{
    backend::{PASSWORD, fake_server_at},
    certificates::{Identity, by_a_private_authority, self_signed},
    daemon::free_port,
    front::{Configured, Proxy},
    sign_in::{expect_both_flows, refused},
};

fn fronts(identity: &Identity, status: u16, tls: u16, backend: u16) -> [Configured; 2] {
    let file = identity.file.path().display();
    let nginx = format!(
        "server {{ listen 127.0.0.1:PORT; return {status} https://127.0.0.1:{tls}$request_uri; }}
        server {{
            listen 127.0.0.1:{tls} ssl; access_log off;
            ssl_certificate {file}; ssl_certificate_key {file};
            location / {{ proxy_pass http://127.0.0.1:{backend}; }}
        }}"
    );
    let tls_caddy = free_port();
    let caddy = format!(
        "http://127.0.0.1:PORT {{\nbind 127.0.0.1\nredir https://127.0.0.1:{tls_caddy}{{uri}} {status}\n}}
        https://127.0.0.1:{tls_caddy} {{\nbind 127.0.0.1\ntls {file} {file}\n\
        reverse_proxy 127.0.0.1:{backend}\n}}"
    );
    [Configured::nginx(&nginx), Configured::caddy(&caddy)]
}

fn expect_signed_in_after(proxy: Proxy, status: u16, identity: &Identity) {
    let backend = fake_server_at("");
    proxy.with_each(fronts(identity, status, free_port(), backend.port()), |front, adapter| {
        let options = options().root_certificate_pem(identity.root.as_bytes()).unwrap();
        for session in expect_both_flows(adapter, &options, &front.url(), &backend) {
            assert!(session.server().is_encrypted(), "{}", session.server());
        }
        let in_the_clear = front.asked();
        for line in in_the_clear.lines() {
            assert!(line.contains(" /System/Info/Public ") || line.starts_with(' '), "{line}");
        }
        assert!(!in_the_clear.contains(PASSWORD));
    });
}

pub(crate) fn a_permanent_redirect_to_https_is_followed_before_any_secret_is_sent(proxy: Proxy) {
    expect_signed_in_after(proxy, 301, &by_a_private_authority());
}

pub(crate) fn a_308_to_https_is_followed_to_a_self_signed_certificate_that_is_trusted(
    proxy: Proxy,
) {
    expect_signed_in_after(proxy, 308, &self_signed());
}

pub(crate) fn a_certificate_that_nobody_vouches_for_is_refused(proxy: Proxy) {
    let backend = fake_server_at("");
    for identity in [by_a_private_authority(), self_signed()] {
        proxy.with_each(fronts(&identity, 301, free_port(), backend.port()), |front, adapter| {
            let refused = refused(adapter, &front.url());
            assert!(
                matches!(refused, Error::NoAnswer { failure: Failure::UntrustedCertificate, .. }),
                "{refused:?}"
            );
        });
    }
    assert!(backend.requests().is_empty());
}
