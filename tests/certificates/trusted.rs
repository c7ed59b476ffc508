//! Certificates that somebody trusts by their fingerprint.

use jellyfin_auth::{CertificateFingerprint, ServerUrl};
use jellyfin_auth_ureq::Options;
use rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;

use crate::{
    made::{Authority, HERE, Made, expired, names, not_yet_valid, self_signed},
    row::{Outcome, Row, Why},
};

fn fingerprint(made: &Made) -> CertificateFingerprint {
    let hash = TLS13_AES_128_GCM_SHA256.tls13().unwrap().common.hash_provider.hash(&made.chain[0]);
    CertificateFingerprint::from_sha256(hash.as_ref().try_into().unwrap())
}

/// What makes a driver trust `made` at the server's own address.
fn trusting(made: &Made) -> impl Fn(Options, &ServerUrl) -> Options + 'static {
    let fingerprint = fingerprint(made);
    move |options, url| options.trust(url, fingerprint)
}

/// Another origin of the same host.
fn next_port(url: &ServerUrl) -> ServerUrl {
    ServerUrl::parse(&format!("https://{}:{}", url.host(), url.port() ^ 1)).unwrap()
}

pub(crate) fn rows() -> Vec<Row> {
    let authority = Authority::new("Home");
    let taken =
        |name, made: &Made| Row::new(name, made.shown(), Outcome::Taken).given(trusting(made));
    let issued = authority.issue(&names(HERE));
    let (mine, other) = (self_signed(names(HERE)), self_signed(names(HERE)));
    let (root, of_issued, of_mine) =
        (authority.pem.clone(), fingerprint(&issued), fingerprint(&mine));
    vec![
        taken("trusted", &mine),
        taken("trusted, of an unknown authority", &issued),
        taken("trusted, though for another name", &self_signed(names(&["nas.example"]))),
        taken("trusted, though expired", &self_signed(expired(names(HERE)))),
        taken("trusted, though not valid yet", &self_signed(not_yet_valid(names(HERE)))),
        taken(
            "trusted, though expired, misnamed and of an unknown authority",
            &authority.issue(&expired(names(&["nas.example"]))),
        ),
        taken("trusted, at [::1]", &self_signed(names(&["nas.example"]))).at("[::1]"),
        Row::new("trusted, and another one is there", other.shown(), Outcome::Changed)
            .given(trusting(&mine)),
        Row::new(
            "trusted, and one of a given authority is there",
            authority.issue(&names(HERE)).shown(),
            Outcome::Changed,
        )
        .given(move |options, url| {
            options.root_certificate_pem(root.as_bytes()).unwrap().trust(url, of_issued)
        }),
        Row::new("trusted, and its key was not had", mine.stolen(), Outcome::NoTls)
            .given(trusting(&mine)),
        Row::new(
            "trusted at one port and met at another",
            mine.shown(),
            Outcome::Untrusted(Why::Issuer),
        )
        .given(move |options, url| options.trust(&next_port(url), of_mine)),
        Row::new(
            "trusted at one host and met at another",
            mine.shown(),
            Outcome::Untrusted(Why::Issuer),
        )
        .given(move |options, url| {
            let localhost = url.as_str().replace("127.0.0.1", "localhost");
            options.trust(&ServerUrl::parse(&localhost).unwrap(), of_mine)
        }),
    ]
}
