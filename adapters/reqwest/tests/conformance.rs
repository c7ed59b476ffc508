//! The rules that every driver keeps, but for what reqwest can't do: the same list as in the crate's
//! documentation.

use std::{future::Future, process::ExitCode, sync::LazyLock, time::Duration};

use jellyfin_auth::{Endpoint, Failure, Login, Machine, Session};
use jellyfin_auth_reqwest::{Driver, Error};
use jellyfin_auth_testkit::conformance::{
    self, Command, Controls, Ended, Environment, Kept, KeptDriver, Suite,
};
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
        self.driver(environment)?.run(login, controls)
    }

    fn keep(&self, environment: &Environment) -> Option<Result<Kept, Ended>> {
        Some(self.driver(environment).map(Kept::new))
    }

    /// reqwest has one time for everything, hides what it knows of certificates, and doesn't say whether it
    /// looked for the server or for a proxy.
    fn is_exact(&self, failure: Failure) -> bool {
        matches!(failure, Failure::HostNotFound | Failure::NoTls | Failure::Proxy)
    }
}

impl OnTokio {
    fn driver(self, environment: &Environment) -> Result<KeptOnTokio, Ended> {
        let driver = client(environment).and_then(Driver::new);
        let driver = driver.map_err(|error| Ended::SetUp(error.to_string()))?;
        Ok(KeptOnTokio { cancel: self, driver })
    }
}

struct KeptOnTokio {
    cancel: OnTokio,
    driver: Driver,
}

impl KeptOnTokio {
    fn obey(&self, controls: &Controls) {
        let (handle, cancel) = (self.driver.handle(), self.cancel);
        controls.obey(move |command| match (command, cancel) {
            (Command::CheckNow, _) => handle.check_now(),
            (Command::Cancel, OnTokio::CancelledByHandle) => handle.cancel(),
            (Command::Cancel, OnTokio::CancelledByDropping) => {}
        });
    }
}

impl KeptDriver for KeptOnTokio {
    fn run<M: Machine>(&mut self, machine: M, controls: &Controls) -> Result<M::Output, Ended> {
        self.obey(controls);
        let run = self.driver.run_with(machine, |wait| controls.show(wait));
        end(self.cancel, run, controls)
    }

    fn call<E: Endpoint + Sync>(
        &mut self,
        endpoint: &E,
        controls: &Controls,
    ) -> Result<E::Output, Ended> {
        self.obey(controls);
        end(self.cancel, self.driver.call(endpoint), controls)
    }
}

fn end<T>(
    cancel: OnTokio,
    future: impl Future<Output = Result<T, Error>>,
    controls: &Controls,
) -> Result<T, Ended> {
    let ended = RUNTIME.block_on(async {
        match cancel {
            OnTokio::CancelledByHandle => Ok(future.await),
            OnTokio::CancelledByDropping => controls.until_cancelled(future).await,
        }
    });
    ended?.map_err(|error| Ended::of(error.login(), &error))
}

fn client(environment: &Environment) -> reqwest::Result<ClientBuilder> {
    // Twice does no harm: the first one stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // What a program may have set, and the driver switches off.
    let client = Client::builder().redirect(Policy::limited(10)).referer(true).gzip(true);
    let client = client.timeout(Duration::from_secs(3600));
    #[cfg(feature = "cookies")]
    let client = client.cookie_store(true);
    let root = environment.root_certificate.as_deref();
    let roots = root.map(|pem| Certificate::from_pem_bundle(pem.as_bytes())).transpose()?;
    // Without the system's authorities: a client of its own for each login would read them each time.
    let client = client.pool_max_idle_per_host(10).no_proxy();
    let mut client = client.tls_certs_only(roots.unwrap_or_default());
    if let Some(proxy) = &environment.proxy {
        client = client.proxy(Proxy::all(proxy)?);
    }
    Ok(client)
}

fn main() -> ExitCode {
    let drivers = [OnTokio::CancelledByHandle, OnTokio::CancelledByDropping];
    conformance::main(drivers.map(|driver| {
        const POOL: &str =
            "each request has its own connection: a client's pool is for all of them";
        Suite::new(driver)
            .except("a_login_keeps_its_connection_between_polls", POOL)
            .except("https_a_login_keeps_its_connection_between_polls", POOL)
            .leave_out("kept_connection_", POOL)
            .leave_out("https_kept_connection_", POOL)
            .except(
                "a_head_of_more_than_64_kib_is_refused",
                "reqwest leaves hyper's limit, which is 400 KiB",
            )
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
