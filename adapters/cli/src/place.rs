//! Where a session comes from, and where it goes: a stream, a file, the keyring, the accounts.

use std::{
    io::{self, IsTerminal as _, Read as _},
    path::PathBuf,
};

use jellyfin_auth::{
    DeviceId, GatewayHeaders, Session, SessionRecord, SessionState, TrustedCertificate,
};
use jellyfin_auth_store::{AccountId, PreparedAccount, PreparedSlot, Slot, Store};
use serde_json::json;

use crate::{
    accounts,
    failed::Failed,
    interrupts::Interrupts,
    messages::{Messages, print},
};

/// Where a session is, or is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Standard input, standard output.
    Stream,
    File(PathBuf),
    /// The keyring's entry of this name.
    Keyring(String),
    /// The account of this id or number; without one, the current one, or a new one.
    Account(Option<String>),
}

/// A session, and where it came from.
#[derive(Debug)]
pub(crate) struct KeptSession {
    pub(crate) session: Session,
    origin: Origin,
}

#[derive(Debug)]
enum Origin {
    Stream,
    Slot(Slot),
    Account(Store, AccountId),
}

/// A place that is ready for a session, before anybody signs in.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) device_id: DeviceId,
    /// Where the account that signs in again has its server.
    pub(crate) address: Option<String>,
    /// And the certificates that its user trusts.
    pub(crate) trusted: Vec<TrustedCertificate>,
    /// What lets that account past the gateways in front of its server.
    pub(crate) gateway_headers: GatewayHeaders,
    target: Target,
}

#[derive(Debug)]
enum Target {
    Stream,
    /// And what its place is called, in JSON and in a sentence.
    Slot(PreparedSlot, &'static str, String),
    Account(Store, PreparedAccount),
}

impl Place {
    /// Reads the session.
    pub(crate) fn read(&self, interrupts: &Interrupts) -> Result<KeptSession, Failed> {
        match self {
            Self::Stream => {
                Ok(KeptSession { session: read_stream(interrupts)?, origin: Origin::Stream })
            }
            Self::File(file) => read_slot(Slot::file(file), interrupts),
            Self::Keyring(name) => read_slot(keyring(name)?, interrupts),
            Self::Account(which) => {
                let store = accounts::open()?;
                let id = accounts::choose(&store, which.as_deref())?;
                Ok(KeptSession { session: store.get(&id)?, origin: Origin::Account(store, id) })
            }
        }
    }

    /// Checks whether a session could be kept here.
    pub(crate) fn prepare(&self) -> Result<Ready, Failed> {
        match self {
            Self::Stream => Ok(Ready {
                device_id: jellyfin_auth_store::fresh_device_id()?,
                address: None,
                trusted: Vec::new(),
                gateway_headers: GatewayHeaders::default(),
                target: Target::Stream,
            }),
            Self::File(file) => prepare_slot(&Slot::file(file), "file", file.display().to_string()),
            Self::Keyring(name) => prepare_slot(&keyring(name)?, "keyring", name.clone()),
            Self::Account(which) => prepare_account(which.as_deref()),
        }
    }
}

impl KeptSession {
    /// Does what a check of the session says.
    pub(crate) fn apply(&self, state: &SessionState) -> Result<(), Failed> {
        if let Origin::Account(store, id) = &self.origin {
            store.apply(id, &self.session, state)?;
        }
        Ok(())
    }

    /// Keeps a later state of the same session in its place.
    pub(crate) fn replace(&self, session: &Session) -> Result<(), Failed> {
        match &self.origin {
            Origin::Stream => Err(Failed::here(
                "a session from a pipe can't be changed: name its file by --session FILE",
            )),
            Origin::Slot(slot) => Ok(slot.replace(session)?),
            Origin::Account(store, id) => Ok(store.replace(id, session)?),
        }
    }

    /// Whether it can be changed where it is.
    pub(crate) fn is_kept(&self) -> bool {
        !matches!(self.origin, Origin::Stream)
    }

