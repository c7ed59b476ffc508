//! Signs in by Quick Connect over hyper-util's legacy client. `over_hyper_util [ADDRESS]`

mod stage;

use std::process::ExitCode;

use jellyfin_auth_own_stack::over_hyper_util;
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::sync::Notify;

use stage::Stage;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let provider = rustls::crypto::ring::default_provider();
    let tls = rustls::ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    let stage = Stage::new()?;
    let client = over_hyper_util::client(tls);
    let next = Notify::new();
    let end =
        over_hyper_util::sign_in(&client, stage.login()?, &next, |wait| stage.show(wait)).await;
    Ok(Stage::report(end))
}
