//! Which certificates a driver takes for a server's.

#[cfg(feature = "bundled-roots")]
mod bundled_roots;
mod certificates;
mod client_certificates;
mod inspection;
mod trusted;

use std::{env, io::Write as _, process::Command};

use certificates::{
    Identity, authority, expired, issued_by, not_yet_valid, self_signed, server_config_for,
    shake_hands, shake_hands_at,
};
use jellyfin_auth::Failure;
use jellyfin_auth_transport::{ConfigError, Distrust, Options, Proxy, rustls};

/// Options that trust `pem` beside the system's authorities.
fn trusting(pem: &str) -> Options {
    Options::new()
        .proxy(Proxy::none())
        .root_certificate_pem(pem.as_bytes())
        .expect("the PEM text holds a certificate")
}

/// Why the certificate of `identity` isn't trusted.
fn distrust(options: &Options, identity: &Identity, host: &str) -> Distrust {
    let refused = shake_hands(options, identity, host).expect_err("it isn't trusted");
    assert_eq!(refused.failure(), Failure::UntrustedCertificate);
    refused.certificate().expect("it was shown").distrust.clone()
}

#[test]
fn a_certificate_of_a_given_authority_is_taken() {
    let authority = authority();
    let server = issued_by(&authority, "nas.example");

    assert_eq!(shake_hands(&trusting(&authority.pem()), &server, "nas.example"), Ok(()));
}

#[test]
fn a_certificate_of_an_unknown_authority_is_refused() {
    let server = issued_by(&authority(), "nas.example");

    let refused = distrust(&trusting(&authority().pem()), &server, "nas.example");

    assert_eq!(refused, Distrust::UnknownIssuer);
}

#[test]
fn a_self_signed_certificate_is_taken_when_it_is_given_as_a_root() {
    let server = self_signed("nas.example");

    assert_eq!(shake_hands(&trusting(&server.certificate), &server, "nas.example"), Ok(()));
}

#[test]
fn a_self_signed_certificate_is_refused_when_another_one_was_given() {
    let (server, other) = (self_signed("nas.example"), self_signed("nas.example"));

    let refused = distrust(&trusting(&other.certificate), &server, "nas.example");

    assert_eq!(refused, Distrust::UnknownIssuer);
}

#[test]
fn a_given_self_signed_certificate_is_refused_for_another_host() {
    let server = self_signed("nas.example");

    let refused = distrust(&trusting(&server.certificate), &server, "bank.example");

    assert_eq!(refused, Distrust::OtherName);
}

#[test]
fn a_given_self_signed_certificate_is_refused_after_its_last_day() {
    let server = expired("nas.example");

    let refused = distrust(&trusting(&server.certificate), &server, "nas.example");

    assert_eq!(refused, Distrust::Expired);
}

#[test]
fn a_given_self_signed_certificate_is_refused_before_its_first_day() {
    let server = not_yet_valid("nas.example");

    let refused = distrust(&trusting(&server.certificate), &server, "nas.example");

    assert_eq!(refused, Distrust::NotYetValid);
}

#[test]
fn a_copied_certificate_is_refused_without_its_key() {
    let (server, thief) = (self_signed("nas.example"), self_signed("nas.example"));
    let stolen = Identity { certificate: server.certificate.clone(), key: server.key };
    assert_eq!(shake_hands(&trusting(&stolen.certificate), &stolen, "nas.example"), Ok(()));

    let forged = Identity { certificate: stolen.certificate.clone(), key: thief.key };
    for version in rustls::ALL_VERSIONS {
        let server = server_config_for(&forged, &[version]);
        let refused = shake_hands_at(&trusting(&stolen.certificate), server, "nas.example", 443);

        let refused = refused.expect_err("it can't sign for it");
        assert_eq!((refused.failure(), refused.certificate()), (Failure::Tls, None), "{version:?}");
    }
}

#[test]
fn several_roots_in_one_text_are_all_trusted() {
    let (first, second) = (authority(), authority());
    let options = trusting(&format!("{}{}", first.pem(), second.pem()));

    for authority in [first, second] {
        let server = issued_by(&authority, "nas.example");
        assert_eq!(shake_hands(&options, &server, "nas.example"), Ok(()));
    }
}

#[test]
fn text_without_a_certificate_is_refused_at_once() {
    let key = self_signed("nas.example").key;

    for pem in ["", "hello", key.as_str()] {
        let refused = Options::new().root_certificate_pem(pem.as_bytes()).map(drop);
        assert_eq!(refused, Err(ConfigError::NoCertificate));
    }
}

#[test]
fn a_broken_certificate_is_refused_at_once() {
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let cut = "-----BEGIN CERTIFICATE-----\nAAAA\n";

    for pem in [broken, cut] {
        let refused = Options::new().root_certificate_pem(pem.as_bytes()).map(drop);
        assert_eq!(refused, Err(ConfigError::BadCertificate));
    }
}

/// Runs the test `name` of this file once more, in a process with these variables.
fn run_alone(name: &str, variables: &[(&str, &str)]) {
    let this = env::current_exe().expect("tests run from a file");
    let output = Command::new(this)
        .args(["--exact", name, "--nocapture"])
        .env("ALONE", "1")
        .env_remove("SSL_CERT_DIR")
        .envs(variables.iter().copied())
        .output()
        .expect("the test can be run again");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

fn runs_alone() -> bool {
    env::var_os("ALONE").is_some()
}

#[test]
fn the_systems_authorities_are_trusted_beside_a_given_root() {
    if runs_alone() {
        let read = |name| env::var(name).expect("the first run sets it");
        let server = Identity { certificate: read("CERTIFICATE"), key: read("KEY") };
        let options = trusting(&authority().pem());
        assert_eq!(shake_hands(&options, &server, "nas.example"), Ok(()));
        return;
    }
    let of_the_system = authority();
    let server = issued_by(&of_the_system, "nas.example");
    let mut store = tempfile::NamedTempFile::new().expect("there is room for a file");
    store.write_all(of_the_system.pem().as_bytes()).expect("there is room for a file");

    run_alone(
        "the_systems_authorities_are_trusted_beside_a_given_root",
        &[
            ("SSL_CERT_FILE", &store.path().to_string_lossy()),
            ("CERTIFICATE", &server.certificate),
            ("KEY", &server.key),
        ],
    );
}

#[cfg(not(feature = "bundled-roots"))]
#[test]
fn without_any_authority_the_set_up_error_says_what_to_do() {
    const NAME: &str = "without_any_authority_the_set_up_error_says_what_to_do";
    if !runs_alone() {
        return run_alone(NAME, &[("SSL_CERT_FILE", "/nonexistent")]);
    }

    let refused =
        jellyfin_auth_transport::Tls::new(&Options::new()).peer("nas.example", 443).map(drop);

    let refused = refused.expect_err("there are no authorities");
    assert_eq!(refused.config(), Some(&ConfigError::NoAuthorities));
    assert!(ConfigError::NoAuthorities.to_string().contains("ca-certificates"));
}

#[test]
fn a_given_root_is_enough_on_a_system_without_authorities() {
    const NAME: &str = "a_given_root_is_enough_on_a_system_without_authorities";
    if !runs_alone() {
        return run_alone(NAME, &[("SSL_CERT_FILE", "/nonexistent")]);
    }
    let server = self_signed("nas.example");

    assert_eq!(shake_hands(&trusting(&server.certificate), &server, "nas.example"), Ok(()));
}
