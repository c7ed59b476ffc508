//! The crate jellyfin-sdk: `jellyfin_sdk URL password`

use jellyfin_sdk::{Error, JellyfinClient};

#[tokio::main]
async fn main() {
    let url = std::env::args().nth(1).expect("URL");
    match sign_in(&url).await {
        Ok(user_id) => println!("signed in {user_id}"),
        Err(Error::Api { status, .. }) => println!("failed {}", status.as_u16()),
        Err(error) => println!("failed {error}"),
    }
}

async fn sign_in(url: &str) -> Result<String, Error> {
    let [user, password] =
        ["FOREIGN_USER", "FOREIGN_PASSWORD"].map(|name| std::env::var(name).expect(name));
    let client = JellyfinClient::builder(url)?
        .client_name("Foreign client")
        .client_version("1.0")
        .device_name("Living room")
        .device_id("jellyfin-sdk")
        .build()?;
    client.user().authenticate_by_name_and_set_token(user, password).await?;
    let me = client.user().me_raw().await?;
    Ok(me["Id"].as_str().unwrap_or_default().to_owned())
}
