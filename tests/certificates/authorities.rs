//! Certificates that an authority has made, good and bad.

use rcgen::{ExtendedKeyUsagePurpose, GeneralSubtree, NameConstraints, SanType};

use crate::{
    made::{Authority, HERE, expired, names, not_yet_valid},
    row::{Outcome, Row, Why},
};

pub(crate) fn rows() -> Vec<Row> {
    let authority = Authority::new("Home");
    let row = |name, params: &rcgen::CertificateParams, expected| {
        Row::new(name, authority.issue(params).shown(), expected).given_roots(&[&authority.pem])
    };
    let mut client_only = names(HERE);
    client_only.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let mut address_as_name = names(&[]);
    address_as_name.subject_alt_names.push(SanType::DnsName("127.0.0.1".try_into().unwrap()));
    let mut star = names(&[]);
    star.subject_alt_names.push(SanType::DnsName("*".try_into().unwrap()));
    let mut rows = vec![
        row("of a given authority", &names(HERE), Outcome::Taken),
        row("of a given authority, by a host name", &names(HERE), Outcome::Taken).at("localhost"),
        row("expired", &expired(names(HERE)), Outcome::Untrusted(Why::Expired)),
        row("not valid yet", &not_yet_valid(names(HERE)), Outcome::Untrusted(Why::NotYetValid)),
        row("for another name", &names(&["nas.example"]), Outcome::Untrusted(Why::Name)),
        row("for another address", &names(&["127.0.0.2"]), Outcome::Untrusted(Why::Name)),
        row("with a common name alone", &names(&[]), Outcome::Untrusted(Why::Name)),
        row("with the address as a DNS name", &address_as_name, Outcome::Untrusted(Why::Name)),
        row("for clients alone", &client_only, Outcome::Untrusted(Why::Other)),
        row("for *", &star, Outcome::Untrusted(Why::Name)).at("localhost"),
        row("for the IPv6 address ::1, at [::1]", &names(&["::1"]), Outcome::Taken).at("[::1]"),
        row("for 127.0.0.1, at [::1]", &names(HERE), Outcome::Untrusted(Why::Name)).at("[::1]"),
    ];
    rows.extend(of_other_authorities(&authority));
    rows.push(Row::of_bytes("TLS 1.1 alone", hello_of_tls_1_1(), Outcome::NoTls));
    rows.push(Row::of_bytes("a protocol_version alert", protocol_version(), Outcome::NoTls));
    rows
}

fn of_other_authorities(authority: &Authority) -> Vec<Row> {
    let given = |row: Row| row.given_roots(&[&authority.pem]);
    let (unknown, namesake) = (Authority::new("Unknown"), Authority::new("Home"));
    let between = authority.intermediate("Between", true);
    let no_authority = authority.intermediate("No authority", false);
    let (first, second) = (Authority::new("First"), Authority::new("Second"));
    let limited = Authority::with("Limited", |params| {
        let permitted_subtrees = vec![GeneralSubtree::DnsName("home.example".to_owned())];
        params.name_constraints =
            Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
    });
    let untrusted = |why| Outcome::Untrusted(why);
    vec![
        given(Row::new(
            "of an unknown authority",
            unknown.issue(&names(HERE)).shown(),
            untrusted(Why::Issuer),
        )),
        given(Row::new(
            "of an authority with the name of a given one",
            namesake.issue(&names(HERE)).shown(),
            untrusted(Why::Issuer),
        )),
        given(Row::new(
            "of an intermediate that is sent along",
            between.issue(&names(HERE)).followed_by(&between).shown(),
            Outcome::Taken,
        )),
        given(Row::new(
            "of an intermediate that is missing",
            between.issue(&names(HERE)).shown(),
            untrusted(Why::Issuer),
        )),
        given(Row::new(
            "of a certificate that is no authority",
            no_authority.issue(&names(HERE)).followed_by(&no_authority).shown(),
            untrusted(Why::Other),
        )),
        given(Row::new(
            "of a given authority, and its key was not had",
            authority.issue(&names(HERE)).stolen(),
            Outcome::NoTls,
        )),
        Row::new(
            "of the first of two given authorities",
            first.issue(&names(HERE)).shown(),
            Outcome::Taken,
        )
        .given_roots(&[&first.pem, &second.pem]),
        Row::new("of the second of them", second.issue(&names(HERE)).shown(), Outcome::Taken)
            .given_roots(&[&first.pem, &second.pem]),
        Row::new(
            "against its authority's name constraints",
            limited.issue(&names(HERE)).shown(),
            untrusted(Why::Other),
        )
        .at("localhost")
        .given_roots(&[&limited.pem]),
    ]
}

/// RFC 4346: a `ServerHello` with version 3.2 and a cipher suite of then.
fn hello_of_tls_1_1() -> Vec<u8> {
    let mut hello = vec![3, 2];
    hello.extend([7; 32]); // random
    hello.push(0); // no session id
    hello.extend([0, 0x2F, 0]); // TLS_RSA_WITH_AES_128_CBC_SHA, no compression
    let length = u8::try_from(hello.len()).unwrap();
    [vec![22, 3, 2, 0, length + 4, 2, 0, 0, length], hello].concat()
}

/// What most servers of that age send.
fn protocol_version() -> Vec<u8> {
    vec![21, 3, 1, 0, 2, 2, 70]
}
