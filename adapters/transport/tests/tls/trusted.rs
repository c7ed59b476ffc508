//! One certificate that somebody has compared and trusts.

use std::{
    io,
    sync::Arc,
    time::{Duration, SystemTime},
};

use jellyfin_auth::{
    CertificateFingerprint, Device, DeviceFields, DeviceId, Failure, Login, ServerUrl,
};
use jellyfin_auth_transport::{
    Distrust, Error, Options, Proxy, Tls, TransportError, UntrustedCertificate,
    rustls::{self, ClientConfig, pki_types::UnixTime, time_provider::TimeProvider},
};

use crate::{
    certificates::{
        Identity, authority, exchange, expired, issued_by, not_yet_valid, self_signed,
        self_signed_since_2024, server_config, server_config_for, shake_hands, shake_hands_at,
    },
    run_alone, runs_alone, trusting,
};

const HOST: &str = "nas.example";

fn options() -> Options {
    Options::new().proxy(Proxy::none())
}

fn origin(url: &str) -> ServerUrl {
    ServerUrl::parse(url).expect("an address")
}

/// What the handshake that failed shows.
fn shown(options: &Options, identity: &Identity, host: &str) -> UntrustedCertificate {
    let refused = shake_hands(options, identity, host).expect_err("it isn't trusted");
    Error::from(refused).certificate().expect("it was shown").clone()
}

fn fingerprint(identity: &Identity) -> CertificateFingerprint {
    let another = CertificateFingerprint::from_sha256([0; 32]);
    shown(&options().trust(&origin("https://nas.example"), another), identity, HOST)
        .certificate
        .fingerprint
}

/// Options that trust the certificate of `identity` at `url`.
fn that_trust(identity: &Identity, url: &str) -> Options {
    options().trust(&origin(url), fingerprint(identity))
}

#[test]
fn all_of_a_login_are_trusted_each_at_its_origin() {
    let server = self_signed(HOST);
    let id = DeviceId::new("d-1").expect("an id");
    let fields = DeviceFields { client: "Example", version: "1.0", name: "Test", id };
    let there = origin("https://nas.example");
    let login = Login::quick_connect(there.clone(), Device::new(fields).expect("a device"))
        .with_trusted_certificate(&there, fingerprint(&server))
        .with_trusted_certificate(
            &origin("https://other.example"),
            CertificateFingerprint::from_sha256([0; 32]),
        );
    let options = options().trust_all(login.trusted_certificates());
    shake_hands(&options, &server, HOST).expect("it is trusted there");
    let refused = shake_hands(&options, &server, "other.example").expect_err("another is");
    assert_eq!(refused.failure(), Failure::CertificateChanged);
}

#[test]
fn the_handshake_that_fails_shows_what_a_person_can_compare() {
    let server = self_signed(HOST);

    let UntrustedCertificate { origin, certificate, distrust, .. } =
        shown(&options(), &server, "NAS.example");

    assert_eq!(origin.as_str(), "https://nas.example");
    assert_eq!(distrust, Distrust::UnknownIssuer);
    assert_eq!(certificate.names, [HOST]);
    assert!(certificate.is_self_signed());
    assert!(certificate.issuer.contains("CN="), "{}", certificate.issuer);
    assert!(
        certificate.not_before < SystemTime::now() && certificate.not_after > SystemTime::now()
    );
    let text = certificate.fingerprint.to_string();
    assert_eq!((text.len(), text.matches(':').count()), (95, 31));
}

#[test]
fn every_reason_is_named() {
    let authority = authority();
    let at_home = trusting(&authority.pem());
    let issued = issued_by(&authority, HOST);

    assert_eq!(shown(&options(), &issued, HOST).distrust, Distrust::UnknownIssuer);
    assert_eq!(shown(&at_home, &issued, "bank.example").distrust, Distrust::OtherName);
    let expired = expired(HOST);
    assert_eq!(shown(&trusting(&expired.certificate), &expired, HOST).distrust, Distrust::Expired);
    let early = not_yet_valid(HOST);
    assert_eq!(shown(&trusting(&early.certificate), &early, HOST).distrust, Distrust::NotYetValid);
}

#[test]
fn a_clock_that_was_never_set_is_named() {
    let server = self_signed_since_2024(HOST);
    let options = trusting(&server.certificate);
    let peer = Tls::new(&options).peer(HOST, 443).expect("there are authorities");
    let at = |seconds| {
        let mut config = ClientConfig::clone(&peer.config());
        config.time_provider = Arc::new(Clock(seconds));
        exchange(config, peer.name(), server_config(&server))
    };

    assert!(at(1_800_000_000).is_ok(), "2027");
    for never_set in [0, 3_600, 1_577_836_800] {
        let refused = io::Error::other(at(never_set).expect_err("it isn't valid yet"));
        let refused = TransportError::from_io(&refused).to_string();
        assert!(refused.contains("set the clock"), "{refused}");
    }
}

