//! The accounts of many servers and users in one place.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jellyfin_auth::{DeviceId, Session, SessionState, SignOut};

use crate::{
    Account, AccountId, Error, Listing,
    disk::{self, Fresh},
    lock::Lock,
    place::Place,
    prepared::{self, Prepared},
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

/// A [`Store`] that is ready for one more session. Dropped, it leaves nothing behind.
#[derive(Debug)]
#[must_use = "it holds the device id to sign in with"]
pub struct PreparedAccount {
    store: Store,
    prepared: Prepared,
}

/// What came of keeping a session.
#[derive(Debug)]
#[must_use = "a session that was replaced must be signed out"]
#[non_exhaustive]
pub struct Kept {
    /// The account that it is the session of.
    pub id: AccountId,
    /// The account's earlier session, of a sign-in with another device id. Sign it out, or its token
    /// stays valid and nobody has it.
    pub replaced: Option<Session>,
}

/// What was done with the answer of a session's check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Applied {
    /// The session works, and what the check has learned is kept.
    Updated,
    /// The server has revoked the session, and the account is gone: show that, and sign in again.
    Removed,
    /// The session stays as it is: it isn't allowed in now.
    Unchanged,
    /// The account has the session of a later sign-in, which the answer isn't about. It stays.
    SignedInAgain,
}

