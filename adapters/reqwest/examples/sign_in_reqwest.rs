//! Signs in by Quick Connect.
//!
//! ```text
//! cargo run -p jellyfin-auth-reqwest --example sign_in_reqwest                # to a server inside this program
//! cargo run -p jellyfin-auth-reqwest --example sign_in_reqwest -- media.example.com
//! ```

use jellyfin_auth::{Device, DeviceFields, DeviceId, ServerUrl};
use jellyfin_auth_reqwest::Driver;
use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Version},
    listen::Listening,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // reqwest's feature `rustls-no-provider` leaves the choice to the program.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        eprintln!("this program has a TLS provider already; going on with that");
    }
    let (server, demonstration) = match std::env::args().nth(1) {
        Some(address) => (ServerUrl::parse(&address)?, None),
        None => demonstration()?,
    };
    let device = Device::new(DeviceFields {
        client: "Example Player",
        version: "1.4.0",
        name: "Living room",
        id: DeviceId::new("reqwest-example")?, // a program chooses one per account, and keeps it
    })?;
    println!("Signing in to {server}");

    let mut driver = Driver::new(reqwest::Client::builder())?;
    let session = driver
        .sign_in_with_quick_connect(server, device, |wait| {
            if let Some(code) = wait.code() {
                println!("Type {code} into Quick Connect in an app that is signed in.");
                if let Some(server) = &demonstration {
                    // The second time it is approved already.
                    let _ = server.approve(code, "alice");
                }
            }
        })
        .await?;
    println!("Signed in as {}", session.user().name.as_deref().unwrap_or(&session.user().id));
    Ok(())
}

/// A server whose only user types every code in at once.
fn demonstration() -> Result<(ServerUrl, Option<Listening>), Box<dyn std::error::Error>> {
    let mut server = FakeServer::new(Version::V12);
    server.add_user("alice", "wonderland");
    let server = server.listen()?;
    Ok((ServerUrl::parse(&server.url())?, Some(server)))
}
