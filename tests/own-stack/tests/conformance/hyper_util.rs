use std::sync::Arc;

use jellyfin_auth::{Login, Session};
use jellyfin_auth_own_stack::over_hyper_util;
use jellyfin_auth_testkit::conformance::{Command, Controls, Driver, Ended, Environment, Suite};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use tokio::{runtime, sync::Notify};

struct OverHyperUtil;

impl Driver for OverHyperUtil {
    fn name(&self) -> String {
        "hyper-util".to_owned()
    }

    fn run(
        &self,
        login: Login,
        environment: &Environment,
        controls: &Controls,
    ) -> Result<Session, Ended> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Ended::SetUp(error.to_string()))?;
        let client = over_hyper_util::client(tls(environment));
        let next = Arc::new(Notify::new());
        let pressed = Arc::clone(&next);
        controls.obey(move |command| {
            if command == Command::CheckNow {
                pressed.notify_one();
            }
        });
        let sign_in = over_hyper_util::sign_in(&client, login, &next, |wait| controls.show(wait));
        let end = runtime.block_on(controls.until_cancelled(sign_in));
        runtime.shutdown_background();
        Ok(end??)
    }
}

fn tls(environment: &Environment) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    if let Some(pem) = &environment.root_certificate {
        for root in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            roots.add(root.expect("it is a certificate")).expect("it is a certificate");
        }
    }
    let provider = rustls::crypto::ring::default_provider();
    ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .expect("ring speaks every version of TLS that rustls does")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

pub(crate) fn suite() -> Suite {
    Suite::new(OverHyperUtil)
        .leave_out("https_a_proxy", "it has no proxies")
        .leave_out("a_proxy", "it has no proxies")
        .leave_out("https_no_error_shows_a_proxys_password", "it has no proxies")
        .except("next_pressed_before_a_wait_is_forgotten", "tokio's `Notify` keeps it")
        .leave_out("the_cause_", "its errors are the core's, which have no cause")
        .except(
            "next_that_comes_too_early_shows_no_new_wait",
            "the core's loop for async functions begins the wait anew",
        )
        .except("a_head_of_more_than_64_kib_is_refused", "it leaves hyper's limit, 400 KiB")
        .leave_out("https_a_connect", "it has no proxies")
        .leave_out("https_a_silent_proxy", "it has no proxies")
        .except("a_login_keeps_its_connection_between_polls", "each request has its own")
        .except("https_a_login_keeps_its_connection_between_polls", "each request has its own")
        .except(
            "https_with_a_given_self_signed_certificate",
            "rustls takes no authority's certificate for a server's (CaUsedAsEndEntity)",
        )
        .leave_out("endless_informational_answers_are_refused", "hyper passes them over for ever")
        .except("https_endless_session_tickets_are_refused", "rustls passes them over for ever")
}
