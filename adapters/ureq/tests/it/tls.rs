//! Encrypted connections, by the certificates that a server may show.

use std::time::Duration;

use jellyfin_auth::Failure;
use jellyfin_auth_testkit::raw_server::{Authority, Conduct, Identity, Move, RawServer};
use jellyfin_auth_transport::rustls;
use jellyfin_auth_ureq::Driver;

use crate::scene::{SERVER, ask, failure, info, options, well_behaved};

const HERE: &[&str] = &["127.0.0.1", "localhost"];

fn trusting(pem: &str) -> Driver {
    let options = options().root_certificate_pem(pem.as_bytes()).expect("it is a certificate");
    Driver::with_options(options)
}

fn showing(identity: &Identity) -> RawServer {
    Conduct::new(well_behaved).tls(identity).start()
}

#[test]
fn a_certificate_of_a_given_authority_is_taken_and_the_connection_kept() {
    let authority = Authority::new();
    let server = showing(&authority.identity(HERE));
    let mut driver = trusting(authority.pem());

    for _ in 0..3 {
        assert_eq!(ask(&mut driver, &server), Ok(SERVER.to_owned()));
    }

    assert_eq!(server.traffic().connections().len(), 1);
}

#[test]
fn both_versions_of_tls_are_spoken() {
    let identity = Identity::self_signed(HERE);
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let config = identity.server_config_for(&[version]);
        let server = Conduct::new(well_behaved).tls_config(config).start();
        let mut driver = trusting(identity.pem());

        for _ in 0..2 {
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
    let https = crate::scene::url(&server.url().replace("http:", "https:"));
    let mut driver = trusting(Authority::new().pem());

    let refused = driver
        .call(&jellyfin_auth::endpoint::GetServerInfo {
            server: &https,
            device: &crate::scene::device(),
        })
        .expect_err("it is no TLS");

    let error = refused.login().expect("the protocol decides").clone();
    assert_eq!(failure::<()>(Err(error)), Some(Failure::NoTls));
}

#[test]
fn a_connection_that_the_server_ended_while_idle_is_replaced() {
    for end in [Move::Close, Move::Cut] {
        let identity = Identity::self_signed(HERE);
        let server = Conduct::new(move |request| {
            let mut moves = info();
            if request.connection() == 0 {
                moves.push(end.clone());
            }
            moves
        })
        .tls(&identity)
        .start();
        let mut driver = trusting(identity.pem());
        ask(&mut driver, &server).expect("it answers");
        assert!(server.traffic().wait_until_all_are_closed(Duration::from_secs(5)));

        assert_eq!(ask(&mut driver, &server), Ok(SERVER.to_owned()));

        assert_eq!(server.traffic().connections().len(), 2);
    }
}
