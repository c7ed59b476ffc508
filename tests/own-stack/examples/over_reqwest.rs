//! Signs in by Quick Connect over reqwest. `over_reqwest [ADDRESS]`

mod stage;

use std::process::ExitCode;

use jellyfin_auth_own_stack::over_reqwest;
use tokio::sync::Notify;

use stage::Stage;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    // reqwest's feature `rustls-no-provider` leaves the choice to the program.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        eprintln!("this program has a TLS provider already; going on with that");
    }
    let stage = Stage::new()?;
    let client = over_reqwest::client().build()?;
    let next = Notify::new();
    let end = over_reqwest::sign_in(&client, stage.login()?, &next, |wait| stage.show(wait)).await;
    Ok(Stage::report(end))
}
