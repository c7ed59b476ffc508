//! Certificates by which this side shows who it is.

use std::{fs, io, sync::Arc};

use jellyfin_auth::{Failure, ServerUrl};
use jellyfin_auth_transport::{
    ConfigError, Options, Tls, TransportError,
    rustls::{
        self,
        AlertDescription::{CertificateRequired, HandshakeFailure},
        ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
        server::WebPkiClientVerifier,
        version::{TLS12, TLS13},
    },
};
use rcgen::{CertifiedIssuer, KeyPair};

use crate::{
    certificates::{Identity, authority, exchange, issued_by, self_signed, shake_hands_at},
    trusting,
};

const HOST: &str = "nas.example";
const BOTH: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

fn origin() -> ServerUrl {
    ServerUrl::parse("https://nas.example").expect("an address")
}

/// A server that lets nobody in without a certificate of `authority`.
struct Server {
    identity: Identity,
    authority: CertifiedIssuer<'static, KeyPair>,
}

impl Server {
    fn new() -> Self {
        Self { identity: self_signed(HOST), authority: authority() }
    }

    fn config(&self, version: &'static SupportedProtocolVersion) -> ServerConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(self.authority.der().clone()).expect("the authority is one");
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let chain = CertificateDer::from_pem_slice(self.identity.certificate.as_bytes());
        let key = PrivateKeyDer::from_pem_slice(self.identity.key.as_bytes());
        ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .expect("ring speaks it")
            .with_client_cert_verifier(verifier.build().expect("there is a root"))
            .with_single_cert(vec![chain.expect("PEM")], key.expect("PEM"))
            .expect("the key belongs to the certificate")
    }

    fn options(&self) -> Options {
        trusting(&self.identity.certificate)
    }

    fn client(&self) -> Identity {
        issued_by(&self.authority, "alice.example")
    }
}

fn giving(options: Options, client: &Identity) -> Options {
    options
        .client_certificate(&origin(), client.certificate.as_bytes(), client.key.as_bytes())
        .expect("the two belong together")
}

fn refused(result: Result<(), TransportError>) -> TransportError {
    let refused = result.expect_err("the server refuses");
    assert_eq!(refused.failure(), Failure::ClientCertificateRequired, "{refused}");
    refused
}

#[test]
fn the_right_one_is_let_in() {
    let server = Server::new();
    let options = giving(server.options(), &server.client());

    for version in BOTH {
        assert_eq!(
            shake_hands_at(&options, server.config(version), HOST, 443),
            Ok(()),
            "{version:?}"
        );
    }
}

#[test]
fn of_two_for_one_origin_the_later_one_counts() {
    let server = Server::new();
    let (other, accepted) = (issued_by(&authority(), "alice.example"), server.client());
    let later = giving(giving(server.options(), &other), &accepted);
    let earlier = giving(giving(server.options(), &accepted), &other);

    for version in BOTH {
        assert_eq!(shake_hands_at(&later, server.config(version), HOST, 443), Ok(()));
        refused(shake_hands_at(&earlier, server.config(version), HOST, 443));
    }
}

#[test]
fn that_one_is_wanted_and_missing_is_reported() {
    let server = Server::new();

    for version in BOTH {
        let refused = refused(shake_hands_at(&server.options(), server.config(version), HOST, 443));
        assert!(refused.to_string().contains("wants a client certificate"), "{refused}");
    }
}

#[test]
fn that_one_is_not_accepted_is_reported() {
    let server = Server::new();
    let options = giving(server.options(), &issued_by(&authority(), "alice.example"));

    for version in BOTH {
        let refused = refused(shake_hands_at(&options, server.config(version), HOST, 443));
        assert!(refused.to_string().contains("doesn't accept"), "{refused}");
    }
}

#[test]
fn a_connection_that_is_cut_is_a_refusal_before_any_answer_to_whoever_was_asked() {
    let server = Server::new();
    let reset = || io::Error::from(io::ErrorKind::ConnectionReset);
    let alert_received = |alert| io::Error::other(rustls::Error::AlertReceived(alert));
    let failure_of = |error: io::Error| TransportError::from_io(&error).failure();
    for (options, of_none) in [
        (server.options(), Failure::ClientCertificateRequired),
        (giving(server.options(), &server.client()), Failure::Interrupted),
    ] {
        let tls = Tls::new(&options);
        let peer = tls.peer(HOST, 443).expect("a name");
        assert_eq!(failure_of(peer.explain(reset(), false)), Failure::Interrupted, "nobody asked");
        assert_eq!(
            failure_of(peer.explain(alert_received(HandshakeFailure), false)),
            Failure::Tls,
            "nobody asked"
        );
        assert_eq!(
            failure_of(peer.explain(alert_received(CertificateRequired), true)),
            Failure::ClientCertificateRequired
        );
        assert_eq!(peer.handshake_error(reset()).failure(), Failure::Unreachable);
        let asked =
            exchange(ClientConfig::clone(&peer.config()), peer.name(), server.config(&TLS13));
        assert_eq!(asked.is_ok(), of_none == Failure::Interrupted);

        assert_eq!(failure_of(peer.explain(reset(), false)), of_none);
        assert_eq!(
            failure_of(peer.explain(reset(), true)),
            Failure::Interrupted,
            "it had answered"
        );
        let failure = peer.handshake_error(reset()).failure();
        assert_eq!(failure, Failure::ClientCertificateRequired);
        let failure = failure_of(peer.explain(alert_received(HandshakeFailure), true));
        assert_eq!(failure, Failure::ClientCertificateRequired);

        let next = tls.peer(HOST, 443).expect("a name");
        assert!(!next.asks_for_client_certificate(), "the next handshake knows nothing of it");
    }
}

