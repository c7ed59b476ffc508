//! The rules that every driver keeps, but for what reqwest can't do: the same list as in the crate's
//! documentation.

use std::{process::ExitCode, sync::LazyLock};

use jellyfin_auth::{Login, Session};
use jellyfin_auth_reqwest::{Driver, Error, ErrorKind};
use jellyfin_auth_testkit::conformance::{self, Command, Controls, Ended, Environment, Suite};
use reqwest::{Certificate, Client, ClientBuilder, Proxy, redirect::Policy};
use tokio::runtime::Runtime;

/// One for all: no connection is closed because a runtime ends.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("tokio runs here"));

/// How the suite's "cancel" is obeyed.
#[derive(Clone, Copy)]
enum OnTokio {
    CancelledByHandle,
    CancelledByDropping,
}

impl conformance::Driver for OnTokio {
    fn name(&self) -> String {
        match self {
            Self::CancelledByHandle => "jellyfin-auth-reqwest, cancelled by its handle",
            Self::CancelledByDropping => "jellyfin-auth-reqwest, cancelled by dropping",
        }
        .to_owned()
    }

    fn run(
        &self,
        login: Login,
        environment: &Environment,
        controls: &Controls,
    ) -> Result<Session, Ended> {
        let mut driver = client(environment)
            .and_then(Driver::new)
            .map_err(|error| Ended::SetUp(error.to_string()))?;
        let (handle, cancel) = (driver.handle(), *self);
        controls.obey(move |command| match (command, cancel) {
            (Command::CheckNow, _) => handle.check_now(),
            (Command::Cancel, Self::CancelledByHandle) => handle.cancel(),
            (Command::Cancel, Self::CancelledByDropping) => {}
        });
        let run = driver.run_with(login, |wait| controls.show(wait));
        RUNTIME
            .block_on(async {
                match cancel {
                    Self::CancelledByHandle => Ok(run.await),
                    Self::CancelledByDropping => controls.until_cancelled(run).await,
                }
            })?
            .map_err(ended)
    }
}

fn client(environment: &Environment) -> reqwest::Result<ClientBuilder> {
    // Twice does no harm: the first one stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // What a program may have set, and the driver switches off.
    let client = Client::builder().redirect(Policy::limited(10)).referer(true).gzip(true);
    #[cfg(feature = "cookies")]
    let client = client.cookie_store(true);
    let root = environment.root_certificate.as_deref();
    let root = root.map(|pem| Certificate::from_pem(pem.as_bytes())).transpose()?;
    // Without the system's authorities: a client of its own for each login would read them each time.
    let client = client.pool_max_idle_per_host(10).no_proxy();
    let mut client = client.tls_certs_only(root);
    if let Some(proxy) = &environment.proxy {
        client = client.proxy(Proxy::all(proxy)?);
    }
    Ok(client)
}

fn ended(error: Error) -> Ended {
    let detail = std::error::Error::source(&error).map(ToString::to_string);
    match error.into_kind() {
        ErrorKind::Login(error) => Ended::Login { error, detail },
        other => Ended::SetUp(other.to_string()),
    }
}

fn main() -> ExitCode {
    let drivers = [OnTokio::CancelledByHandle, OnTokio::CancelledByDropping];
    conformance::main(drivers.map(|driver| {
        const POOL: &str =
            "each request has its own connection: a client's pool is for all of them";
        Suite::new(driver)
            .except("a_login_keeps_its_connection_between_polls", POOL)
            .except("https_a_login_keeps_its_connection_between_polls", POOL)
            .except(
                "https_with_a_given_self_signed_certificate",
                "reqwest's rustls takes no authority's certificate for a server's",
            )
            .except(
                "https_endless_session_tickets_are_refused",
                "rustls passes them over, until the time is over",
            )
            .except(
                "https_a_connect_with_bytes_behind_its_answer_is_refused",
                "reqwest hands them to TLS",
            )
            // In a build for tests it takes a minute.
            .leave_out(
                "endless_informational_answers_are_refused",
                "hyper passes them over for ever, and tokio's timers wait for it",
            )
    }))
}
