use std::{
    io,
    path::{Path, PathBuf},
};

use jellyfin_auth::RecordError;

use crate::AccountId;

/// Why a session couldn't be kept, read or removed. What was kept before is still there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The system refused: the disk is full, a directory is missing, the permission is missing.
    #[error("{} can't be {action}: {source}", path.display())]
    #[non_exhaustive]
    Io {
        /// What was tried, as in "written".
        action: &'static str,
        /// Which file or directory.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// The path is a symbolic link, which is never followed to write.
    #[error("{} is a symbolic link: give the path that it leads to", path.display())]
    #[non_exhaustive]
    SymbolicLink {
        /// The link.
        path: PathBuf,
    },
    /// A directory, device, FIFO or socket stands where a session's file should.
    #[error("{} is no regular file: choose another path", path.display())]
    #[non_exhaustive]
    NotAFile {
        /// What it is.
        path: PathBuf,
    },
    /// [`Store::open`](crate::Store::open): something else stands where the directory should.
    #[error("{} is no directory: choose another path", path.display())]
    #[non_exhaustive]
    NotADirectory {
        /// What it is.
        path: PathBuf,
    },
    /// The file or directory isn't this user's own.
    #[error("{} belongs to another user: choose another path", path.display())]
    #[non_exhaustive]
    OtherOwner {
        /// Whose it is.
        path: PathBuf,
    },
    /// [`Store::open`](crate::Store::open): other users can look into the directory. It may hold more
    /// than sessions, so its permissions are left alone.
    #[error(
        "other users have access to {} (mode {mode:03o}): run `chmod 700` on it, or choose a directory for the accounts alone",
        path.display()
    )]
    #[non_exhaustive]
    OpenToOthers {
        /// The directory.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// Another process has held the lock for ten seconds.
    #[error("{} is in use by another program: try again", path.display())]
    #[non_exhaustive]
    Busy {
        /// The lock's file.
        path: PathBuf,
    },
    /// The store has no such account (any more).
    #[error("there is no account {id}: list the accounts")]
    #[non_exhaustive]
    NoAccount {
        /// The account's id.
        id: AccountId,
    },
    /// The file isn't there, or the keyring has no such entry.
    #[error("there is no session in {place}: sign in first")]
    #[non_exhaustive]
    NoSession {
        /// The file, or the keyring's entry.
        place: String,
    },
    /// What is kept isn't a session. It is left as it is: only `remove` deletes it, and
    /// [`Slot::prepare`](crate::Slot::prepare) with `keep` replaces it.
    #[error("{place} doesn't hold a session that can be used: {reason}")]
    #[non_exhaustive]
    Damaged {
        /// The file, or the keyring's entry.
        place: String,
        /// What is wrong with it.
        reason: Damage,
    },
    /// `replace`: another sign-in has put a new token there since the session was read. Its token is the
    /// one that works: read it again.
    #[error("{place} holds the session of a later sign-in: read it again")]
    #[non_exhaustive]
    SignedInAgain {
        /// The file, or the keyring's entry.
        place: String,
    },
    /// The keyring is missing, locked, or refuses the entry (Windows takes 1,280 characters).
    #[error("the keyring can't be used: {reason}")]
    #[non_exhaustive]
    Keyring {
        /// What the keyring answered.
        reason: String,
    },
    /// The system has no random numbers for an id.
    #[error("the system gives no random numbers: {0}")]
    Random(io::Error),
}

/// What is wrong with a kept session. What was read is never shown: it may be a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// Not the JSON of a session record: cut short, overwritten, another file.
    #[error("it isn't a session record")]
    NotARecord,
    /// The record can't be used, or a later release wrote it.
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl Error {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}
