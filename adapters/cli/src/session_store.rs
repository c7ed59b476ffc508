//! Where sessions are kept: in a file, in the system's keyring, or by whoever reads our output.

use std::{
    fs,
    io::{self, IsTerminal as _, Read as _, Write as _},
    path::{Path, PathBuf},
};

use jellyfin_auth::{Session, SessionRecord};
use tempfile::NamedTempFile;

use crate::{
    failed::Failed,
    interrupts::Interrupts,
    messages::{Messages, print},
};

#[cfg(feature = "keyring")]
mod keyring;
#[cfg(not(feature = "keyring"))]
#[path = "session_store/no_keyring.rs"]
mod keyring;

/// Where a session is, or is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Standard input, standard output.
    Stream,
    File(PathBuf),
    /// The keyring's entry of this name.
    Keyring(String),
}

/// A place that is ready for a session, before anybody signs in.
#[derive(Debug)]
pub(crate) enum Ready {
    Stream,
    /// Beside the file that it will replace.
    File(NamedTempFile, PathBuf),
    Keyring(String),
}

impl Place {
    /// Reads the session.
    pub(crate) fn read(&self, interrupts: &Interrupts) -> Result<Session, Failed> {
        let text = match self {
            Self::Stream if io::stdin().is_terminal() => {
                return Err(Failed::here(
                    "no session was given: name its file by --session FILE, or pipe it in",
                ));
            }
            Self::Stream => interrupts
                .wait_for(|| {
                    let mut text = String::new();
                    io::stdin().read_to_string(&mut text).map(|_| text)
                })?
                .map_err(|error| Failed::here(format!("the session can't be read: {error}")))?,
            Self::File(file) => {
                let read = file.clone();
                interrupts.wait_for(move || fs::read_to_string(read))?.map_err(|error| {
                    Failed::here(format!("{} can't be read: {error}", file.display()))
                })?
            }
            Self::Keyring(name) => keyring::read(name)?,
        };
        parse(&text)
    }

    /// Deletes a session that is of no use any more.
    pub(crate) fn forget(&self) -> Result<(), Failed> {
        match self {
            Self::Stream => Ok(()),
            Self::File(file) => fs::remove_file(file).map_err(|error| {
                Failed::here(format!("{} can't be deleted: {error}", file.display()))
            }),
            Self::Keyring(name) => keyring::forget(name),
        }
    }

    /// The session that will be replaced, when there is one that can be read.
    pub(crate) fn earlier(&self) -> Option<Session> {
        let text = match self {
            Self::Stream => return None,
            Self::File(file) => fs::read_to_string(file).ok()?,
            Self::Keyring(name) => keyring::read(name).ok()?,
        };
        parse(&text).ok()
    }

    /// Checks whether a session could be kept here.
    pub(crate) fn prepare(self) -> Result<Ready, Failed> {
        Ok(match self {
            Self::Stream => Ready::Stream,
            Self::File(file) => {
                let folder = match file.parent() {
                    Some(folder) if !folder.as_os_str().is_empty() => folder,
                    _ => Path::new("."),
                };
                // Its owner's alone from the beginning (mode 0600).
                let beside = NamedTempFile::new_in(folder).map_err(|error| {
                    Failed::here(format!("nothing can be saved in {}: {error}", folder.display()))
                })?;
                Ready::File(beside, file)
            }
            Self::Keyring(name) => {
                keyring::prepare(&name)?;
                Ready::Keyring(name)
            }
        })
    }
}

impl Ready {
    /// Keeps the session, whole or not at all.
    pub(crate) fn keep(self, session: &Session, messages: Messages) -> Result<(), Failed> {
        let text = serde_json::to_string(&session.to_record())
            .map_err(|error| Failed::here(format!("the session can't be written: {error}")))?;
        match self {
            Self::Stream => print(&text),
            Self::File(mut beside, file) => {
                let failed = |error: &io::Error| {
                    Failed::here(format!("{} can't be written: {error}", file.display()))
                };
                writeln!(beside, "{text}")
                    .and_then(|()| beside.as_file().sync_all())
                    .map_err(|error| failed(&error))?;
                beside.persist(&file).map_err(|error| failed(&error.error))?;
                let shown = file.display().to_string();
                messages.report(
                    "saved",
                    serde_json::json!({ "file": shown }),
                    &format!("Saved in {shown}"),
                );
                Ok(())
            }
            Self::Keyring(name) => {
                keyring::write(&name, &text)?;
                messages.report(
                    "saved",
                    serde_json::json!({ "keyring": name }),
                    &format!("Saved in the keyring as {name}"),
                );
                Ok(())
            }
        }
    }
}

fn parse(text: &str) -> Result<Session, Failed> {
    // The parser's own message may quote what it read.
    let record: SessionRecord = serde_json::from_str(text).map_err(|_| {
        Failed::here("that is no session: sign in with `jellyfin-login --save FILE`")
    })?;
    Ok(Session::try_from(record)?)
}
