//! Proxies that let nobody in without a client certificate. nginx says so in a response, the others in the
//! handshake or right after it.

use jellyfin_auth::{Advice, Error, Failure, ServerUrl};
use jellyfin_auth_both_drivers::{Adapter, options};
use jellyfin_auth_ureq::Options;

use crate::{
    backend::fake_server_at,
    certificates::{Client, ClientAuthority, Identity, self_signed},
    front::{Configured, Front, Proxy},
    sign_in::{expect_both_flows, impatient, password_login},
};

/// Each in front of `backend`, with one version of TLS, `1.2` or `1.3`.
fn fronts(
    identity: &Identity,
    clients: &ClientAuthority,
    version: &str,
    backend: u16,
) -> [Configured; 3] {
    let (file, authority) = (identity.file.path().display(), clients.file.path().display());
    let nginx = format!(
        "server {{
            listen 127.0.0.1:PORT ssl; ssl_protocols TLSv{version};
            ssl_certificate {file}; ssl_certificate_key {file};
            ssl_client_certificate {authority}; ssl_verify_client on;
            location / {{ proxy_pass http://127.0.0.1:{backend}; }}
        }}"
    );
    let caddy = format!(
        "https://localhost:PORT {{\nbind 127.0.0.1\ntls {file} {file} {{\nprotocols tls{version} tls{version}\n\
        client_auth {{\nmode require_and_verify\ntrusted_ca_cert_file {authority}\n}}\n}}\n\
        reverse_proxy 127.0.0.1:{backend}\n}}"
    );
    let haproxy = format!(
        "frontend front\n bind 127.0.0.1:PORT ssl crt {file} ca-file {authority} verify required \
        ssl-min-ver TLSv{version} ssl-max-ver TLSv{version}\n default_backend back\n\
        backend back\n server jellyfin 127.0.0.1:{backend}"
    );
    [Configured::nginx(&nginx), Configured::caddy(&caddy), Configured::haproxy(&haproxy)]
}

/// By name: Caddy matches client certificates with the name that the handshake asks for.
fn url(front: &Front) -> ServerUrl {
    ServerUrl::parse(&format!("https://localhost:{}", front.port)).unwrap()
}

fn trusting(identity: &Identity) -> Options {
    options().root_certificate_pem(identity.root.as_bytes()).unwrap()
}

fn giving(options: Options, url: &ServerUrl, client: &Client) -> Options {
    let Client { certificate, key } = client;
    options.client_certificate(url, certificate.as_bytes(), key.as_bytes()).unwrap()
}

fn expect_refused(adapter: Adapter, options: Options, url: &ServerUrl) {
    let login = password_login(url.as_str(), adapter).with_policy(impatient());
    let error = adapter.run_by(options, login, |_, _| {}).unwrap_err();
    assert!(
        matches!(error, Error::NoAnswer { failure: Failure::ClientCertificateRequired, .. }),
        "{error:?}"
    );
    assert_eq!(error.advice(), Advice::GiveClientCertificate);
}

fn in_each(proxy: Proxy, test: impl Fn(&Front, Adapter, &Identity)) {
    let (identity, clients, backend) = (self_signed(), ClientAuthority::new(), fake_server_at(""));
    for version in ["1.2", "1.3"] {
        proxy.with_each(fronts(&identity, &clients, version, backend.port()), |front, adapter| {
            test(front, adapter, &identity);
        });
    }
    assert!(backend.requests().is_empty(), "nothing is let through");
}

pub(crate) fn without_one_the_error_says_that_one_is_wanted(proxy: Proxy) {
    in_each(proxy, |front, adapter, identity| {
        expect_refused(adapter, trusting(identity), &url(front));
    });
}

pub(crate) fn one_that_is_not_accepted_is_the_same_error(proxy: Proxy) {
    let others = ClientAuthority::new();
    in_each(proxy, |front, adapter, identity| {
        let url = url(front);
        expect_refused(adapter, giving(trusting(identity), &url, &others.client()), &url);
    });
}

pub(crate) fn with_the_right_one_both_flows_sign_in(proxy: Proxy) {
    let (identity, clients, backend) = (self_signed(), ClientAuthority::new(), fake_server_at(""));
    for version in ["1.2", "1.3"] {
        proxy.with_each(fronts(&identity, &clients, version, backend.port()), |front, adapter| {
            let url = url(front);
            let options = giving(trusting(&identity), &url, &clients.client());
            expect_both_flows(adapter, &options, url.as_str(), &backend);
        });
    }
}
