//! Where one session is kept.

use std::{
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

use jellyfin_auth::{Session, SessionRecord};
use zeroize::Zeroizing;

use crate::{
    Damage, Error,
    disk::{self, Fresh, RESERVED},
    lock::Lock,
};

#[derive(Clone, Debug)]
pub(crate) enum Place {
    File(PathBuf),
    #[cfg(feature = "keyring")]
    Keyring(crate::keyring::Entry),
}

impl Place {
    /// `None`: nothing is there.
    pub(crate) fn read(&self) -> Result<Option<Session>, Error> {
        let text = match self {
            Self::File(path) => disk::read(path)?,
            #[cfg(feature = "keyring")]
            Self::Keyring(entry) => entry.read()?,
        };
        text.map(|text| self.parse(&text)).transpose()
    }

    pub(crate) fn parse(&self, text: &[u8]) -> Result<Session, Error> {
        // serde's own message may quote what it read.
        serde_json::from_slice::<SessionRecord>(text)
            .map_err(|_| Damage::NotARecord)
            .and_then(|record| Ok(Session::try_from(record)?))
            .map_err(|reason| Error::Damaged { place: self.to_string(), reason })
    }

    /// Makes sure that a session could be kept here.
    pub(crate) fn reserve(&self) -> Result<Option<Fresh>, Error> {
        match self {
            Self::File(path) => {
                disk::check(path)?;
                Fresh::new(directory(path), &beside(path, "new-")?).map(Some)
            }
            #[cfg(feature = "keyring")]
            Self::Keyring(entry) => entry.read().map(|_| None),
        }
    }

    /// Puts the session in the place of whatever was here.
    pub(crate) fn keep(&self, fresh: Option<Fresh>, session: &Session) -> Result<(), Error> {
        let mut text = Zeroizing::new(Vec::with_capacity(RESERVED));
        serde_json::to_writer(&mut *text, &session.to_record())
            .expect("a record is plain texts and numbers");
        text.push(b'\n');
        match self {
            Self::File(path) => match fresh {
                Some(fresh) => fresh.keep(path, &text),
                None => Fresh::new(directory(path), &beside(path, "new-")?)?.keep(path, &text),
            },
            #[cfg(feature = "keyring")]
            Self::Keyring(entry) => entry.write(&text),
        }
    }

    /// Replaces a session by a later state of the same one. Under the lock.
    pub(crate) fn replace(&self, fresh: Option<Fresh>, session: &Session) -> Result<(), Error> {
        let kept = self.read()?.ok_or_else(|| self.nothing())?;
        if kept.access_token() != session.access_token() {
            return Err(Error::SignedInAgain { place: self.to_string() });
        }
        self.keep(fresh, session)
    }

    /// Deletes what is here, whatever it is. `false`: nothing was.
    pub(crate) fn delete(&self) -> Result<bool, Error> {
        match self {
            Self::File(path) => disk::delete(path),
            #[cfg(feature = "keyring")]
            Self::Keyring(entry) => entry.delete(),
        }
    }

    /// The lock over reading and changing what is here.
    pub(crate) fn lock(&self) -> Result<Lock, Error> {
        match self {
            // A device says more than that nobody may write beside it.
            Self::File(path) => disk::check(path).map(drop)?,
            #[cfg(feature = "keyring")]
            Self::Keyring(_) => {}
        }
        Lock::take(self.lock_file("lock")?)
    }

    /// The right to sign in with the device id that is kept here. `None`: somebody does so just now.
    pub(crate) fn lease(&self) -> Result<Option<Lock>, Error> {
        Lock::try_take(self.lock_file("sign-in")?)
    }

    fn lock_file(&self, suffix: &str) -> Result<PathBuf, Error> {
        match self {
            Self::File(path) => Ok(directory(path).join(beside(path, suffix)?)),
            #[cfg(feature = "keyring")]
            Self::Keyring(entry) => Ok(entry.lock_file(suffix)),
        }
    }

    pub(crate) fn nothing(&self) -> Error {
        Error::NoSession { place: self.to_string() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            #[cfg(feature = "keyring")]
            Self::Keyring(entry) => entry.fmt(f),
        }
    }
}

pub(crate) fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The name of a hidden file that belongs to `path`.
fn beside(path: &Path, suffix: &str) -> Result<OsString, Error> {
    let name = path.file_name().ok_or_else(|| Error::NotAFile { path: path.to_owned() })?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(".");
    hidden.push(suffix);
    Ok(hidden)
}