    /// Deletes a session that was signed out.
    pub(crate) fn forget(&self) -> Result<(), Failed> {
        match &self.origin {
            Origin::Stream => Ok(()),
            Origin::Slot(slot) => Ok(slot.remove()?),
            Origin::Account(..) => self.apply(&SessionState::Revoked),
        }
    }
}

impl Ready {
    /// Keeps the session, whole or not at all. What comes back was replaced and must be signed out.
    pub(crate) fn keep(
        self,
        session: &Session,
        messages: Messages,
    ) -> Result<Option<Session>, Failed> {
        match self.target {
            Target::Stream => {
                let text = serde_json::to_string(&session.to_record()).map_err(|error| {
                    Failed::here(format!("the session can't be written: {error}"))
                })?;
                print(&text)?;
                Ok(None)
            }
            Target::Slot(prepared, kind, name) => {
                let replaced = prepared.keep(session)?;
                let sentence = match kind {
                    "keyring" => format!("Saved in the keyring as {name}"),
                    _ => format!("Saved in {name}"),
                };
                messages.report("saved", json!({ kind: name }), &sentence);
                Ok(replaced)
            }
            Target::Account(store, prepared) => {
                let kept = prepared.keep(session)?;
                // The session is kept, whether or not it is the current one.
                let current = store.set_current(&kept.id);
                let id = kept.id.as_str();
                let sentence = match current {
                    Ok(()) => format!("Saved as account {id}, which is the current one now"),
                    Err(error) => {
                        format!("Saved as account {id}; it isn't the current one: {error}")
                    }
                };
                messages.report("saved", json!({ "account": id }), &sentence);
                Ok(kept.replaced)
            }
        }
    }
}

fn read_stream(interrupts: &Interrupts) -> Result<Session, Failed> {
    if io::stdin().is_terminal() {
        return Err(Failed::here(
            "no session was given: name its file by --session FILE, take one of your accounts by \
             --account, or pipe it in",
        ));
    }
    let text = interrupts
        .wait_for(|| {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).map(|_| text)
        })?
        .map_err(|error| Failed::here(format!("the session can't be read: {error}")))?;
    // The parser's own message may quote what it read.
    let record: SessionRecord = serde_json::from_str(&text).map_err(|_| {
        Failed::here("that is no session: sign in with `jellyfin-login --save FILE`")
    })?;
    Ok(Session::try_from(record)?)
}

fn read_slot(slot: Slot, interrupts: &Interrupts) -> Result<KeptSession, Failed> {
    let reading = slot.clone();
    // It may be a FIFO.
    let session = interrupts.wait_for(move || reading.read())??;
    Ok(KeptSession { session, origin: Origin::Slot(slot) })
}

fn prepare_slot(slot: &Slot, kind: &'static str, name: String) -> Result<Ready, Failed> {
    let prepared = slot.prepare()?;
    let device_id = prepared.device_id().clone();
    Ok(Ready {
        device_id,
        address: None,
        gateway_headers: GatewayHeaders::default(),
        trusted: Vec::new(),
        target: Target::Slot(prepared, kind, name),
    })
}

fn prepare_account(which: Option<&str>) -> Result<Ready, Failed> {
    let store = accounts::open()?;
    let again = which.map(|which| accounts::choose(&store, Some(which))).transpose()?;
    let session = again.as_ref().map(|id| store.get(id)).transpose()?;
    let session = session.as_ref();
    let prepared = store.prepare(again.as_ref())?;
    Ok(Ready {
        device_id: prepared.device_id().clone(),
        address: session.map(|session| session.server().as_str().to_owned()),
        trusted: session.map_or_else(Vec::new, |session| session.trusted_certificates().to_vec()),
        gateway_headers: session.map(|kept| kept.gateway_headers().clone()).unwrap_or_default(),
        target: Target::Account(store, prepared),
    })
}

#[cfg(feature = "keyring")]
#[expect(clippy::unnecessary_wraps, reason = "a build without the keyring fails")]
fn keyring(name: &str) -> Result<Slot, Failed> {
    Ok(Slot::keyring("jellyfin-login", name))
}

#[cfg(not(feature = "keyring"))]
fn keyring(_name: &str) -> Result<Slot, Failed> {
    Err(Failed::here(
        "this program was built without the keyring: use --save FILE or --session FILE, or \
         install it with `--features keyring`",
    ))
}
