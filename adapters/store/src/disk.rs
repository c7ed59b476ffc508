//! Files that are their owner's alone, written whole or not at all.

use std::{
    ffi::OsStr,
    fs::{self, Metadata, OpenOptions},
    io::{self, Read as _, Seek as _, Write as _},
    path::Path,
};

use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use crate::Error;

/// What a session is allowed to take: a token has 4,096 characters at most.
const MAX_LENGTH: u64 = 1 << 20;
/// What is written before anybody signs in, so that a full disk is noticed then.
pub(crate) const RESERVED: usize = 16 * 1024;

/// A file beside those that are kept, which becomes one of them.
#[derive(Debug)]
pub(crate) struct Fresh(NamedTempFile);

impl Fresh {
    /// Deletes what a killed process left behind, and makes a new file. Only under the lock: between
    /// making one and locking it, it looks abandoned.
    pub(crate) fn new(directory: &Path, prefix: &OsStr) -> Result<Self, Error> {
        sweep(directory, prefix);
        // Mode 0600 from the beginning.
        let mut file = tempfile::Builder::new()
            .prefix(prefix)
            .tempfile_in(directory)
            // Its own errors show the name of a file that comes and goes.
            .map_err(|error| Error::io("written to", directory)(error.kind().into()))?;
        #[cfg(unix)]
        crate::lock::try_lock(file.as_file()).map_err(Error::io("locked", file.path()))?;
        file.as_file_mut()
            .write_all(&[b' '; RESERVED])
            .map_err(Error::io("written to", directory))?;
        Ok(Self(file))
    }

    /// Puts `text` in the place of whatever was at `path`. After an error, that is still there.
    pub(crate) fn keep(mut self, path: &Path, text: &[u8]) -> Result<(), Error> {
        self.write(text).map_err(Error::io("written", path))?;
        check(path)?;
        self.0.persist(path).map_err(|error| Error::io("written", path)(error.error))?;
        sync_directory(path);
        Ok(())
    }

    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        let file = self.0.as_file_mut();
        file.rewind()?;
        file.write_all(text)?;
        file.set_len(text.len() as u64)?;
        file.sync_all()
    }
}

/// A file that is locked belongs to a process that lives.
#[cfg(unix)]
fn sweep(directory: &Path, prefix: &OsStr) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if !entry.file_name().as_encoded_bytes().starts_with(prefix.as_encoded_bytes()) {
            continue;
        }
        let opened = options().read(true).open(entry.path());
        if opened.is_ok_and(|file| crate::lock::try_lock(&file).unwrap_or(false)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Nothing shows whose they are.
#[cfg(not(unix))]
fn sweep(_directory: &Path, _prefix: &OsStr) {}

/// `None`: nothing is there.
pub(crate) fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    if !check(path)? {
        return Ok(None);
    }
    let file = match options().read(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(Error::io("read", path))?,
    };
    // It may have been exchanged meanwhile.
    let metadata = file.metadata().map_err(Error::io("read", path))?;
    check_file(path, &metadata)?;
    read_all(file).map(Some).map_err(Error::io("read", path))
}

/// Reads to the end without leaving copies behind.
pub(crate) fn read_all(source: impl io::Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(Vec::with_capacity(RESERVED));
    source.take(MAX_LENGTH).read_to_end(&mut text)?;
    Ok(text)
}

/// Deletes a file, whatever it holds. `false`: there was none.
pub(crate) fn delete(path: &Path) -> Result<bool, Error> {
    if !check(path)? {
        return Ok(false);
    }
    fs::remove_file(path).map_err(Error::io("deleted", path))?;
    sync_directory(path);
    Ok(true)
}

/// Checks that a session could be at `path`; whether something is there.
pub(crate) fn check(path: &Path) -> Result<bool, Error> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => check_file(path, &metadata).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

fn check_file(path: &Path, metadata: &Metadata) -> Result<(), Error> {
    if metadata.is_symlink() {
        return Err(Error::SymbolicLink { path: path.to_owned() });
    }
    if !metadata.is_file() {
        return Err(Error::NotAFile { path: path.to_owned() });
    }
    check_owner(path, metadata)
}

/// Makes a directory that is its owner's alone, or checks that it is.
pub(crate) fn private_directory(path: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let created = builder.create(path);
    let metadata = match fs::symlink_metadata(path) {
        // What stands in the way says more than the failure to create.
        Ok(metadata) => metadata,
        Err(error) => return Err(Error::io("created", path)(created.err().unwrap_or(error))),
    };
    if metadata.is_symlink() {
        return Err(Error::SymbolicLink { path: path.to_owned() });
    }
    if !metadata.is_dir() {
        return Err(Error::NotADirectory { path: path.to_owned() });
    }
    check_owner(path, &metadata)?;
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
        if mode & 0o077 != 0 {
            return Err(Error::OpenToOthers { path: path.to_owned(), mode });
        }
    }
    Ok(())
}

#[cfg(unix)]
fn check_owner(path: &Path, metadata: &Metadata) -> Result<(), Error> {
    if std::os::unix::fs::MetadataExt::uid(metadata) == rustix::process::geteuid().as_raw() {
        Ok(())
    } else {
        Err(Error::OtherOwner { path: path.to_owned() })
    }
}

#[cfg(not(unix))]
fn check_owner(_path: &Path, _metadata: &Metadata) -> Result<(), Error> {
    Ok(())
}

/// Opens no link, and waits for nobody at the other end of a FIFO.
pub(crate) fn options() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "nothing is set there"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        options.mode(0o600).custom_flags(i32::from_ne_bytes(flags.bits().to_ne_bytes()));
    }
    options
}

/// The new name survives a power cut. Where the file system can't promise that, the name is there all
/// the same: an error would have a program sign out the session that was kept.
#[cfg(unix)]
fn sync_directory(path: &Path) {
    let directory = crate::place::directory(path);
    let _ = fs::File::open(directory).and_then(|directory| directory.sync_all());
}

#[cfg(not(unix))]
fn sync_directory(_path: &Path) {}
