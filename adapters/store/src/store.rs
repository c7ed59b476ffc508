//! The accounts of many servers and users in one place.

mod changing;
mod signing_in;

pub use changing::{Applied, SignOutError};
pub use signing_in::{KeptAccount, PreparedAccount};

use std::{fs, path::PathBuf};

use jellyfin_auth::Session;

use crate::{
    Account, AccountId, Error, Listing,
    disk::{self, Fresh},
    lock::Lock,
    place::Place,
};

/// What the name of an account's file ends with.
const ENDING: &str = ".json";

/// The accounts of a program: of many servers and users, each with its session and its device id.
///
/// All methods block for a few accesses to the disk; from async code they belong on a thread for such
/// things. Threads and processes may use one store at the same time.
#[derive(Clone, Debug)]
pub struct Store {
    directory: PathBuf,
    #[cfg(feature = "keyring")]
    service: Option<String>,
}

impl Store {
    /// The accounts in `directory`, one file each. It is made with mode 0700 where it is missing, and
    /// belongs to the store alone.
    ///
    /// # Errors
    ///
    /// [`Error::OpenToOthers`], [`Error::SymbolicLink`], [`Error::NotADirectory`],
    /// [`Error::OtherOwner`], [`Error::Io`].
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, Error> {
        let directory = directory.into();
        disk::private_directory(&directory)?;
        Ok(Self {
            directory,
            #[cfg(feature = "keyring")]
            service: None,
        })
    }

    /// The accounts in the system's keyring. `service` is the program's name there. Keyrings can't be
    /// listed nor locked: in `directory` is an empty file for each account, and nothing secret.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open). That the keyring works is seen by [`prepare`](Self::prepare).
    #[cfg(feature = "keyring")]
    pub fn in_keyring(service: &str, directory: impl Into<PathBuf>) -> Result<Self, Error> {
        Ok(Self { service: Some(service.to_owned()), ..Self::open(directory)? })
    }

    /// All accounts, and what is damaged.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when the directory can't be read.
    pub fn list(&self) -> Result<Listing, Error> {
        let mut listing = Listing::default();
        for id in self.ids()? {
            match self.place(&id).read() {
                Ok(Some(session)) => listing.accounts.push(Account::new(id, &session)),
                Ok(None) => {}
                Err(error) => listing.damaged.push((id, error)),
            }
        }
        listing.accounts.sort_by(|one, other| one.key().cmp(&other.key()));
        Ok(listing)
    }

    /// An account's session.
    ///
    /// # Errors
    ///
    /// [`Error::NoAccount`], [`Error::Damaged`]; [`Error::SymbolicLink`], [`Error::NotAFile`],
    /// [`Error::OtherOwner`] when somebody put such a thing there; [`Error::Io`], [`Error::Keyring`].
    pub fn get(&self, id: &AccountId) -> Result<Session, Error> {
        self.place(id).read()?.ok_or_else(|| Error::NoAccount { id: id.clone() })
    }

    /// The account that the program is used with. `None` until one is added, and after it was removed.
    ///
    /// # Errors
    ///
    /// Those of a file of accounts: [`get`](Self::get).
    pub fn current(&self) -> Result<Option<AccountId>, Error> {
        let text = disk::read(&self.current_file())?.unwrap_or_default();
        let id = String::from_utf8_lossy(&text).trim_end().parse::<AccountId>().ok();
        Ok(id.filter(|id| disk::check(&self.file(id)).unwrap_or(false)))
    }

    /// Makes an account the current one: this is how a user is switched without a password.
    ///
    /// # Errors
    ///
    /// Those of [`get`](Self::get) and [`prepare`](Self::prepare). Then the current one is the same as
    /// before.
    pub fn set_current(&self, id: &AccountId) -> Result<(), Error> {
        let _lock = self.lock()?;
        self.get(id)?;
        self.write_current(id)
    }

    fn write_current(&self, id: &AccountId) -> Result<(), Error> {
        self.fresh_file()?.keep(&self.current_file(), format!("{id}\n").as_bytes())
    }

    fn ids(&self) -> Result<Vec<AccountId>, Error> {
        let read = || {
            let names = fs::read_dir(&self.directory)?.map(|entry| Ok(entry?.file_name()));
            names.collect::<std::io::Result<Vec<_>>>()
        };
        let names = read().map_err(Error::io("read", &self.directory))?;
        let mut ids: Vec<AccountId> = names
            .iter()
            .filter_map(|name| name.to_str()?.strip_suffix(ENDING)?.parse().ok())
            .collect();
        ids.sort();
        Ok(ids)
    }

    fn place(&self, id: &AccountId) -> Place {
        #[cfg(feature = "keyring")]
        if let Some(service) = &self.service {
            let entry = crate::keyring::Entry::new(service, id.as_str());
            return Place::Keyring(entry.listed(self.file(id)));
        }
        Place::File(self.file(id))
    }

    fn reserve(&self) -> Result<Option<Fresh>, Error> {
        #[cfg(feature = "keyring")]
        if let Some(service) = &self.service {
            return Place::Keyring(crate::keyring::Entry::new(service, "prepare")).reserve();
        }
        self.fresh_file().map(Some)
    }

    fn fresh_file(&self) -> Result<Fresh, Error> {
        Fresh::new(&self.directory, ".new-".as_ref())
    }

    fn lock(&self) -> Result<Lock, Error> {
        Lock::take(self.hidden("store", "lock"))
    }

    /// The right to sign in with an account's device id. `None`: somebody does so just now.
    fn lease(&self, id: &AccountId) -> Result<Option<Lock>, Error> {
        Lock::try_take(self.hidden(id.as_str(), "sign-in"))
    }

    fn hidden(&self, name: &str, suffix: &str) -> PathBuf {
        self.directory.join(format!(".{name}.{suffix}"))
    }

    fn file(&self, id: &AccountId) -> PathBuf {
        self.directory.join(format!("{id}{ENDING}"))
    }

    fn current_file(&self) -> PathBuf {
        self.directory.join("current")
    }
}
