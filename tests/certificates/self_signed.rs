//! Certificates that nobody but themselves vouches for, and those of them that were given as a root.

use crate::{
    made::{HERE, expired, names, not_yet_valid, self_signed},
    row::{Outcome, Row, Why},
};

pub(crate) fn rows() -> Vec<Row> {
    let given = |name, params, expected| {
        let made = self_signed(params);
        Row::new(name, made.shown(), expected).given_roots(&[&made.pem])
    };
    let untrusted = |why| Outcome::Untrusted(why);
    let (stolen, other) = (self_signed(names(HERE)), self_signed(names(HERE)));
    vec![
        Row::new("self-signed", self_signed(names(HERE)).shown(), untrusted(Why::Issuer)),
        Row::new(
            "self-signed, and another one was given as a root",
            self_signed(names(HERE)).shown(),
            untrusted(Why::Issuer),
        )
        .given_roots(&[&other.pem]),
        given("self-signed, given as a root", names(HERE), Outcome::Taken),
        given("self-signed, given, at [::1]", names(&["::1"]), Outcome::Taken).at("[::1]"),
        given("misnamed self-signed, given", names(&["nas.example"]), untrusted(Why::Name)),
        given("expired self-signed, given", expired(names(HERE)), untrusted(Why::Expired)),
        given(
            "self-signed, not valid yet, given",
            not_yet_valid(names(HERE)),
            untrusted(Why::NotYetValid),
        ),
        Row::new("self-signed, given, and its key was not had", stolen.stolen(), Outcome::NoTls)
            .given_roots(&[&stolen.pem]),
    ]
}