/// Shows always the same time: seconds since the Unix epoch.
#[derive(Debug)]
struct Clock(u64);

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_secs(self.0)))
    }
}

#[test]
fn a_trusted_certificate_is_taken_whatever_its_name_issuer_or_dates() {
    let authority = authority();
    for server in [
        self_signed(HOST),
        self_signed("bank.example"),
        expired("bank.example"),
        not_yet_valid(HOST),
        issued_by(&authority, "bank.example"),
    ] {
        assert_eq!(shake_hands(&that_trust(&server, "https://nas.example"), &server, HOST), Ok(()));
    }
}

/// What `openssl x509 -req` has made for long: a certificate without extensions.
fn of_version_1() -> Identity {
    let (certificate, key) = (include_str!("version_1.pem"), include_str!("keys/ec_pkcs8.pem"));
    Identity { certificate: certificate.to_owned(), key: key.to_owned() }
}

#[test]
fn a_trusted_certificate_may_be_of_version_1() {
    let server = of_version_1();

    assert_eq!(shown(&options(), &server, HOST).distrust, Distrust::UnknownIssuer);
    assert_eq!(shake_hands(&that_trust(&server, "https://nas.example"), &server, HOST), Ok(()));
}

#[test]
fn a_trusted_certificate_without_its_key_is_refused() {
    let (server, thief) = (self_signed(HOST), self_signed(HOST));
    let options = that_trust(&server, "https://nas.example");
    let forged = Identity { certificate: server.certificate, key: thief.key };

    for version in rustls::ALL_VERSIONS {
        let refused = shake_hands_at(&options, server_config_for(&forged, &[version]), HOST, 443);

        let refused = refused.expect_err("it can't sign for it");
        assert_eq!((refused.failure(), refused.certificate()), (Failure::Tls, None), "{version:?}");
    }
}

#[test]
fn another_certificate_there_is_refused_even_when_an_authority_vouches_for_it() {
    let (trusted, authority) = (self_signed(HOST), authority());
    let vouched_for = issued_by(&authority, HOST);
    let options =
        trusting(&authority.pem()).trust(&origin("https://nas.example"), fingerprint(&trusted));
    assert_eq!(shake_hands(&options, &trusted, HOST), Ok(()));

    for other in [&vouched_for, &self_signed(HOST)] {
        let refused = shake_hands(&options, other, HOST).expect_err("it isn't the trusted one");

        assert_eq!(refused.failure(), Failure::CertificateChanged);
        let shown = refused.certificate().expect("it was shown");
        let (expected, found) = (fingerprint(&trusted), fingerprint(other));
        assert_eq!(shown.distrust, Distrust::CertificateChanged { expected, found });
        assert_eq!(shown.certificate.fingerprint, found);
        let text = refused.to_string();
        assert_eq!(text, shown.distrust.to_string(), "it names both certificates");
        assert!(
            text.contains(&expected.to_string()) && text.contains(&found.to_string()),
            "{text}"
        );
    }
}

#[test]
fn it_is_trusted_at_its_origin_alone() {
    let server = self_signed(HOST);
    let options = that_trust(&server, "https://nas.example:8920/jellyfin");

    let at = |host, port| shake_hands_at(&options, server_config(&server), host, port);
    assert_eq!(at(HOST, 8920), Ok(()));
    for (host, port) in [(HOST, 443), (HOST, 8096), ("nas2.example", 8920)] {
        let refused = at(host, port).expect_err("it isn't trusted there");
        assert_eq!(refused.failure(), Failure::UntrustedCertificate, "{host}:{port}");
    }
}

#[test]
fn of_two_for_one_origin_the_later_one_counts_and_http_has_none() {
    let (first, second) = (self_signed(HOST), self_signed(HOST));
    let options = that_trust(&first, "https://nas.example")
        .trust(&origin("https://nas.example:443/"), fingerprint(&second))
        .trust(&origin("http://nas.example:443"), fingerprint(&first));

    assert_eq!(shake_hands(&options, &second, HOST), Ok(()));
    assert!(shake_hands(&options, &first, HOST).is_err());
}

#[test]
fn a_trusted_certificate_needs_no_authorities() {
    const NAME: &str = "trusted::a_trusted_certificate_needs_no_authorities";
    let server = self_signed(HOST);
    let trusting = that_trust(&server, "https://nas.example");
    if !runs_alone() {
        return run_alone(
            NAME,
            &[("SSL_CERT_FILE", "/nonexistent"), ("SSL_CERT_DIR", "/nonexistent")],
        );
    }
    assert_eq!(shake_hands(&trusting, &server, HOST), Ok(()));
}
