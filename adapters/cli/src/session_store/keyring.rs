//! The system's keyring: Secret Service, Keychain, Credential Manager.

use keyring::{Entry, Error};

use crate::failed::Failed;

const SERVICE: &str = "jellyfin-login";

/// Fails when there is no keyring, before anybody signs in.
pub(super) fn prepare(name: &str) -> Result<(), Failed> {
    match entry(name)?.get_password() {
        Ok(_) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(failed(&error)),
    }
}

pub(super) fn read(name: &str) -> Result<String, Failed> {
    match entry(name)?.get_password() {
        Ok(text) => Ok(text),
        Err(Error::NoEntry) => Err(Failed::here(format!(
            "the keyring has no session {name}: sign in with `jellyfin-login --keyring={name}`"
        ))),
        Err(error) => Err(failed(&error)),
    }
}

pub(super) fn write(name: &str, text: &str) -> Result<(), Failed> {
    entry(name)?.set_password(text).map_err(|error| failed(&error))
}

pub(super) fn forget(name: &str) -> Result<(), Failed> {
    entry(name)?.delete_credential().map_err(|error| failed(&error))
}

fn entry(name: &str) -> Result<Entry, Failed> {
    Entry::new(SERVICE, name).map_err(|error| failed(&error))
}

/// Of the errors that carry what was read, only the kind is shown.
fn failed(error: &Error) -> Failed {
    Failed::here(match error {
        Error::BadEncoding(_) => "what the keyring holds is no session".to_owned(),
        other => format!("the keyring can't be used: {other}"),
    })
}
