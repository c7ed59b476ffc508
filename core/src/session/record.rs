use std::fmt;

use serde::{Deserialize, Serialize};

use super::Session;
use crate::{
    AccessToken, Device, DeviceError, DeviceId, ServerUrl, ServerUrlError, User, json::shown,
    secret::is_visible_ascii, user::LONGEST_ID,
};

/// The version that this crate writes.
const VERSION: u32 = 1;

/// A [`Session`] in the shape in which a program keeps it.
///
/// It holds the access token. Keep it where the platform keeps passwords (a key chain, a credential
/// manager), or in a file that its owner alone can read (mode 0600); never in a log, a URL or a
/// synchronised settings file. It is bound to one server, address, device and user: keep one record
/// for each.
///
/// Unknown properties are ignored, so that an older program reads what a newer one of the same
/// version wrote.
///
/// ```
/// use jellyfin_auth::{Session, SessionRecord};
///
/// let kept = r#"{
///     "version": 1, "server": "https://media.example.com", "server_id": "713dc3fe952b438f",
///     "user_id": "6eec632aff0d4d09", "user_name": "alice", "access_token": "0123456789abcdef",
///     "client": "Example Player", "client_version": "1.4.0",
///     "device_name": "Living room", "device_id": "d-1"
/// }"#;
/// let record: SessionRecord = serde_json::from_str(kept)?;
/// let session = Session::try_from(record)?;
/// assert_eq!(session.user().name.as_deref(), Some("alice"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRecord {
    version: u32,
    #[serde(default)]
    server: String,
    #[serde(default)]
    server_id: String,
    #[serde(default)]
    user_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    #[serde(default)]
    access_token: Token,
    #[serde(default)]
    client: String,
    #[serde(default)]
    client_version: String,
    #[serde(default)]
    device_name: String,
    #[serde(default)]
    device_id: String,
}

/// A token on its way between a record and a session; wiped, and shown to nobody.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Token(String);

impl Drop for Token {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

impl Session {
    /// The session in the shape in which a program keeps it.
    #[must_use]
    pub fn to_record(&self) -> SessionRecord {
        SessionRecord {
            version: VERSION,
            server: self.server.as_str().to_owned(),
            server_id: self.server_id.to_string(),
            user_id: self.user.id.clone(),
            user_name: self.user.name.clone(),
            access_token: Token(self.access_token.expose().to_owned()),
            client: self.device.client().to_owned(),
            client_version: self.device.version().to_owned(),
            device_name: self.device.name().to_owned(),
            device_id: self.device.id().as_str().to_owned(),
        }
    }
}

impl TryFrom<SessionRecord> for Session {
    type Error = RecordError;

    fn try_from(mut record: SessionRecord) -> Result<Self, RecordError> {
        check_version(record.version, VERSION)?;
        for (part, text) in [("server_id", &record.server_id), ("user_id", &record.user_id)] {
            if !is_visible_ascii(text, LONGEST_ID) {
                return Err(RecordError::Missing { part });
            }
        }
        let device =
            device(&record.client, &record.client_version, &record.device_name, &record.device_id)?;
        let access_token = AccessToken::new(std::mem::take(&mut record.access_token.0))
            .ok_or(RecordError::Missing { part: "access_token" })?;
        Ok(Self::new(
            ServerUrl::from_kept(&record.server)?,
            record.server_id,
            User::new(record.user_id, record.user_name.as_deref().map(shown)),
            access_token,
            device,
        ))
    }
}

pub(crate) fn check_version(found: u32, known: u32) -> Result<(), RecordError> {
    match found {
        0 => Err(RecordError::Missing { part: "version" }),
        later if later > known => Err(RecordError::LaterVersion { found, known }),
        _ => Ok(()),
    }
}

pub(crate) fn device(
    client: &str,
    version: &str,
    name: &str,
    id: &str,
) -> Result<Device, RecordError> {
    Ok(Device::new(client, version, name, DeviceId::new(id)?)?)
}

impl fmt::Debug for SessionRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            version,
            server,
            server_id,
            user_id,
            user_name,
            access_token: _,
            client,
            client_version,
            device_name,
            device_id,
        } = self;
        f.debug_struct("SessionRecord")
            .field("version", version)
            .field("server", server)
            .field("server_id", server_id)
            .field("user_id", user_id)
            .field("user_name", user_name)
            .field("client", client)
            .field("client_version", client_version)
            .field("device_name", device_name)
            .field("device_id", device_id)
            .finish_non_exhaustive()
    }
}

/// Why a kept record is no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// A later release of the program wrote it.
    #[error(
        "the record has version {found}, and this program knows versions up to {known}: update the program, or sign in again"
    )]
    #[non_exhaustive]
    LaterVersion {
        /// The record's version.
        found: u32,
        /// The latest one that this release reads.
        known: u32,
    },
    /// Something that it can't do without is missing or unusable.
    #[error("the record lacks a usable {part}: sign in again")]
    #[non_exhaustive]
    Missing {
        /// The property's name.
        part: &'static str,
    },
    /// The server's address can't be read.
    #[error("the record's server address is no use: {0}")]
    Server(#[from] ServerUrlError),
    /// The device can't be used.
    #[error("the record's device is no use: {0}")]
    Device(#[from] DeviceError),
}
