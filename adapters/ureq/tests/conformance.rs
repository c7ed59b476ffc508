//! The driver keeps the rules for drivers, without exceptions.

use std::{error::Error as _, process::ExitCode};

use jellyfin_auth::{Login, Session};
use jellyfin_auth_testkit::conformance::{
    self, Command, Controls, Driver, Ended, Environment, Suite,
};
use jellyfin_auth_ureq::{ConfigError, Error, ErrorKind, Options, Proxy};

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
        let options = options(environment).map_err(|error| Ended::SetUp(error.to_string()))?;
        let mut driver = jellyfin_auth_ureq::Driver::with_options(options);
        let handle = driver.handle();
        controls.obey(move |command| match command {
            Command::Cancel => handle.cancel(),
            Command::CheckNow => handle.check_now(),
        });
        driver.run_with(login, |wait| controls.show(wait)).map_err(ended)
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

fn ended(error: Error) -> Ended {
    let detail = error.source().map(ToString::to_string);
    match error.into_kind() {
        ErrorKind::Login(error) => Ended::Login { error, detail },
        other => Ended::SetUp(other.to_string()),
    }
}

fn main() -> ExitCode {
    conformance::main([Suite::new(Blocking)])
}
