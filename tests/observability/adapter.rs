//! The drivers of both adapters, as one.

use futures_lite::future::block_on;
use jellyfin_auth::{Endpoint, Machine, Wait};
use jellyfin_auth_ureq::{Error, Handle, Options, Proxy};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Adapter {
    Ureq,
    AsyncStd,
}

pub(crate) const BOTH: [Adapter; 2] = [Adapter::Ureq, Adapter::AsyncStd];

/// A driver of either adapter.
pub(crate) enum Driver {
    Ureq(jellyfin_auth_ureq::Driver),
    AsyncStd(Box<jellyfin_auth_async_std::Driver>),
}

impl Adapter {
    pub(crate) fn driver(self) -> Driver {
        self.driver_with(Options::new().proxy(Proxy::none()))
    }

    pub(crate) fn driver_with(self, options: Options) -> Driver {
        match self {
            Self::Ureq => Driver::Ureq(jellyfin_auth_ureq::Driver::with_options(options)),
            Self::AsyncStd => {
                Driver::AsyncStd(Box::new(jellyfin_auth_async_std::Driver::with_options(options)))
            }
        }
    }
}

impl Driver {
    pub(crate) fn handle(&self) -> Handle {
        match self {
            Self::Ureq(driver) => driver.handle(),
            Self::AsyncStd(driver) => driver.handle(),
        }
    }

    pub(crate) fn run<M: Machine>(&mut self, machine: M) -> Result<M::Output, Error> {
        self.run_with(machine, |_| {})
    }

    pub(crate) fn run_with<M: Machine>(
        &mut self,
        machine: M,
        on_wait: impl FnMut(&Wait),
    ) -> Result<M::Output, Error> {
        match self {
            Self::Ureq(driver) => driver.run_with(machine, on_wait),
            Self::AsyncStd(driver) => block_on(driver.run_with(machine, on_wait)),
        }
    }

    pub(crate) fn call<E: Endpoint + Sync>(&mut self, endpoint: &E) -> Result<E::Output, Error> {
        match self {
            Self::Ureq(driver) => driver.call(endpoint),
            Self::AsyncStd(driver) => block_on(driver.call(endpoint)),
        }
    }
}
