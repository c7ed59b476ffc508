//! What a store promises.

#![allow(clippy::unwrap_used)]

mod accounts;
mod applying;
#[cfg(unix)]
mod disk;
#[cfg(all(feature = "keyring", target_os = "linux"))]
mod keyring;
#[cfg(unix)]
mod processes;
mod signing_in;
mod slot;

use jellyfin_auth::{AccessToken, Device, DeviceFields, DeviceId, ServerUrl, Session, User};
use jellyfin_auth_store::Store;
use tempfile::TempDir;

const SERVER: &str = "https://media.example.com";

/// A session on a server whose id is `s-1`.
fn session(user: &str, token: &str, device_id: &str) -> Session {
    session_at(SERVER, Some("s-1"), user, token, device_id)
}

fn session_at(
    server: &str,
    server_id: Option<&str>,
    user: &str,
    token: &str,
    device_id: &str,
) -> Session {
    let device = Device::new(DeviceFields {
        client: "Example Player",
        version: "1.4.0",
        name: "Living room",
        id: DeviceId::new(device_id).unwrap(),
    });
    Session::from_parts(
        ServerUrl::parse(server).unwrap(),
        server_id.map(str::to_owned),
        User::new(user),
        AccessToken::try_from(token.to_owned()).unwrap(),
        device.unwrap(),
    )
}

/// A new store, and the directory that it goes with.
fn store() -> (TempDir, Store) {
    let home = tempfile::tempdir().unwrap();
    let store = Store::open(home.path().join("accounts")).unwrap();
    (home, store)
}

/// All that is in a store's directory, hidden files too.
fn names(home: &TempDir) -> Vec<String> {
    let entries = std::fs::read_dir(home.path().join("accounts")).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
