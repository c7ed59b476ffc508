//! An advisory lock among processes and threads: a file that exists while somebody holds it.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use crate::Error;

/// How often and how long a lock is waited for: it is held for a few writes.
const TURNS: u32 = 1000;
const TURN: Duration = Duration::from_millis(10);

#[derive(Debug)]
pub(crate) struct Lock {
    held: Option<File>,
    path: PathBuf,
}

impl Lock {
    /// Waits for the lock.
    pub(crate) fn take(path: PathBuf) -> Result<Self, Error> {
        for _ in 0..TURNS {
            if let Some(lock) = Self::try_take(path.clone())? {
                return Ok(lock);
            }
            thread::sleep(TURN);
        }
        Err(Error::Busy { path })
    }

    /// `None`: somebody else has it.
    pub(crate) fn try_take(path: PathBuf) -> Result<Option<Self>, Error> {
        // The directory says more than the name of a file that comes and goes.
        let shown = path.parent().unwrap_or(&path);
        let held = open(&path).map_err(Error::io("written to", shown))?;
        Ok(held.map(|held| Self { held: Some(held), path }))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The file goes while it is still held; `open` notices when it took one that is gone. Where an
        // open file can't be deleted, it stays with whoever opens it first.
        if cfg!(not(unix)) {
            self.held = None;
        }
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<Option<File>> {
    use std::os::unix::fs::MetadataExt as _;

    loop {
        let file = crate::disk::options().write(true).create(true).truncate(false).open(path)?;
        if !try_lock(&file)? {
            return Ok(None);
        }
        let ours = file.metadata()?;
        match fs::symlink_metadata(path) {
            Ok(there) if (there.dev(), there.ino()) == (ours.dev(), ours.ino()) => {
                return Ok(Some(file));
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
}

/// Locks an open file, unless somebody else has it locked.
#[cfg(unix)]
pub(crate) fn try_lock(file: &File) -> io::Result<bool> {
    match rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(true),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Nobody can open a file that is open without being shared, nor delete it.
#[cfg(windows)]
fn open(path: &Path) -> io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt as _;

    const ERROR_SHARING_VIOLATION: i32 = 32;
    match fs::OpenOptions::new().write(true).create(true).truncate(false).share_mode(0).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(not(any(unix, windows)))]
fn open(_path: &Path) -> io::Result<Option<File>> {
    Err(io::ErrorKind::Unsupported.into())
}
