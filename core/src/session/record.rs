use std::fmt;

use serde::{Deserialize, Serialize};

use super::Session;
use crate::{
    AccessToken, Device, DeviceError, DeviceFields, DeviceId, GatewayHeaders, ServerUrl,
    ServerUrlError, User,
    endpoint::lenient::{is_id, shown},
    gateway_headers::KeptHeader,
    trusted_certificates::{KeptCertificate, TrustedCertificates},
};

/// The version that this crate writes.
const VERSION: u32 = 2;

/// A [`Session`] in the shape in which a program keeps it.
///
/// It holds the access token, and what passes a gateway in front of the server. Keep it where the platform
/// keeps passwords (a key chain, a credential manager), or in a file that its owner alone can read (mode
/// 0600); never in a log, a URL or a synchronised settings file. It is bound to one server, address, device and user: keep one record
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionRecord {
    version: u32,
    server: String,
    server_id: Option<String>,
    server_name: Option<String>,
    server_version: Option<String>,
    user_id: String,
    user_name: Option<String>,
    is_administrator: Option<bool>,
    has_password: Option<bool>,
    primary_image_tag: Option<String>,
    access_token: RecordSecret,
    client: String,
    client_version: String,
    device_name: String,
    device_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    addresses: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trusted_certificates: Vec<KeptCertificate>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gateway_headers: Vec<KeptHeader>,
}

/// A secret on its way between a record and its use: wiped, and redacted in `Debug`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct RecordSecret(pub(crate) String);

impl Drop for RecordSecret {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

impl fmt::Debug for RecordSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Session {
    /// The session in the shape in which a program keeps it.
    #[must_use]
    pub fn to_record(&self) -> SessionRecord {
        let User { id, name, is_administrator, has_password, primary_image_tag } = &self.user;
        SessionRecord {
            version: VERSION,
            server: self.server.as_str().to_owned(),
            server_id: self.server_id().map(str::to_owned),
            server_name: self.server_name().map(str::to_owned),
            server_version: self.server_version().map(str::to_owned),
            user_id: id.clone(),
            user_name: name.clone(),
            is_administrator: *is_administrator,
            has_password: *has_password,
            primary_image_tag: primary_image_tag.clone(),
            access_token: RecordSecret(self.access_token.expose().to_owned()),
            client: self.device.client().to_owned(),
            client_version: self.device.version().to_owned(),
            device_name: self.device.name().to_owned(),
            device_id: self.device.id().as_str().to_owned(),
            addresses: self.addresses.iter().map(ToString::to_string).collect(),
            trusted_certificates: self.trusted.to_record(),
            gateway_headers: self.gateway_headers.to_kept(),
        }
    }
}

impl TryFrom<SessionRecord> for Session {
    type Error = RecordError;

    fn try_from(mut record: SessionRecord) -> Result<Self, RecordError> {
        check_version(record.version, VERSION)?;
        if !is_id(&record.user_id) {
            return Err(RecordError::Missing { part: "user_id" });
        }
        if record.server_id.as_deref().is_some_and(|id| !is_id(id)) {
            return Err(RecordError::Missing { part: "server_id" });
        }
        let device =
            device(&record.client, &record.client_version, &record.device_name, &record.device_id)?;
        let access_token = AccessToken::try_from(std::mem::take(&mut record.access_token.0))
            .map_err(|_| RecordError::Missing { part: "access_token" })?;
        let boxed = |text: Option<String>| text.map(|text| shown(&text).into());
        let addresses = record.addresses.iter().map(|address| ServerUrl::from_exact(address));
        let addresses = addresses.collect::<Result<_, _>>()?;
        let session = Self {
            server: ServerUrl::from_exact(&record.server)?,
            server_id: record.server_id.map(Into::into),
            server_name: boxed(record.server_name),
            server_version: boxed(record.server_version),
            user: User {
                id: record.user_id,
                name: record.user_name.as_deref().map(shown),
                is_administrator: record.is_administrator,
                has_password: record.has_password,
                primary_image_tag: record.primary_image_tag.as_deref().map(shown),
            },
            access_token,
            device,
            addresses: Vec::new(),
            trusted: TrustedCertificates::from_record(&record.trusted_certificates)?,
            gateway_headers: GatewayHeaders::of_kept(&record.gateway_headers)?,
        };
        Ok(session.with_addresses(addresses))
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
    Ok(Device::new(DeviceFields { client, version, name, id: DeviceId::new(id)? })?)
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