/// Why an account is still there after [`Store::sign_out`].
#[derive(Debug, thiserror::Error)]
pub enum SignOutError<E> {
    /// The store failed. The session may be signed out already; trying again does no harm.
    #[error(transparent)]
    Store(#[from] Error),
    /// The driver failed: the server may still know the token, so that the account is kept.
    #[error("the session can't be signed out: {0}")]
    Driver(E),
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

    /// Makes sure that a session can be kept, before anybody signs in, and chooses the device id.
    ///
    /// `None`: an account is added, or nobody knows yet whose it will be, as with Quick Connect. The
    /// device id is a fresh one. `Some`: that account signs in again, with the device id that it has, so
    /// that the server ends the old token and shows one device. Only for the same user: with one id,
    /// servers up to 10.8 sign the other user out. While another process is signing in to that account,
    /// the id is a fresh one, too.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when the disk is full or the directory is gone, [`Error::Random`], [`Error::Busy`],
    /// [`Error::Keyring`]; with an account also those of [`get`](Self::get).
    pub fn prepare(&self, again: Option<&AccountId>) -> Result<PreparedAccount, Error> {
        let _lock = self.lock()?;
        let kept = again.map(|id| self.get(id)).transpose()?;
        let lease =
            again.map_or(Ok(None), |id| Lock::try_take(self.hidden(id.as_str(), "sign-in")))?;
        let prepared = Prepared::new(kept.as_ref(), self.reserve()?, lease)?;
        Ok(PreparedAccount { store: self.clone(), prepared })
    }

    /// Keeps a session that the program already has, as when it moves to this store. An account is a user
    /// of a server: the session takes the place of an earlier one of the same account.
    ///
    /// # Errors
    ///
    /// Those of [`prepare`](Self::prepare). Then nothing has changed.
    pub fn add(&self, session: &Session) -> Result<Kept, Error> {
        self.prepare(None)?.keep(session)
    }

    /// Replaces an account's session by a later state of the same one: with another address, or with the
    /// device's new version.
    ///
    /// # Errors
    ///
    /// [`Error::SignedInAgain`] when the account has another token by now; and those of
    /// [`get`](Self::get) and [`prepare`](Self::prepare).
    pub fn replace(&self, id: &AccountId, session: &Session) -> Result<(), Error> {
        let _lock = self.lock()?;
        self.get(id)?;
        self.place(id).replace(self.reserve()?, session)
    }

    /// Does what the answer of a [`SessionCheck`](jellyfin_auth::SessionCheck) asks for; `checked` is the
    /// session that was checked. A check that ends with an error says nothing about the session: then
    /// there is nothing to apply, and the account stays.
    ///
    /// # Errors
    ///
    /// Those of [`replace`](Self::replace) but [`Error::SignedInAgain`].
    pub fn apply(
        &self,
        id: &AccountId,
        checked: &Session,
        state: &SessionState,
    ) -> Result<Applied, Error> {
        let _lock = self.lock()?;
        if self.get(id)?.access_token() != checked.access_token() {
            return Ok(Applied::SignedInAgain);
        }
        match state {
            SessionState::Valid(session) => {
                self.place(id).keep(self.reserve()?, session)?;
                Ok(Applied::Updated)
            }
            SessionState::Revoked => {
                self.delete(id)?;
                Ok(Applied::Removed)
            }
            _ => Ok(Applied::Unchanged),
        }
    }

    /// Signs out by `run`, then removes the account. `run` gives the machine to a driver:
    /// `|sign_out| driver.run(sign_out)`; it decides, too, what a failure is: with
    /// [`Error::SignOutUnsupported`](jellyfin_auth::Error::SignOutUnsupported) turned into `Ok`, the
    /// account is removed although its token stays valid.
    ///
    /// When `run` fails, as it does offline, the account stays: its token is still valid, and only its
    /// holder can end it. [`remove`](Self::remove) forgets it all the same.
    ///
    /// Async programs do the same by [`get`](Self::get), a run of their own, and `remove`.
    ///
    /// # Errors
    ///
    /// [`SignOutError::Driver`] is what `run` failed with; [`SignOutError::Store`] has the errors of
    /// [`get`](Self::get) and [`remove`](Self::remove).
    pub fn sign_out<E>(
        &self,
        id: &AccountId,
        run: impl FnOnce(SignOut) -> Result<(), E>,
    ) -> Result<(), SignOutError<E>> {
        let session = self.get(id)?;
        run(SignOut::new(session.clone())).map_err(SignOutError::Driver)?;
        // It is revoked now, unless somebody signed in meanwhile.
        match self.apply(id, &session, &SessionState::Revoked) {
            Ok(_) | Err(Error::NoAccount { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes an account, damaged or not, without signing out. What comes back is its session, if it had
    /// one that can be used: its token stays valid until it is signed out.
    ///
    /// # Errors
    ///
    /// [`Error::NoAccount`]; [`Error::SymbolicLink`] and [`Error::NotAFile`] for what no store has put
    /// there; [`Error::Busy`], [`Error::Io`], [`Error::Keyring`].
    pub fn remove(&self, id: &AccountId) -> Result<Option<Session>, Error> {
        let _lock = self.lock()?;
        let session = self.place(id).read().ok().flatten();
        self.delete(id)?;
        Ok(session)
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

    fn delete(&self, id: &AccountId) -> Result<(), Error> {
        if self.place(id).delete()? { Ok(()) } else { Err(Error::NoAccount { id: id.clone() }) }
    }

    /// The account that a session is of, and what it has now. Under the lock.
    fn find(&self, session: &Session) -> Result<Option<(AccountId, Session)>, Error> {
        Ok(self.ids()?.into_iter().find_map(|id| {
            let kept = self.place(&id).read().ok().flatten()?;
            prepared::is_same_account(&kept, session).then_some((id, kept))
        }))
    }

    fn unused_id(&self) -> Result<AccountId, Error> {
        loop {
            let id = AccountId::from_random(prepared::random()?);
            if fs::symlink_metadata(self.file(&id)).is_err() {
                return Ok(id);
            }
        }
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

    fn hidden(&self, name: &str, suffix: &str) -> PathBuf {
        self.directory.join(format!(".{name}.{suffix}"))
    }

    fn file(&self, id: &AccountId) -> PathBuf {
        self.directory.join(format!("{id}{ENDING}"))
    }

    fn current_file(&self) -> PathBuf {
        Path::new(&self.directory).join("current")
    }
}

impl PreparedAccount {
    /// The device id to sign in with.
    #[must_use]
    pub fn device_id(&self) -> &DeviceId {
        &self.prepared.device_id
    }

    /// Keeps the session. An account is a user of a server: it takes the place of an earlier session of
    /// the same account, and the account keeps its id. The first account is the current one.
    ///
    /// # Errors
    ///
    /// Those of [`Store::prepare`]. Then nothing has changed in the store: sign `session` out.
    pub fn keep(self, session: &Session) -> Result<Kept, Error> {
        let Self { store, prepared } = self;
        let _lock = store.lock()?;
        let (id, kept) = match store.find(session)? {
            Some((id, kept)) => (id, Some(kept)),
            None => (store.unused_id()?, None),
        };
        store.place(&id).keep(prepared.fresh, session)?;
        if !matches!(store.current(), Ok(Some(_))) {
            // The session is kept, and that is what matters.
            let _ = store.write_current(&id);
        }
        Ok(Kept { id, replaced: prepared::replaced(kept, session) })
    }
}
