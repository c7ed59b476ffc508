//! What the process's environment says: about proxies, and where the certificate authorities are. A program
//! can't change its own safely, so that each test runs this program once more.

use std::{env, process::Command};

use jellyfin_auth::{ServerUrl, endpoint::GetServerInfo};
use jellyfin_auth_both_drivers::{BOTH, Driver, address, device, options};
use jellyfin_auth_testkit::raw_server::{Conduct, Identity};
use jellyfin_auth_ureq::{ConfigError, Error, ErrorKind, Options};

use crate::scene::info;

/// The address that the second program asks.
const ASKED: &str = "ASKED";
/// What every driver there met.
const DONE: &str = "as expected: 2";

fn ask(driver: &mut Driver, server: &ServerUrl) -> Result<(), Error> {
    driver.call(&GetServerInfo { server, device: &device("PC") }).map(drop)
}

/// Runs the test `name` with these variables, which looks at what every driver meets.
fn run(name: &str, asked: &str, variables: &[(&str, &str)]) {
    let mut command = Command::new(env::current_exe().expect("tests run from a file"));
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command.env_remove("REQUEST_METHOD").env(ASKED, asked).envs(variables.iter().copied());
    let output = command.args(["--exact", &format!("environment::{name}"), "--nocapture"]).output();
    let output = output.expect("the test can be run");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains(DONE), "{text}");
}

/// Nothing, unless it is run by [`run`].
fn with_every_driver(options: impl Fn() -> Options, expect: impl Fn(Result<(), Error>)) {
    let Ok(asked) = env::var(ASKED) else { return };
    for adapter in BOTH {
        expect(ask(&mut adapter.driver_with(options()), &address(&asked)));
    }
    println!("as expected: {}", BOTH.len());
}

fn answered(result: Result<(), Error>) {
    result.expect("it is answered");
}

fn is_config(result: Result<(), Error>, expected: &ConfigError) {
    let error = result.expect_err("nothing can be sent");
    assert_eq!(error.kind(), &ErrorKind::Config(expected.clone()));
}

#[test]
fn by_the_environments_proxy() {
    with_every_driver(Options::new, answered);
}

#[test]
fn a_proxy_in_the_environment_is_used() {
    let proxy = Conduct::new(|_| info()).start();
    run("by_the_environments_proxy", "http://nas.invalid:8096", &[("http_proxy", &proxy.url())]);
    assert_eq!(proxy.traffic().requests().len(), BOTH.len());
}

#[test]
fn by_the_environments_socks() {
    let scheme = "socks5".to_owned();
    with_every_driver(Options::new, |met| {
        is_config(met, &ConfigError::ProxyKind { scheme: scheme.clone() });
    });
}

#[test]
fn a_socks_proxy_in_the_environment_is_neither_used_as_another_kind_nor_gone_around() {
    let (socks, server) = (Conduct::new(|_| info()).start(), Conduct::new(|_| info()).start());
    let url = socks.url().replace("http:", "socks5:");
    for asked in [server.url(), server.url().replace("http:", "https:")] {
        run("by_the_environments_socks", &asked, &[("ALL_PROXY", &url)]);
    }
    for one in [socks, server] {
        assert!(one.traffic().connections().is_empty(), "{}", one.traffic());
    }
}

#[test]
fn without_authorities_by_http() {
    with_every_driver(options, answered);
}

#[test]
fn without_authorities_by_https() {
    with_every_driver(options, |met| is_config(met, &ConfigError::NoAuthorities));
}

#[test]
fn plain_http_needs_no_certificate_authorities() {
    let nowhere = [("SSL_CERT_FILE", "/dev/null"), ("SSL_CERT_DIR", "/nonexistent")];
    let plain = Conduct::new(|_| info()).start();
    run("without_authorities_by_http", &plain.url(), &nowhere);
    let encrypted = Conduct::new(|_| info()).tls(&Identity::self_signed(&["127.0.0.1"])).start();
    run("without_authorities_by_https", &encrypted.url(), &nowhere);
    assert!(encrypted.traffic().connections().is_empty(), "{}", encrypted.traffic());
}
