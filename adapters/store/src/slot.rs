//! One session in a place that the user has named.

use std::{fs::File, io, path::PathBuf};

use jellyfin_auth::{DeviceId, Session};

use crate::{
    Error, disk,
    place::Place,
    prepared::{self, Prepared},
};

/// A place for one session that the user has named: a file, or an entry of the keyring. For programs
/// that have one session at a time, and for scripts.
///
/// What it is written with is as safe as a [`Store`](crate::Store): mode 0600, whole or not at all, under
/// a lock. The directory may be open to others, and must exist.
///
/// ```
/// # use jellyfin_auth::Session;
/// use jellyfin_auth_store::{Error, Slot};
/// # fn example(sign_in: impl FnOnce(&jellyfin_auth::DeviceId) -> Session, sign_out: impl FnOnce(Session)) -> Result<(), Error> {
/// let slot = Slot::file("session.json");
/// let prepared = slot.prepare()?; // before a password is asked for
/// let session = sign_in(prepared.device_id());
/// if let Some(replaced) = prepared.keep(&session)? {
///     sign_out(replaced);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Slot(Place);

/// A [`Slot`] that is ready for a session. Dropped, it leaves nothing behind.
#[derive(Debug)]
#[must_use = "it holds the device id to sign in with"]
pub struct PreparedSlot {
    place: Place,
    prepared: Prepared,
}

impl Slot {
    /// The file at `path`.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Place::File(path.into()))
    }

    /// The keyring's entry `name` of `service`, the program's own name there.
    #[cfg(feature = "keyring")]
    #[must_use]
    pub fn keyring(service: &str, name: &str) -> Self {
        Self(Place::Keyring(crate::keyring::Entry::new(service, name)))
    }

    /// Reads the session. Other than everything that writes, this follows a link and reads a FIFO and
    /// another user's file: somebody named it, as in `--session <(pass show jellyfin)`, or a container
    /// has it as a link. A FIFO blocks until somebody writes to it.
    ///
    /// # Errors
    ///
    /// [`Error::NoSession`], [`Error::Damaged`], [`Error::Io`], [`Error::Keyring`].
    pub fn read(&self) -> Result<Session, Error> {
        match &self.0 {
            Place::File(path) => match File::open(path).and_then(disk::read_all) {
                Ok(text) => self.0.parse(&text),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Err(self.0.nothing()),
                Err(error) => Err(Error::io("read", path)(error)),
            },
            #[cfg(feature = "keyring")]
            place @ Place::Keyring(_) => place.read()?.ok_or_else(|| place.nothing()),
        }
    }

    /// Makes sure that a session can be kept here, before anybody signs in: there is room for it, and
    /// neither a link nor a device, FIFO or directory is in the way.
    ///
    /// A session that is there keeps its device id, so that the server ends its token. When another
    /// process is signing in to this place at the moment, the id is a fresh one.
    ///
    /// # Errors
    ///
    /// [`Error::SymbolicLink`], [`Error::NotAFile`], [`Error::OtherOwner`], [`Error::Busy`],
    /// [`Error::Io`], [`Error::Keyring`], [`Error::Random`]. Something damaged is none: it will be replaced.
    pub fn prepare(&self) -> Result<PreparedSlot, Error> {
        let _lock = self.0.lock()?;
        let fresh = self.0.reserve()?;
        let kept = match self.0.read() {
            Err(Error::Damaged { .. }) => None,
            read => read?,
        };
        let lease = kept.as_ref().map_or(Ok(None), |_| self.0.lease())?;
        let prepared = Prepared::new(kept.as_ref(), fresh, lease)?;
        Ok(PreparedSlot { place: self.0.clone(), prepared })
    }

    /// Replaces the session by a later state of the same one: with another address, as a
    /// [`SessionCheck`](jellyfin_auth::SessionCheck) has found it.
    ///
    /// # Errors
    ///
    /// [`Error::SignedInAgain`] when the kept session has another token; [`Error::NoSession`] and
    /// [`Error::Damaged`] when there is none to replace; and those of [`prepare`](Self::prepare).
    pub fn replace(&self, session: &Session) -> Result<(), Error> {
        let _lock = self.0.lock()?;
        self.0.replace(None, session)
    }

    /// Deletes what is here, a session or not. Sign out first: [`SignOut`](jellyfin_auth::SignOut).
    ///
    /// # Errors
    ///
    /// [`Error::NoSession`], and those of [`prepare`](Self::prepare).
    pub fn remove(&self) -> Result<(), Error> {
        let _lock = self.0.lock()?;
        // Taken, it goes, as when a process was killed with it.
        let _ = self.0.lease();
        if self.0.delete()? { Ok(()) } else { Err(self.0.nothing()) }
    }
}

impl PreparedSlot {
    /// The device id to sign in with.
    #[must_use]
    pub fn device_id(&self) -> &DeviceId {
        &self.prepared.device_id
    }

    /// Keeps the session in the place of whatever was there. What comes back must be signed out, or its
    /// token stays valid and nobody has it: the session of a sign-in with another device id.
    ///
    /// # Errors
    ///
    /// Those of [`Slot::prepare`]. Then what was there still is: sign `session` out.
    pub fn keep(self, session: &Session) -> Result<Option<Session>, Error> {
        let _lock = self.place.lock()?;
        let kept = self.place.read().ok().flatten();
        self.place.keep(self.prepared.fresh, session)?;
        Ok(prepared::replaced(kept, session))
    }
}
