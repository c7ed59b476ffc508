//! Both adapters behind one face, so that each case is written once.

use async_std::task::block_on;
use jellyfin_auth::{Endpoint, Error, Machine, Wait};
use jellyfin_auth_ureq::{ErrorKind, Handle, Options, Proxy};

/// An adapter under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Adapter {
    Ureq,
    AsyncStd,
}

impl Adapter {
    pub(crate) const ALL: [Self; 2] = [Self::Ureq, Self::AsyncStd];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ureq => "ureq",
            Self::AsyncStd => "async-std",
        }
    }

    /// Runs a machine to its end with the default options.
    pub(crate) fn run<M: Machine>(
        self,
        machine: M,
        on_wait: impl FnMut(&Wait, &Handle),
    ) -> Result<M::Output, Error> {
        self.run_with(options(), machine, on_wait)
    }

    /// Runs a machine to its end.
    pub(crate) fn run_with<M: Machine>(
        self,
        options: Options,
        machine: M,
        mut on_wait: impl FnMut(&Wait, &Handle),
    ) -> Result<M::Output, Error> {
        let ended = match self {
            Self::Ureq => {
                let mut driver = jellyfin_auth_ureq::Driver::with_options(options);
                let handle = driver.handle();
                driver.run_with(machine, |wait| on_wait(wait, &handle))
            }
            Self::AsyncStd => {
                let mut driver = jellyfin_auth_async_std::Driver::with_options(options);
                let handle = driver.handle();
                block_on(driver.run_with(machine, |wait| on_wait(wait, &handle)))
            }
        };
        ended.map_err(verdict)
    }

    /// Sends one request.
    pub(crate) fn call<E: Endpoint>(self, endpoint: &E) -> Result<E::Output, Error> {
        let ended = match self {
            Self::Ureq => jellyfin_auth_ureq::Driver::with_options(options()).call(endpoint),
            Self::AsyncStd => {
                block_on(jellyfin_auth_async_std::Driver::with_options(options()).call(endpoint))
            }
        };
        ended.map_err(verdict)
    }
}

/// No proxy that the environment may name: everything is on this machine.
pub(crate) fn options() -> Options {
    Options::new().proxy(Proxy::none())
}

fn verdict(error: jellyfin_auth_ureq::Error) -> Error {
    match error.into_kind() {
        ErrorKind::Login(error) => error,
        other => panic!("the set-up is in order, and yet: {other:?}"),
    }
}
