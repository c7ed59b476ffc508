//! Why the program failed, and what it ends with.

use std::{borrow::Cow, error::Error as _, fmt::Write as _, process::ExitCode};

use jellyfin_auth::{Advice, Error, Failure, RecordError};
use jellyfin_auth_ureq::ErrorKind;
use serde_json::{Value, json};

use crate::{certificates, gateway};

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
    /// The network's error.
    detail: Option<String>,
    /// What to do about it with this program.
    advice: Option<Cow<'static, str>>,
    /// The certificate that it is about.
    certificate: Option<Box<Value>>,
}

impl Failed {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            name: format!("{exit:?}"),
            message: message.into(),
            detail: None,
            advice: None,
            certificate: None,
        }
    }

    /// Something on this machine.
    pub(crate) fn here(message: impl Into<String>) -> Self {
        Self::new(Exit::System, message)
    }

    pub(crate) fn cancelled() -> Self {
        Self::new(Exit::Cancelled, "cancelled")
    }

    pub(crate) fn with_advice(self, advice: &'static str) -> Self {
        Self { advice: Some(advice.into()), ..self }
    }

    /// Nothing wrong was found at an address: nobody answered, or not yet.
    pub(crate) fn is_silence(&self) -> bool {
        self.exit == Exit::Later || self.name == "NoServer"
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        self.exit.into()
    }

    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// The sentence about what failed, the network's error, and what to do about it with this program.
    pub(crate) fn parts(&self) -> (&str, Option<&str>, Option<&str>) {
        (&self.message, self.detail.as_deref(), self.advice.as_deref())
    }

    /// One sentence, and a line of advice where there is some.
    pub(crate) fn text(&self) -> String {
        let mut text = self.message.clone();
        if let Some(detail) = &self.detail {
            let _ = write!(text, " ({detail})");
        }
        if let Some(advice) = &self.advice {
            let _ = write!(text, "\n{advice}");
        }
        text
    }

    pub(crate) fn to_json(&self) -> Value {
        let Self { exit, name, message, detail, advice, certificate } = self;
        let mut error = json!({
            "name": name, "message": message, "detail": detail, "advice": advice,
            "exit_status": *exit as u8,
        });
        if let Some(certificate) = certificate {
            error["certificate"] = Value::clone(certificate);
        }
        json!({ "error": error })
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
            // Something did answer at the best of the addresses.
            if let Some(best) = tried.first().filter(|best| is_telling(&best.error)) {
                let message = best.to_string();
                return Self { message, ..Self::from(best.error.clone()) };
            }
        }
        let advice = error.advice();
        let exit = match (&error, advice) {
            (Error::Cancelled, _) => Exit::Cancelled,
            (_, Advice::AskPassword | Advice::SignInAgain) => Exit::Credentials,
            (_, Advice::AskAddress | Advice::TrustCertificate)
            | (Error::NoAnswer { failure: Failure::CertificateChanged, .. }, _) => Exit::Address,
            (_, Advice::TryAgain | Advice::AskCode) => Exit::Later,
            (_, Advice::OfferPassword) => Exit::NoQuickConnect,
            (_, Advice::AskAdministrator | Advice::OfferQuickConnect) => Exit::Administrator,
            (_, Advice::FixProxy | Advice::PassGateway | Advice::GiveClientCertificate) => {
                Exit::Proxy
            }
            _ => Exit::Bug,
        };
        let failed = Self::new(exit, error.to_string());
        Self { name: name(&error), advice: with_this_program(&error), ..failed }
    }
}

impl From<jellyfin_auth_ureq::Error> for Failed {
    fn from(error: jellyfin_auth_ureq::Error) -> Self {
        let detail = error.source().map(ToString::to_string);
        let untrusted = error.certificate().cloned();
        let failed = match error.into_kind() {
            ErrorKind::Login(error) => Self::from(error),
            ErrorKind::Config(error) => {
                Self { name: variant(&error), ..Self::here(error.to_string()) }
            }
            other => Self::here(other.to_string()),
        };
        let Some(untrusted) = untrusted else { return Self { detail, ..failed } };
        let (_, advice) = certificates::reason(&untrusted.distrust, &untrusted.certificate);
        let fingerprint = untrusted.certificate.fingerprint.to_string();
        let advice = format!("{}.", capitalised(&advice.replace("SHA256", &fingerprint)));
        let certificate = Some(Box::new(certificates::facts(&untrusted)));
        Self { detail, advice: Some(advice.into()), certificate, ..failed }
    }
}

impl From<RecordError> for Failed {
    fn from(error: RecordError) -> Self {
        Self::here(error.to_string())
    }
}

impl From<jellyfin_auth_store::Error> for Failed {
    fn from(error: jellyfin_auth_store::Error) -> Self {
        Self { name: variant(&error), ..Self::here(error.to_string()) }
    }
}

/// Whether it is more than that nobody is there.
fn is_telling(error: &Error) -> bool {
    !matches!(error, Error::NoAnswer { .. }) || error.advice() != Advice::TryAgain
}

/// What the library advises, as a line about this program's options.
fn with_this_program(error: &Error) -> Option<Cow<'static, str>> {
    match error {
        Error::LoginGateway { gateway, .. } => gateway::advice(gateway).map(Cow::Owned),
        Error::SecondFactorRequired { .. } => {
            Some("With an app password, sign in by --user NAME and type it as the password.".into())
        }
        other => with_options(other.advice()).map(Cow::Borrowed),
    }
}

fn with_options(advice: Advice) -> Option<&'static str> {
    Some(match advice {
        Advice::AskCode => "Look at the other device, and type the code that it shows now.",
        Advice::SignInAgain => {
            "Sign in again: jellyfin-login --save FILE ADDRESS, or --account ADDRESS"
        }
        Advice::OfferPassword => "Sign in by password: --user NAME",
        Advice::OfferQuickConnect => "Sign in by Quick Connect instead: leave --user out.",
        Advice::PassGateway => {
            "Use an address of the server that doesn't lead through that proxy, such as the one at home."
        }
        Advice::GiveClientCertificate => {
            "Give the certificate that the server's administrator made for you: --cert FILE --key FILE"
        }
        Advice::TrustCertificate => {
            "If it is the right server, give its certificate, or its authority's: --ca FILE"
        }
        _ => return None,
    })
}

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// What is about a certificate goes by the failure's name.
fn name(error: &Error) -> String {
    match error {
        Error::NoAnswer {
            failure:
                failure @ (Failure::UntrustedCertificate
                | Failure::CertificateChanged
                | Failure::ClientCertificateRequired),
            ..
        } => variant(failure),
        _ => variant(error),
    }
}

/// An enum's variant, by its name.
fn variant(error: &impl std::fmt::Debug) -> String {
    let shown = format!("{error:?}");
    shown.chars().take_while(char::is_ascii_alphanumeric).collect()
}
