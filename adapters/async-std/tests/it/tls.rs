//! Encrypted connections, by the certificates that a server may show.

use std::{env, process::Command};

use jellyfin_auth::{Error, Failure};
use jellyfin_auth_async_std::{ConfigError, ErrorKind};
use jellyfin_auth_testkit::raw_server::{Authority, Conduct, Identity, Move, RawServer};
use jellyfin_auth_transport::rustls;

use crate::scene::{SERVER, ask, ask_at, device, driver, failure, trusting, url, well_behaved};

const HERE: &[&str] = &["127.0.0.1", "localhost"];

fn showing(identity: &Identity) -> RawServer {
    Conduct::new(well_behaved).tls(identity).start()
}

#[test]
fn both_versions_of_tls_are_spoken_and_the_connection_is_kept() {
    let authority = Authority::new();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let config = authority.identity(HERE).server_config_for(&[version]);
        let server = Conduct::new(well_behaved).tls_config(config).start();
        let mut driver = trusting(authority.pem());

        for _ in 0..3 {
            assert_eq!(ask(&mut driver, &server), Ok(SERVER.to_owned()), "{version:?}");
        }
        assert_eq!(server.traffic().connections().len(), 1, "{version:?}");
    }
}

#[test]
fn a_self_signed_certificate_is_taken_when_it_was_given() {
    let identity = Identity::self_signed(HERE);
    let server = showing(&identity);

    assert_eq!(ask(&mut trusting(identity.pem()), &server), Ok(SERVER.to_owned()));
    let by_name = ask_at(&mut trusting(identity.pem()), &server.url_as("localhost"));
    assert_eq!(by_name, Ok(SERVER.to_owned()));
}

#[test]
fn certificates_that_prove_nothing_are_refused_before_anything_is_sent() {
    let authority = Authority::new();
    let given = Identity::self_signed_and_expired(HERE);
    let elsewhere = Identity::self_signed(&["nas.example"]);
    for (why, root, identity) in [
        ("unknown authority", authority.pem(), &Authority::new().identity(HERE)),
        ("self-signed, not given", authority.pem(), &Identity::self_signed(HERE)),
        ("expired", authority.pem(), &authority.expired(HERE)),
        ("not yet valid", authority.pem(), &authority.not_yet_valid(HERE)),
        ("another host's", authority.pem(), &authority.identity(&["nas.example"])),
        ("given, but expired", given.pem(), &given),
        ("given, but another host's", elsewhere.pem(), &elsewhere),
    ] {
        let server = showing(identity);

        let refused = failure(ask(&mut trusting(root), &server));

        assert_eq!(refused, Some(Failure::UntrustedCertificate), "{why}");
        assert!(server.traffic().requests().is_empty(), "{why}");
    }
}

#[test]
fn a_server_that_speaks_no_tls_is_refused() {
    let server = Conduct::new(|_| Vec::new())
        .greeting(|_| vec![Move::send("HTTP/1.1 400 Bad Request\r\n\r\n"), Move::Close])
        .start();
    let mut driver = trusting(Authority::new().pem());

    let refused = ask_at(&mut driver, &server.url().replace("http:", "https:"));

    assert_eq!(failure(refused), Some(Failure::NoTls));
}

/// On a machine without certificate authorities.
#[test]
#[ignore = "the next one runs it, in a process of its own"]
fn without_authorities() {
    let (Ok(plain), Ok(encrypted)) = (env::var("PLAIN"), env::var("ENCRYPTED")) else { return };
    let mut driver = driver();

    assert_eq!(ask_at(&mut driver, &plain), Ok(SERVER.to_owned()));
    let (encrypted, device) = (url(&encrypted), device());
    let endpoint = jellyfin_auth::endpoint::GetServerInfo { server: &encrypted, device: &device };
    let refused = futures_lite::future::block_on(driver.call(&endpoint)).expect_err("no TLS");
    assert_eq!(refused.kind(), &ErrorKind::Config(ConfigError::NoAuthorities));
    println!("plain http works");
}

#[test]
fn plain_http_needs_no_certificate_authorities() {
    let plain = Conduct::new(well_behaved).start();
    let encrypted = showing(&Identity::self_signed(HERE));

    // A program can't change its environment safely.
    let output = Command::new(env::current_exe().expect("tests run from a file"))
        .args(["--exact", "tls::without_authorities", "--ignored", "--nocapture"])
        .env("PLAIN", plain.url())
        .env("ENCRYPTED", encrypted.url())
        .env("SSL_CERT_FILE", "/dev/null")
        .env("SSL_CERT_DIR", "/nonexistent")
        .output()
        .expect("the test can be run");

    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("plain http works"), "{text}");
    assert!(encrypted.traffic().connections().is_empty(), "{}", encrypted.traffic());
}

#[test]
fn the_reason_of_tls_is_the_source() {
    let authority = Authority::new();
    let server = showing(&authority.expired(HERE));
    let (url, device) = (url(&server.url()), device());
    let endpoint = jellyfin_auth::endpoint::GetServerInfo { server: &url, device: &device };

    let refused = futures_lite::future::block_on(trusting(authority.pem()).call(&endpoint));

    let refused = refused.expect_err("it has expired");
    assert!(matches!(refused.login(), Some(Error::NoAnswer { .. })), "{refused:?}");
    let reason = std::error::Error::source(&refused).expect("TLS gave a reason").to_string();
    assert!(reason.contains("expired"), "{reason}");
}
