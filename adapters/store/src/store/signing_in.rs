//! Keeping the session of a sign-in.

use std::fs;

use jellyfin_auth::{DeviceId, Session};

use super::Store;
use crate::{
    AccountId, Error,
    prepared::{self, Prepared},
};

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
pub struct KeptAccount {
    /// The account that it is the session of.
    pub id: AccountId,
    /// The account's earlier session, of a sign-in with another device id. Sign it out, or its token
    /// stays valid and nobody has it.
    pub replaced: Option<Session>,
}

impl Store {
    /// Makes sure that a session can be kept, before anybody signs in, and chooses the device id.
    ///
    /// `None`: an account is added, or nobody knows yet whose it will be, as with Quick Connect. The
    /// device id is a fresh one. `Some`: that account signs in again, with the device id that it has, so
    /// that the server ends the old token and shows one device. Only for the same user: with one id,
    /// servers up to 10.8 sign the other user out. While another process is signing in to that account,
    /// the id is a fresh one, too.
    ///
    /// With the device id that it has, the server ends the old token before the new one is kept: a program
    /// that is killed in between has to sign in once more. With a fresh one, the old session works until
    /// the new one is kept and [`KeptAccount::replaced`] is signed out.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when the disk is full or the directory is gone, [`Error::Random`], [`Error::Busy`],
    /// [`Error::Keyring`]; with an account also those of [`get`](Self::get).
    pub fn prepare(&self, again: Option<&AccountId>) -> Result<PreparedAccount, Error> {
        let _lock = self.lock()?;
        let kept = again.map(|id| self.get(id)).transpose()?;
        let lease = again.map_or(Ok(None), |id| self.lease(id))?;
        let prepared = Prepared::new(kept.as_ref(), self.reserve()?, lease)?;
        Ok(PreparedAccount { store: self.clone(), prepared })
    }

    /// Keeps a session that the program already has, as when it moves to this store. An account is a user
    /// of a server: the session takes the place of an earlier one of the same account.
    ///
    /// # Errors
    ///
    /// Those of [`prepare`](Self::prepare). Then nothing has changed.
    pub fn add(&self, session: &Session) -> Result<KeptAccount, Error> {
        self.prepare(None)?.keep(session)
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
    pub fn keep(self, session: &Session) -> Result<KeptAccount, Error> {
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
        Ok(KeptAccount { id, replaced: prepared::replaced(kept, session) })
    }
}
