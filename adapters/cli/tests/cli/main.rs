//! The program as its users meet it: at a terminal, in a pipe, in a script.

#![allow(clippy::unwrap_used)]
#![cfg(unix)]

mod accounts;
mod addresses;
mod at_once;
mod certificates;
mod commands;
mod consent;
mod ctrl_c;
mod doctor;
mod errors;
mod gateways;
mod keyring;
mod lan;
mod other_makes;
mod password;
mod quick_connect;
mod refused;
mod run;
mod saving;
mod terminal;
mod trusting;

use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Version},
    listen::Listening,
};

/// A server with the user `alice`, whose password is `wonderland`.
fn server() -> Listening {
    let mut server = FakeServer::new(Version::V12);
    server.add_user("alice", "wonderland");
    server.listen().expect("a free port")
}

/// The tokens that work on a server.
fn tokens(server: &Listening) -> Vec<String> {
    server.server().tokens().map(|token| token.token().to_owned()).collect()
}