#[test]
fn no_other_origin_gets_it() {
    let server = Server::new();
    let options = giving(server.options(), &server.client());

    for version in BOTH {
        refused(shake_hands_at(&options, server.config(version), HOST, 8920));
    }
}

#[test]
fn it_goes_with_a_trusted_certificate() {
    let server = Server::new();
    let anonymous = shake_hands_at(&Options::new(), server.config(&TLS13), HOST, 443);
    let fingerprint = anonymous
        .expect_err("self-signed")
        .certificate()
        .expect("it was shown")
        .certificate
        .fingerprint;
    let options = giving(Options::new(), &server.client()).trust(&origin(), fingerprint);

    assert_eq!(shake_hands_at(&options, server.config(&TLS13), HOST, 443), Ok(()));
}

/// One key in two forms: openssl's own, and PKCS #8.
const KEYS: [(&str, &str); 2] = [
    (include_str!("keys/ec_sec1.pem"), include_str!("keys/ec_pkcs8.pem")),
    (include_str!("keys/rsa_pkcs1.pem"), include_str!("keys/rsa_pkcs8.pem")),
];

#[test]
fn keys_of_every_kind_are_read_in_both_of_their_forms() {
    let server = Server::new();
    for (own, pkcs8) in KEYS {
        assert!(own.contains("BEGIN EC PRIVATE KEY") || own.contains("BEGIN RSA PRIVATE KEY"));
        let key = KeyPair::from_pem(pkcs8).expect("a key");
        let params = rcgen::CertificateParams::new(vec!["alice.example".to_owned()]);
        let certificate = params.expect("a name").signed_by(&key, &server.authority);
        let certificate = certificate.expect("complete").pem();

        for key in [own, pkcs8] {
            let client = Identity { certificate: certificate.clone(), key: key.to_owned() };
            let options = giving(server.options(), &client);
            for version in BOTH {
                assert_eq!(shake_hands_at(&options, server.config(version), HOST, 443), Ok(()));
            }
        }
    }
}

#[test]
fn files_are_read_and_one_may_hold_both() {
    let server = Server::new();
    let client = server.client();
    let folder = tempfile::tempdir().expect("there is room");
    let both = folder.path().join("client.pem");
    fs::write(&both, format!("{}{}", client.key, client.certificate)).expect("there is room");

    let options = server.options().client_certificate_files(&origin(), &both, &both);

    let options = options.expect("both are in it");
    assert_eq!(shake_hands_at(&options, server.config(&TLS12), HOST, 443), Ok(()));
    let missing = folder.path().join("missing.pem");
    let refused = Options::new().client_certificate_files(&origin(), &both, &missing);
    let Err(ConfigError::UnreadableFile { file, .. }) = refused else { panic!("{refused:?}") };
    assert!(file.ends_with("missing.pem"));
}

#[test]
fn what_cannot_be_used_is_refused_at_once() {
    let (client, other) = (self_signed("alice.example"), self_signed("bob.example"));
    let (certificate, key) = (client.certificate.as_str(), client.key.as_str());
    let cut = &key[..key.len() / 2];
    let pkcs8 =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let older = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n\
                 AAAA\n-----END RSA PRIVATE KEY-----\n";
    let nonsense = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (chain, key, expected) in [
        ("", key, ConfigError::NoClientCertificate),
        (key, key, ConfigError::NoClientCertificate),
        (broken, key, ConfigError::BadClientCertificate),
        (certificate, "", ConfigError::NoClientKey),
        (certificate, certificate, ConfigError::NoClientKey),
        (certificate, cut, ConfigError::BadClientKey),
        (certificate, nonsense, ConfigError::BadClientKey),
        (certificate, pkcs8, ConfigError::EncryptedClientKey),
        (certificate, older, ConfigError::EncryptedClientKey),
        (certificate, other.key.as_str(), ConfigError::ClientKeyMismatch),
    ] {
        let options =
            Options::new().client_certificate(&origin(), chain.as_bytes(), key.as_bytes());
        assert_eq!(options.map(drop), Err(expected.clone()));
        assert!(expected.to_string().contains(": "), "it says what to do: {expected}");
    }
    let http = ServerUrl::parse("http://nas.example").expect("an address");
    let refused = Options::new().client_certificate(&http, certificate.as_bytes(), key.as_bytes());
    assert_eq!(refused.map(drop), Err(ConfigError::ClientCertificateWithoutTls));
}

#[test]
fn nothing_of_a_key_is_shown() {
    let client = self_signed("alice.example");
    let options = giving(Options::new(), &client);
    let tls = jellyfin_auth_transport::Tls::new(&options);
    let peer = tls.peer(HOST, 443).expect("there are authorities");

    for shown in [format!("{options:#?}"), format!("{tls:#?}"), format!("{peer:#?}")] {
        for line in
            client.key.lines().chain(client.certificate.lines()).filter(|line| line.len() > 20)
        {
            assert!(!shown.contains(line), "{shown}");
        }
        assert!(!shown.contains("BEGIN"), "{shown}");
    }
    assert!(format!("{options:?}").contains("redacted"), "{options:?}");
}
