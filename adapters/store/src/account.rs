//! What an account is shown by.

use std::{fmt, str::FromStr};

use jellyfin_auth::{ServerUrl, Session};

use crate::Error;

/// Which account of a store: eight hex digits, the same as long as the account is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(String);

impl AccountId {
    pub(crate) fn from_random(bytes: [u8; 4]) -> Self {
        Self(format!("{:08x}", u32::from_be_bytes(bytes)))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for AccountId {
    type Err = NoAccountId;

    fn from_str(text: &str) -> Result<Self, NoAccountId> {
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == 8 && text.bytes().all(is_hex) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NoAccountId)
        }
    }
}

/// The text is no [`AccountId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an account's id is eight hex digits: list the accounts")]
#[non_exhaustive]
pub struct NoAccountId;

/// An account as a program shows it. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    id: AccountId,
    server: ServerUrl,
    server_id: Option<String>,
    server_name: Option<String>,
    user_id: String,
    user_name: Option<String>,
    device_name: String,
}

impl Account {
    pub(crate) fn new(id: AccountId, session: &Session) -> Self {
        Self {
            id,
            server: session.server().clone(),
            server_id: session.server_id().map(str::to_owned),
            server_name: session.server_name().map(str::to_owned),
            user_id: session.user().id.clone(),
            user_name: session.user().name.clone(),
            device_name: session.device().name().to_owned(),
        }
    }

    /// What the store calls it.
    #[must_use]
    pub fn id(&self) -> &AccountId {
        &self.id
    }

    /// Where its server is.
    #[must_use]
    pub fn server(&self) -> &ServerUrl {
        &self.server
    }

    /// Which server it is.
    #[must_use]
    pub fn server_id(&self) -> Option<&str> {
        self.server_id.as_deref()
    }

    /// The server's name. Show it after the address: anybody can call a server anything.
    #[must_use]
    pub fn server_name(&self) -> Option<&str> {
        self.server_name.as_deref()
    }

    /// Whose account it is.
    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// The user's name.
    #[must_use]
    pub fn user_name(&self) -> Option<&str> {
        self.user_name.as_deref()
    }

    /// The device that is signed in.
    #[must_use]
    pub fn device_name(&self) -> &str {
        &self.device_name
    }

    /// The order of a list: by server, then by user.
    pub(crate) fn key(&self) -> (&str, Option<&str>, &AccountId) {
        (self.server.as_str(), self.user_name.as_deref(), &self.id)
    }
}

/// What a store holds.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Listing {
    /// The accounts, by server and then by user name.
    pub accounts: Vec<Account>,
    /// The entries that can't be used, each with the reason. They are left as they are;
    /// [`Store::remove`](crate::Store::remove) deletes one.
    pub damaged: Vec<(AccountId, Error)>,
}
