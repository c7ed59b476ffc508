use std::{fmt, io};

use jellyfin_auth::{
    Device, DeviceId, Endpoint, Error, Machine, ServerUrl, Session, lan::Announcement,
};
use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Version},
    listen::Listening,
};
use jellyfin_auth_ureq::LanSearch;

/// Both adapters, by turns.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Adapter {
    Ureq,
    AsyncStd,
}

pub(crate) const BOTH: [Adapter; 2] = [Adapter::Ureq, Adapter::AsyncStd];

pub(crate) const PASSWORD: &str = "pw-alice-1";

impl Adapter {
    pub(crate) fn call<E: Endpoint + Sync>(self, endpoint: &E) -> Result<E::Output, Error> {
        match self {
            Self::Ureq => jellyfin_auth_ureq::Driver::new().call(endpoint),
            Self::AsyncStd => futures_lite::future::block_on(
                jellyfin_auth_async_std::Driver::new().call(endpoint),
            ),
        }
        .map_err(|error| verdict(&error))
    }

    pub(crate) fn run<M: Machine>(self, machine: M) -> Result<M::Output, Error> {
        match self {
            Self::Ureq => jellyfin_auth_ureq::Driver::new().run(machine),
            Self::AsyncStd => {
                futures_lite::future::block_on(jellyfin_auth_async_std::Driver::new().run(machine))
            }
        }
        .map_err(|error| verdict(&error))
    }

    pub(crate) fn find_servers(self, search: &LanSearch) -> io::Result<Vec<Announcement>> {
        match self {
            Self::Ureq => jellyfin_auth_ureq::find_servers(search),
            Self::AsyncStd => {
                futures_lite::future::block_on(jellyfin_auth_async_std::find_servers(search))
            }
        }
    }

    /// Alice, signed in at `server` with a device of this name.
    pub(crate) fn sign_in(self, server: &Listening, device_name: &str) -> Session {
        let login =
            jellyfin_auth::Login::password(url(server), device(device_name), "alice", PASSWORD);
        self.run(login.expect("a user name")).expect("alice may sign in")
    }
}

impl fmt::Display for Adapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

fn verdict(error: &jellyfin_auth_ureq::Error) -> Error {
    error.login().expect("the set-up is fine").clone()
}

pub(crate) fn server(version: Version) -> Listening {
    let mut server = FakeServer::new(version);
    server.add_user("alice", PASSWORD);
    server.listen().expect("a port")
}

pub(crate) fn url(server: &Listening) -> ServerUrl {
    ServerUrl::parse(&server.url()).expect("an address")
}

pub(crate) fn device(name: &str) -> Device {
    let id = DeviceId::new(format!("{name}-1")).expect("an id");
    Device::new("Example", "1.0", name, id).expect("a device")
}
