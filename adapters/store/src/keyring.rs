//! The system's keyring: Secret Service, Keychain, Credential Manager.

use std::{env, fmt, path::PathBuf};

use keyring::Error as KeyringError;
use zeroize::Zeroizing;

use crate::{Error, disk};

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    service: String,
    name: String,
    /// The file that shows that there is such an entry, for keyrings can't be listed.
    listed: Option<PathBuf>,
}

impl Entry {
    pub(crate) fn new(service: &str, name: &str) -> Self {
        Self { service: service.to_owned(), name: name.to_owned(), listed: None }
    }

    pub(crate) fn listed(self, file: PathBuf) -> Self {
        Self { listed: Some(file), ..self }
    }

    pub(crate) fn read(&self) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        match self.open()?.get_password() {
            Ok(text) => Ok(Some(Zeroizing::new(text.into_bytes()))),
            Err(KeyringError::NoEntry) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    /// The file first: an entry that no file shows would never be found again.
    pub(crate) fn write(&self, text: &[u8]) -> Result<(), Error> {
        if let Some(file) = &self.listed {
            disk::options()
                .write(true)
                .create(true)
                .truncate(false)
                .open(file)
                .map_err(Error::io("written", file))?;
        }
        let text = std::str::from_utf8(text).expect("JSON is UTF-8").trim_end();
        self.open()?.set_password(text).map_err(|error| failed(&error))
    }

    pub(crate) fn delete(&self) -> Result<bool, Error> {
        let was_there = match self.open()?.delete_credential() {
            Ok(()) => true,
            Err(KeyringError::NoEntry) => false,
            Err(error) => return Err(failed(&error)),
        };
        let was_listed = self.listed.as_deref().map_or(Ok(false), disk::delete)?;
        Ok(was_there || was_listed)
    }

    /// In the user's own directory for such things, which goes when the machine stops.
    pub(crate) fn lock_file(&self, suffix: &str) -> PathBuf {
        let directory = env::var_os("XDG_RUNTIME_DIR").filter(|directory| !directory.is_empty());
        let directory = directory.map_or_else(env::temp_dir, PathBuf::from);
        let name: String = format!("{}.{}", self.service, self.name)
            .bytes()
            .map(|byte| match byte {
                b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' => {
                    char::from(byte).to_string()
                }
                other => format!("_{other:02x}"),
            })
            .collect();
        directory.join(format!(".{name}.{suffix}"))
    }

    fn open(&self) -> Result<keyring::Entry, Error> {
        keyring::Entry::new(&self.service, &self.name).map_err(|error| failed(&error))
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the keyring's entry {}", self.name)
    }
}

/// Of the errors that carry what was read, only the kind is shown.
fn failed(error: &KeyringError) -> Error {
    let reason = match error {
        KeyringError::BadEncoding(_) => "what it holds is no text".to_owned(),
        other => other.to_string(),
    };
    Error::Keyring { reason }
}
