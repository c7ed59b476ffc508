//! The drivers of both adapters behind one interface, so that each test is written once; and a device and
//! an address for them.
#![allow(
    missing_docs,
    clippy::missing_errors_doc,
    clippy::must_use_candidate,
    reason = "the methods are the drivers' own, which have their docs there"
)]

use std::{fmt, io};

use futures_lite::future::block_on;
use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Endpoint, Machine, ServerUrl, Wait, lan::Announcement,
};
use jellyfin_auth_ureq::{Error, ErrorKind, Handle, LanSearch, Options, Proxy};

/// An adapter under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adapter {
    Ureq,
    AsyncStd,
}

pub const BOTH: [Adapter; 2] = [Adapter::Ureq, Adapter::AsyncStd];

/// A driver of either adapter.
#[derive(Debug)]
pub enum Driver {
    Ureq(jellyfin_auth_ureq::Driver),
    AsyncStd(Box<jellyfin_auth_async_std::Driver>),
}

impl Adapter {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ureq => "ureq",
            Self::AsyncStd => "async-std",
        }
    }

    pub fn driver(self) -> Driver {
        self.driver_with(options())
    }

    pub fn driver_with(self, options: Options) -> Driver {
        match self {
            Self::Ureq => Driver::Ureq(jellyfin_auth_ureq::Driver::with_options(options)),
            Self::AsyncStd => {
                Driver::AsyncStd(Box::new(jellyfin_auth_async_std::Driver::with_options(options)))
            }
        }
    }

    /// Runs a machine to its end, by a driver of its own.
    pub fn run<M: Machine>(self, machine: M) -> Result<M::Output, jellyfin_auth::Error> {
        self.run_with(machine, |_, _| {})
    }

    pub fn run_with<M: Machine>(
        self,
        machine: M,
        on_wait: impl FnMut(&Wait, &Handle),
    ) -> Result<M::Output, jellyfin_auth::Error> {
        self.run_by(options(), machine, on_wait)
    }

    pub fn run_by<M: Machine>(
        self,
        options: Options,
        machine: M,
        mut on_wait: impl FnMut(&Wait, &Handle),
    ) -> Result<M::Output, jellyfin_auth::Error> {
        let mut driver = self.driver_with(options);
        let handle = driver.handle();
        driver.run_with(machine, |wait| on_wait(wait, &handle)).map_err(login_error)
    }

    /// Sends a single request, by a driver of its own.
    pub fn call<E: Endpoint + Sync>(self, endpoint: &E) -> Result<E::Output, jellyfin_auth::Error> {
        self.driver().call(endpoint).map_err(login_error)
    }

    pub fn find_servers(self, search: &LanSearch) -> io::Result<Vec<Announcement>> {
        match self {
            Self::Ureq => jellyfin_auth_ureq::find_servers(search),
            Self::AsyncStd => block_on(jellyfin_auth_async_std::find_servers(search)),
        }
    }
}

impl Driver {
    pub fn handle(&self) -> Handle {
        match self {
            Self::Ureq(driver) => driver.handle(),
            Self::AsyncStd(driver) => driver.handle(),
        }
    }

    pub fn set_options(&mut self, options: Options) {
        match self {
            Self::Ureq(driver) => driver.set_options(options),
            Self::AsyncStd(driver) => driver.set_options(options),
        }
    }

    pub fn run<M: Machine>(&mut self, machine: M) -> Result<M::Output, Error> {
        self.run_with(machine, |_| {})
    }

    pub fn run_with<M: Machine>(
        &mut self,
        machine: M,
        on_wait: impl FnMut(&Wait),
    ) -> Result<M::Output, Error> {
        match self {
            Self::Ureq(driver) => driver.run_with(machine, on_wait),
            Self::AsyncStd(driver) => block_on(driver.run_with(machine, on_wait)),
        }
    }

    pub fn call<E: Endpoint + Sync>(&mut self, endpoint: &E) -> Result<E::Output, Error> {
        match self {
            Self::Ureq(driver) => driver.call(endpoint),
            Self::AsyncStd(driver) => block_on(driver.call(endpoint)),
        }
    }
}

impl fmt::Display for Adapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No proxy that the environment may name: everything is on this machine.
pub fn options() -> Options {
    Options::new().proxy(Proxy::none())
}

/// The protocol's error.
pub fn login_error(error: Error) -> jellyfin_auth::Error {
    match error.into_kind() {
        ErrorKind::Login(error) => error,
        other => panic!("the configuration is in order, and yet: {other:?}"),
    }
}

/// A device of this name, with an id of its own.
pub fn device(name: &str) -> Device {
    let id = DeviceId::new(format!("{name}-1")).expect("the test's id is one");
    Device::new(DeviceFields { client: "Example", version: "1.0", name, id })
        .expect("no field is blank")
}

/// The address of a server.
pub fn address(typed: &str) -> ServerUrl {
    ServerUrl::parse(typed).expect("the test's address is one")
}
