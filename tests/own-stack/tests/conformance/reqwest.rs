use std::sync::Arc;

use jellyfin_auth::{Login, Session};
use jellyfin_auth_own_stack::over_reqwest;
use jellyfin_auth_testkit::conformance::{Command, Controls, Driver, Ended, Environment, Suite};
use reqwest::{Certificate, Client, Proxy};
use tokio::{runtime, sync::Notify};

struct OverReqwest;

impl Driver for OverReqwest {
    fn name(&self) -> String {
        "reqwest".to_owned()
    }

    fn run(
        &self,
        login: Login,
        environment: &Environment,
        controls: &Controls,
    ) -> Result<Session, Ended> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Ended::SetUp(error.to_string()))?;
        let client = client(environment).map_err(|error| Ended::SetUp(error.to_string()))?;
        let next = Arc::new(Notify::new());
        let pressed = Arc::clone(&next);
        controls.obey(move |command| {
            if command == Command::CheckNow {
                pressed.notify_one();
            }
        });
        let sign_in = over_reqwest::sign_in(&client, login, &next, |wait| controls.show(wait));
        let end = runtime.block_on(controls.until_cancelled(sign_in));
        runtime.shutdown_background();
        Ok(end??)
    }
}

fn client(environment: &Environment) -> reqwest::Result<Client> {
    // Twice does no harm: the first one stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut client = over_reqwest::client().no_proxy();
    if let Some(pem) = &environment.root_certificate {
        client = client.tls_certs_merge([Certificate::from_pem(pem.as_bytes())?]);
    }
    if let Some(proxy) = &environment.proxy {
        client = client.proxy(Proxy::all(proxy)?);
    }
    client.build()
}

#[test]
fn reqwest_conforms() {
    Suite::new(OverReqwest)
        .except("a_login_keeps_its_connection_between_polls", "each request has its own")
        .except("https_a_login_keeps_its_connection_between_polls", "each request has its own")
        .except(
            "https_with_a_given_self_signed_certificate",
            "rustls takes no authority's certificate for a server's (CaUsedAsEndEntity)",
        )
        .except(
            "https_a_connect_refused_is_the_proxys_failure",
            "reqwest tells it as any connection that can't be made",
        )
        .run()
        .assert_clean();
}
