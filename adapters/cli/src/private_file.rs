//! Files with secrets in them, which their owner alone may read.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use zeroize::Zeroizing;

use crate::failed::Failed;

/// The longest file that makes sense.
const LONGEST: u64 = 256 * 1024;

/// Reads a file whole, unless others can read it, too. It may be a FIFO, as in `<(pass show gateway)`.
pub(crate) fn read(file: &Path) -> Result<Zeroizing<Vec<u8>>, Failed> {
    open(file).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied if error.get_ref().is_some() => Failed::here(format!(
            "{0} holds secrets, and others can read it: chmod 600 {0}",
            file.display()
        )),
        _ => Failed::here(format!("{} can't be read: {error}", file.display())),
    })
}

fn open(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let file = File::open(path)?;
    if is_open_to_others(&file)? {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "others can read it"));
    }
    let mut content = Zeroizing::new(Vec::with_capacity(4096));
    file.take(LONGEST).read_to_end(&mut content)?;
    Ok(content)
}

#[cfg(unix)]
fn is_open_to_others(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;

    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

/// Who can read a file is not in its mode.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "it is asked elsewhere")]
fn is_open_to_others(_: &File) -> io::Result<bool> {
    Ok(false)
}
