//! The rules that every driver keeps, on two executors; with the sockets of async-std, or of smol when
//! its feature is on.

use std::{future::Future, process::ExitCode};

use jellyfin_auth::{Login, Session};
use jellyfin_auth_async_std::{ConfigError, Driver, Error, ErrorKind, Options, Proxy};
use jellyfin_auth_testkit::conformance::{self, Command, Controls, Ended, Environment, Suite};

/// Whatever runs a future to its end.
type Executor = fn(Run) -> Result<Session, Ended>;
type Run = std::pin::Pin<Box<dyn Future<Output = Result<Session, Ended>> + Send>>;

/// How the suite's "cancel" is obeyed.
#[derive(Clone, Copy)]
enum Cancel {
    ByHandle,
    ByDropping,
}

struct OnExecutor {
    name: String,
    executor: Executor,
    cancel: Cancel,
}

impl conformance::Driver for OnExecutor {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn run(
        &self,
        login: Login,
        environment: &Environment,
        controls: &Controls,
    ) -> Result<Session, Ended> {
        let options = options(environment).map_err(|error| Ended::SetUp(error.to_string()))?;
        let controls = controls.clone();
        let cancel = self.cancel;
        (self.executor)(Box::pin(async move {
            let mut driver = Driver::with_options(options);
            let handle = driver.handle();
            controls.obey(move |command| match (command, cancel) {
                (Command::CheckNow, _) => handle.check_now(),
                (Command::Cancel, Cancel::ByHandle) => handle.cancel(),
                (Command::Cancel, Cancel::ByDropping) => {}
            });
            let run = driver.run_with(login, |wait| controls.show(wait));
            match cancel {
                Cancel::ByHandle => run.await,
                Cancel::ByDropping => controls.until_cancelled(run).await?,
            }
            .map_err(ended)
        }))
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
    let detail = std::error::Error::source(&error).map(ToString::to_string);
    match error.into_kind() {
        ErrorKind::Login(error) => Ended::Login { error, detail },
        other => Ended::SetUp(other.to_string()),
    }
}

fn main() -> ExitCode {
    let sockets = if cfg!(feature = "smol") { "smol" } else { "async-std" };
    let on_async_std = OnExecutor {
        name: format!("sockets of {sockets}, async-std's executor, cancelled by its handle"),
        executor: async_std::task::block_on,
        cancel: Cancel::ByHandle,
    };
    let on_one_thread = OnExecutor {
        name: format!("sockets of {sockets}, futures-lite's executor, cancelled by dropping"),
        executor: futures_lite::future::block_on,
        cancel: Cancel::ByDropping,
    };

    conformance::main([on_async_std, on_one_thread].map(Suite::new))
}
