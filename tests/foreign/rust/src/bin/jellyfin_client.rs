//! The crate jellyfin-client: `jellyfin_client URL quick-connect`

use std::time::Duration;

use jellyfin_client::{ClientIdentity, JellyfinClient};

#[tokio::main]
async fn main() {
    let url = std::env::args().nth(1).expect("URL");
    match sign_in(&url).await {
        Ok(user_id) => println!("signed in {user_id}"),
        Err(jellyfin_client::Error::Api { status, .. }) => println!("failed {status}"),
        Err(error) => println!("failed {error}"),
    }
}

async fn sign_in(url: &str) -> Result<String, jellyfin_client::Error> {
    let identity =
        ClientIdentity::new("Foreign, client", "Küche, links 😀", "jellyfin-client", "1.0+1")?;
    let client = JellyfinClient::with_memory_store(url, identity)?;
    let challenge = client.initiate_quick_connect().await?;
    println!("code {}", challenge.code);
    let wait = Duration::from_millis(200);
    Ok(client.wait_for_quick_connect(&challenge.secret, wait, 150).await?.user_id)
}
