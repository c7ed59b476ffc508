//! Signs in by Quick Connect over hyper-util's legacy client. `over_hyper_util [ADDRESS]`

mod demonstration;

use std::process::ExitCode;

use jellyfin_auth_own_stack::over_hyper_util;
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::sync::Notify;

use demonstration::Demonstration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let provider = rustls::crypto::ring::default_provider();
    let tls = rustls::ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    let demonstration = Demonstration::new()?;
    let client = over_hyper_util::client(tls);
    let next = Notify::new();
    let end = over_hyper_util::sign_in(&client, demonstration.login()?, &next, |wait| {
        demonstration.show(wait);
    })
    .await;
    Ok(Demonstration::report(end))
}
