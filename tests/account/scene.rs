//! What the tests share: alice, her server and her devices.

use jellyfin_auth::{Login, Policy, ServerUrl, Session};
use jellyfin_auth_testkit::{
    answer,
    fake_server::{FakeServer, Version},
    listen::Listening,
    raw_server::{Move, wire},
};

use jellyfin_auth_both_drivers::Adapter;
pub(crate) use jellyfin_auth_both_drivers::{address, device};

pub(crate) const PASSWORD: &str = "pw-alice-1";
pub(crate) const SERVER_ID: &str = "2e34ab940daf47feb56c64cd271dc628";
pub(crate) const TOKEN: &str = "b7a1c3d4e5f60718293a4b5c6d7e8f90";
pub(crate) const USER_ID: &str = "6eec632aff0d4d099aad0bf9e90b14c6";
pub(crate) const SECRET: &str = "0f4a51b7c2d94e6f8a0b1c2d3e4f5a6b";
pub(crate) const CODE: &str = "123456";

pub(crate) fn server(version: Version) -> Listening {
    let mut server = FakeServer::new(version);
    server.add_user("alice", PASSWORD);
    server.listen().expect("a port")
}

pub(crate) fn url(server: &Listening) -> ServerUrl {
    address(&server.url())
}

/// Alice's sign-in at `url`.
pub(crate) fn by_password(url: ServerUrl) -> Login {
    Login::password(url, device("PC"), "alice", PASSWORD).expect("a user name")
}

/// Alice, signed in at `server` with a device of this name.
pub(crate) fn sign_in(adapter: Adapter, server: &Listening, device_name: &str) -> Session {
    let login = Login::password(url(server), device(device_name), "alice", PASSWORD);
    adapter.run(login.expect("a user name")).expect("alice may sign in")
}

/// Gives up after the first failure.
pub(crate) fn impatient() -> Policy {
    let mut policy = Policy::default();
    policy.retries = 0;
    policy.patience = std::time::Duration::ZERO;
    policy
}

/// Polls as often as is allowed.
pub(crate) fn hasty() -> Policy {
    let mut policy = Policy::default();
    policy.poll_interval = std::time::Duration::from_secs(1);
    policy
}

/// Sends this response, with its length.
pub(crate) fn sends(response: &http::Response<Vec<u8>>) -> Vec<Move> {
    vec![Move::Send(wire::with_length(response))]
}

/// The main server's answer to who it is.
pub(crate) fn info() -> Vec<Move> {
    sends(&answer::server_info(SERVER_ID, "10.11.11"))
}

/// The main server's answer to the right password, and to an approved code.
pub(crate) fn authentication() -> Vec<Move> {
    sends(&answer::authentication(TOKEN, USER_ID, SERVER_ID))
}
