//! The driver keeps the rules for drivers, without exceptions.

use std::process::ExitCode;

use jellyfin_auth::{Endpoint, Failure, Login, Machine, Session};
use jellyfin_auth_testkit::conformance::{
    self, Command, Controls, Driver, Ended, Environment, Kept, KeptDriver, Suite,
};
use jellyfin_auth_ureq::{ConfigError, Error, Options, Proxy};

struct Blocking;

impl Driver for Blocking {
    fn name(&self) -> String {
        "jellyfin-auth-ureq".to_owned()
    }

    fn run(
        &self,
        login: Login,
        environment: &Environment,
        controls: &Controls,
    ) -> Result<Session, Ended> {
        driver(environment)?.run(login, controls)
    }

    fn keep(&self, environment: &Environment) -> Option<Result<Kept, Ended>> {
        Some(driver(environment).map(Kept::new))
    }

    fn is_exact(&self, _: Failure) -> bool {
        true
    }
}

struct KeptBlocking(jellyfin_auth_ureq::Driver);

impl KeptBlocking {
    fn obey(&self, controls: &Controls) {
        let handle = self.0.handle();
        controls.obey(move |command| match command {
            Command::Cancel => handle.cancel(),
            Command::CheckNow => handle.check_now(),
        });
    }
}

impl KeptDriver for KeptBlocking {
    fn run<M: Machine>(&mut self, machine: M, controls: &Controls) -> Result<M::Output, Ended> {
        self.obey(controls);
        self.0.run_with(machine, |wait| controls.show(wait)).map_err(ended)
    }

    fn call<E: Endpoint + Sync>(
        &mut self,
        endpoint: &E,
        controls: &Controls,
    ) -> Result<E::Output, Ended> {
        self.obey(controls);
        self.0.call(endpoint).map_err(ended)
    }
}

fn driver(environment: &Environment) -> Result<KeptBlocking, Ended> {
    let options = options(environment).map_err(|error| ended(error.into()))?;
    Ok(KeptBlocking(jellyfin_auth_ureq::Driver::with_options(options)))
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
    conformance::main([Suite::new(Blocking)])
}
