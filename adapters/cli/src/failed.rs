//! Why the program failed, and what it ends with.

use std::{error::Error as _, process::ExitCode};

use jellyfin_auth::{Advice, Error, RecordError};
use jellyfin_auth_ureq::ErrorKind;
use serde_json::{Value, json};

/// What the program ends with when it failed; `--help` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    System = 1,
    Usage = 2,
    Credentials = 3,
    Address = 4,
    Later = 5,
    NoQuickConnect = 6,
    Administrator = 7,
    Proxy = 8,
    Bug = 9,
    Cancelled = 130,
}

/// Why the program failed: a sentence for people, and a name and a status for programs.
#[derive(Debug)]
pub(crate) struct Failed {
    exit: Exit,
    name: String,
    message: String,
    /// What the network said.
    detail: Option<String>,
}

impl Failed {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, name: format!("{exit:?}"), message: message.into(), detail: None }
    }

    /// Something on this machine.
    pub(crate) fn here(message: impl Into<String>) -> Self {
        Self::new(Exit::System, message)
    }

    /// The same by the library's name for it.
    pub(crate) fn named(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    pub(crate) fn cancelled() -> Self {
        Self::new(Exit::Cancelled, "cancelled")
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        self.exit.into()
    }

    /// One sentence.
    pub(crate) fn sentence(&self) -> String {
        match &self.detail {
            Some(detail) => format!("{} ({detail})", self.message),
            None => self.message.clone(),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        let Self { exit, name, message, detail } = self;
        json!({ "error": {
            "name": name, "message": message, "detail": detail, "exit_status": *exit as u8,
        }})
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        if let Error::NoServer { tried, .. } = &error {
            // Something did answer at the best of the addresses, and said what is wrong.
            if let Some(best) = tried.first().filter(|best| is_telling(&best.error)) {
                let message = format!("{}: {}", best.url, best.error);
                return Self { message, ..Self::from(best.error.clone()) };
            }
        }
        let exit = match (&error, error.advice()) {
            (Error::Cancelled { .. }, _) => Exit::Cancelled,
            (_, Advice::AskPassword) => Exit::Credentials,
            (_, Advice::AskAddress) => Exit::Address,
            (_, Advice::TryAgain) => Exit::Later,
            (_, Advice::OfferPassword) => Exit::NoQuickConnect,
            (_, Advice::AskAdministrator) => Exit::Administrator,
            (_, Advice::FixProxy) => Exit::Proxy,
            _ => Exit::Bug,
        };
        Self { exit, name: variant(&error), message: error.to_string(), detail: None }
    }
}

impl From<jellyfin_auth_ureq::Error> for Failed {
    fn from(error: jellyfin_auth_ureq::Error) -> Self {
        let detail = error.source().map(ToString::to_string);
        let failed = match error.into_kind() {
            ErrorKind::Login(error) => Self::from(error),
            ErrorKind::SetUp(error) => {
                Self { name: variant(&error), ..Self::here(error.to_string()) }
            }
            other => Self::here(other.to_string()),
        };
        Self { detail, ..failed }
    }
}

impl From<RecordError> for Failed {
    fn from(error: RecordError) -> Self {
        Self::here(error.to_string())
    }
}

/// Whether it says more than that nobody is there.
fn is_telling(error: &Error) -> bool {
    !matches!(error, Error::NoAnswer { .. }) || error.advice() != Advice::TryAgain
}

/// An enum's variant, by its name.
fn variant(error: &impl std::fmt::Debug) -> String {
    let shown = format!("{error:?}");
    shown.chars().take_while(char::is_ascii_alphanumeric).collect()
}
