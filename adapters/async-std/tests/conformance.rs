//! The rules that every driver keeps, on two executors; with the sockets of async-std, or of smol when
//! its feature is on.

use std::{future::Future, process::ExitCode};

use jellyfin_auth::{Endpoint, Failure, Login, Machine, Session};
use jellyfin_auth_async_std::{ConfigError, Driver, Error, Options, Proxy};
use jellyfin_auth_testkit::conformance::{
    self, Command, Controls, Ended, Environment, Kept, KeptDriver, Suite,
};

/// What runs the futures, and how the suite's "cancel" is obeyed.
#[derive(Clone, Copy, Debug)]
enum OnExecutor {
    AsyncStdCancelledByHandle,
    FuturesLiteCancelledByDropping,
}

impl conformance::Driver for OnExecutor {
    fn name(&self) -> String {
        let sockets = if cfg!(feature = "smol") { "smol" } else { "async-std" };
        format!("jellyfin-auth-async-std with the sockets of {sockets}, {self:?}")
    }

    fn run(
        &self,
        login: Login,
        environment: &Environment,
        controls: &Controls,
    ) -> Result<Session, Ended> {
        self.driver(environment)?.run(login, controls)
    }

    fn keep(&self, environment: &Environment) -> Option<Result<Kept, Ended>> {
        Some(self.driver(environment).map(Kept::new))
    }

    fn is_exact(&self, _: Failure) -> bool {
        true
    }
}

impl OnExecutor {
    fn driver(self, environment: &Environment) -> Result<KeptOnExecutor, Ended> {
        let options = options(environment).map_err(|error| ended(error.into()))?;
        Ok(KeptOnExecutor { on: self, driver: Driver::with_options(options) })
    }

    fn end<T>(
        self,
        future: impl Future<Output = Result<T, Error>>,
        controls: &Controls,
    ) -> Result<T, Ended> {
        match self {
            Self::AsyncStdCancelledByHandle => async_std::task::block_on(future),
            Self::FuturesLiteCancelledByDropping => {
                futures_lite::future::block_on(controls.until_cancelled(future))?
            }
        }
        .map_err(ended)
    }
}

struct KeptOnExecutor {
    on: OnExecutor,
    driver: Driver,
}

impl KeptOnExecutor {
    fn obey(&self, controls: &Controls) {
        let (handle, on) = (self.driver.handle(), self.on);
        controls.obey(move |command| match (command, on) {
            (Command::CheckNow, _) => handle.check_now(),
            (Command::Cancel, OnExecutor::AsyncStdCancelledByHandle) => handle.cancel(),
            (Command::Cancel, OnExecutor::FuturesLiteCancelledByDropping) => {}
        });
    }
}

impl KeptDriver for KeptOnExecutor {
    fn run<M: Machine>(&mut self, machine: M, controls: &Controls) -> Result<M::Output, Ended> {
        self.obey(controls);
        self.on.end(self.driver.run_with(machine, |wait| controls.show(wait)), controls)
    }

    fn call<E: Endpoint + Sync>(
        &mut self,
        endpoint: &E,
        controls: &Controls,
    ) -> Result<E::Output, Ended> {
        self.obey(controls);
        self.on.end(self.driver.call(endpoint), controls)
    }
}

fn options(environment: &Environment) -> Result<Options, ConfigError> {
    let proxy = environment.proxy.as_deref().map_or(Ok(Proxy::none()), Proxy::parse)?;
    let mut options = Options::new().proxy(proxy);
    if let Some(pem) = &environment.root_certificate {
        options = options.root_certificate_pem(pem.as_bytes())?;
    }
    Ok(options)
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` passes it so")]
fn ended(error: Error) -> Ended {
    Ended::of(error.login(), &error)
}

fn main() -> ExitCode {
    let drivers =
        [OnExecutor::AsyncStdCancelledByHandle, OnExecutor::FuturesLiteCancelledByDropping];
    conformance::main(drivers.map(Suite::new))
}
