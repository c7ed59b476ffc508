//! The accounts: which there are, which is current, and where they are kept.

use std::{env, path::PathBuf};

use jellyfin_auth_store::{Account, AccountId, Store};
use serde_json::json;

use crate::{
    failed::{Exit, Failed},
    messages::Messages,
};

/// Opens the accounts of this user.
pub(crate) fn open() -> Result<Store, Failed> {
    let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let data = if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else {
        absolute("XDG_DATA_HOME")
            .or_else(|| absolute("HOME").map(|home| home.join(".local").join("share")))
    };
    let Some(data) = data else {
        let variable = if cfg!(windows) { "LOCALAPPDATA" } else { "HOME" };
        return Err(Failed::here(format!(
            "there is no place for accounts: set {variable}, or use --save FILE and --session FILE"
        )));
    };
    Ok(Store::open(data.join("jellyfin-login").join("accounts"))?)
}

/// The account that is meant: by its id, by its number in the list, or the current one.
pub(crate) fn choose(store: &Store, which: Option<&str>) -> Result<AccountId, Failed> {
    let Some(which) = which else {
        return store.current()?.ok_or_else(|| {
            Failed::here(
                "no account is the current one: choose one with `jellyfin-login use`, or sign in \
                 with `jellyfin-login --account ADDRESS`",
            )
        });
    };
    if let Ok(id) = which.parse() {
        return Ok(id);
    }
    let number: Option<usize> = which.parse().ok();
    let accounts = store.list()?.accounts;
    let chosen = number.and_then(|number| accounts.get(number.checked_sub(1)?));
    chosen.map(|account| account.id().clone()).ok_or_else(|| {
        Failed::new(
            Exit::Usage,
            format!("there is no account {which}: `jellyfin-login accounts` lists them"),
        )
    })
}

/// Lists the accounts, and what is damaged.
pub(crate) fn list(messages: Messages) -> Result<(), Failed> {
    let store = open()?;
    let (listing, current) = (store.list()?, store.current()?);
    for (id, error) in &listing.damaged {
        messages.report(
            "damaged",
            json!({ "account": id.as_str(), "reason": error.to_string() }),
            &format!(
                "Warning: {error}. It is left as it is; `jellyfin-login remove --forget {id}` deletes it."
            ),
        );
    }
    let is_current = |account: &Account| Some(account.id()) == current.as_ref();
    if messages.are_json() {
        let list = listing.accounts.iter().map(|account| to_json(account, is_current(account)));
        return messages.data(&list.collect(), "");
    }
    if listing.accounts.is_empty() {
        messages.report(
            "no_accounts",
            json!({}),
            "No accounts. Add one: jellyfin-login --account ADDRESS",
        );
        return Ok(());
    }
    let lines = listing.accounts.iter().zip(1..).map(|(account, number)| {
        let mark = if is_current(account) { '*' } else { ' ' };
        format!("{mark} {number}  {}  {}", account.id(), shown(account))
    });
    messages.data(&json!(null), &lines.collect::<Vec<_>>().join("\n"))
}

/// Makes an account the current one.
pub(crate) fn switch(which: &str, messages: Messages) -> Result<(), Failed> {
    let store = open()?;
    let id = choose(&store, Some(which))?;
    store.set_current(&id)?;
    let session = store.get(&id)?;
    let user = session.user();
    messages.report(
        "current",
        json!({ "account": id.as_str() }),
        &format!("Now {} at {}", user.name.as_deref().unwrap_or(&user.id), session.server()),
    );
    Ok(())
}

/// Deletes an account, damaged or not, without a word to its server.
pub(crate) fn forget(which: &str, messages: Messages) -> Result<(), Failed> {
    let store = open()?;
    let id = choose(&store, Some(which))?;
    let stays_valid = store.remove(&id)?.is_some();
    let sentence = if stays_valid {
        "Forgotten. Nobody was signed out: the token stays valid on its server."
    } else {
        "Deleted. No session could be read there."
    };
    let facts = json!({ "account": id.as_str(), "token_stays_valid": stays_valid });
    messages.report("forgotten", facts, sentence);
    Ok(())
}

fn to_json(account: &Account, is_current: bool) -> serde_json::Value {
    json!({
        "id": account.id().as_str(),
        "current": is_current,
        "server": account.server().as_str(),
        "server_id": account.server_id(),
        "server_name": account.server_name(),
        "user_id": account.user_id(),
        "user_name": account.user_name(),
        "device_name": account.device_name(),
    })
}

fn shown(account: &Account) -> String {
    let user = account.user_name().unwrap_or_else(|| account.user_id());
    let name = account.server_name().map(|name| format!(", {name}")).unwrap_or_default();
    format!("{user} at {}{name}", account.server())
}
