//! Changing and removing what is kept.

use jellyfin_auth::{Session, SessionState, SignOut};

use super::Store;
use crate::{AccountId, Error};

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

    fn delete(&self, id: &AccountId) -> Result<(), Error> {
        // Taken, it goes, as when a process was killed with it.
        let _ = self.lease(id);
        if self.place(id).delete()? { Ok(()) } else { Err(Error::NoAccount { id: id.clone() }) }
    }
}
