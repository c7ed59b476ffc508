//! The fake server behind a proxy.

use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Version},
    listen::Listening,
};

pub(crate) const USER: &str = "alice";
pub(crate) const PASSWORD: &str = "correct horse";

/// A server that knows [`USER`].
pub(crate) fn fake_server() -> FakeServer {
    let mut server = FakeServer::new(Version::V12);
    server.add_user(USER, PASSWORD);
    server
}

/// The same, at `base_url`.
pub(crate) fn fake_server_at(base_url: &str) -> Listening {
    let mut server = fake_server();
    base_url.clone_into(&mut server.settings_mut().base_url);
    server.listen().expect("loopback can be listened on")
}
