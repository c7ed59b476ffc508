//! Who signs in: the program and the device it runs on.

use std::{fmt, sync::Arc};

use http::HeaderValue;
use serde::{Deserialize, Serialize};

use crate::authorization;

/// The program that signs in and the device it runs on, as the server's administrator sees them.
///
/// Cloning is cheap: clones share one copy. None of the four can be left out, since a server answers
/// a request without them with an error, or worse: 10.8 signs other users out (protocol facts,
/// section 3.1).
///
/// ```
/// use jellyfin_auth::{Device, DeviceFields, DeviceId};
///
/// let device = Device::new(DeviceFields {
///     client: "Example Player",
///     version: "1.4.0",
///     name: "Living room, left",
///     id: DeviceId::from_random([7; 16]), // random bytes once, then kept
/// })?;
/// assert_eq!(device.name(), "Living room, left");
/// # Ok::<(), jellyfin_auth::DeviceError>(())
/// ```
///
/// A device can't be built without an id:
///
/// ```compile_fail,E0063
/// use jellyfin_auth::{Device, DeviceFields};
///
/// let device = Device::new(DeviceFields {
///     client: "Example Player",
///     version: "1.4.0",
///     name: "Living room",
/// });
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Device(Arc<Identity>);

/// What a [`Device`] is made of. Characters are free except for control characters; `,` `"` `%` `+` and
/// non-ASCII are shown exactly by 10.8 and later, percent-encoded by 10.7.
///
/// The lengths are those of the server's own fields (protocol facts, section 2.6).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeviceFields<'a> {
    /// The program's name: 1 to 64 characters.
    pub client: &'a str,
    /// The program's version: 1 to 32 characters.
    pub version: &'a str,
    /// The device's name, as its user would call it: 1 to 64 characters.
    pub name: &'a str,
    /// The device's id, of its own for every account.
    pub id: DeviceId,
}

#[derive(PartialEq, Eq, Hash)]
struct Identity {
    client: String,
    version: String,
    name: String,
    id: DeviceId,
    authorization: HeaderValue,
    user_agent: HeaderValue,
}

impl Device {
    /// The most characters of a program's name.
    pub const MAX_CLIENT: usize = 64;
    /// The most characters of a program's version.
    pub const MAX_VERSION: usize = 32;
    /// The most characters of a device's name.
    pub const MAX_NAME: usize = 64;

    /// Names the program and the device.
    ///
    /// # Errors
    ///
    /// [`DeviceError`] when a field is blank, too long or has control characters.
    pub fn new(fields: DeviceFields<'_>) -> Result<Self, DeviceError> {
        let DeviceFields { client, version, name, id } = fields;
        check(DeviceField::Client, client, Self::MAX_CLIENT)?;
        check(DeviceField::Version, version, Self::MAX_VERSION)?;
        check(DeviceField::Name, name, Self::MAX_NAME)?;
        let authorization = authorization::of_device(client, name, id.as_str(), version);
        let mut user_agent = Vec::with_capacity(client.len() + version.len() + 1);
        authorization::encode_into(&mut user_agent, client);
        user_agent.push(b'/');
        authorization::encode_into(&mut user_agent, version);
        let user_agent =
            HeaderValue::from_bytes(&user_agent).expect("the encoding leaves only printable ASCII");
        Ok(Self(Arc::new(Identity {
            client: client.to_owned(),
            version: version.to_owned(),
            name: name.to_owned(),
            id,
            authorization,
            user_agent,
        })))
    }

    /// The program's name.
    #[must_use]
    pub fn client(&self) -> &str {
        &self.0.client
    }

    /// The program's version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.0.version
    }

    /// The device's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The device's id.
    #[must_use]
    pub fn id(&self) -> &DeviceId {
        &self.0.id
    }

    pub(crate) fn authorization(&self) -> &HeaderValue {
        &self.0.authorization
    }

    pub(crate) fn user_agent(&self) -> &HeaderValue {
        &self.0.user_agent
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Identity { client, version, name, id, authorization: _, user_agent: _ } = &*self.0;
        f.debug_struct("Device")
            .field("client", client)
            .field("version", version)
            .field("name", name)
            .field("id", id)
            .finish()
    }
}

/// What distinguishes one installation and account from all others.
///
/// Choose a fresh one for every account that is added, and keep it with its session: signing in again with one id replaces
/// its old token, and servers up to 10.8 sign another user on the same id out (protocol facts,
/// section 6.4). Letters, digits, `.`, `_` and `-` are one and the same id on every server version.
/// There is no default: two devices must never share one by accident.
///
/// Serialized, it is its text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DeviceId(String);

impl DeviceId {
    /// The most characters of a device id.
    pub const MAX_LENGTH: usize = 256;

    /// Takes an id that the program has kept.
    ///
    /// # Errors
    ///
    /// [`DeviceError`] when it is blank, longer than 256 characters or has control characters.
    pub fn new(id: impl Into<String>) -> Result<Self, DeviceError> {
        let id = id.into();
        check(DeviceField::Id, &id, Self::MAX_LENGTH)?;
        Ok(Self(id))
    }

    /// Writes 16 random bytes as a fresh id of 32 hex digits. Store it before the first sign-in.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(format!("{:032x}", u128::from_be_bytes(bytes)))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for DeviceId {
    type Error = DeviceError;

    fn try_from(id: String) -> Result<Self, DeviceError> {
        Self::new(id)
    }
}

impl From<DeviceId> for String {
    fn from(id: DeviceId) -> Self {
        id.0
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which part of a [`Device`] an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeviceField {
    /// The program's name.
    Client,
    /// The program's version.
    Version,
    /// The device's name.
    Name,
    /// The device's id.
    Id,
}

impl fmt::Display for DeviceField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Client => "the client's name",
            Self::Version => "the client's version",
            Self::Name => "the device's name",
            Self::Id => "the device id",
        })
    }
}

/// Why a [`Device`] or [`DeviceId`] was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// Empty, or nothing but white space: servers refuse every request without it.
    #[error("{field} is blank: give it at least one visible character")]
    #[non_exhaustive]
    Blank {
        /// Which part.
        field: DeviceField,
    },
    /// Longer than the server's own field.
    #[error("{field} has {length} characters: shorten it to {longest}")]
    #[non_exhaustive]
    TooLong {
        /// Which part.
        field: DeviceField,
        /// How many characters it has.
        length: usize,
        /// How many it may have.
        longest: usize,
    },
    /// A line break, an escape or the like.
    #[error("{field} has a control character: remove it")]
    #[non_exhaustive]
    ControlCharacter {
        /// Which part.
        field: DeviceField,
    },
}

fn check(field: DeviceField, text: &str, longest: usize) -> Result<(), DeviceError> {
    if text.trim().is_empty() {
        return Err(DeviceError::Blank { field });
    }
    if text.chars().any(char::is_control) {
        return Err(DeviceError::ControlCharacter { field });
    }
    let length = text.chars().count();
    if length > longest {
        return Err(DeviceError::TooLong { field, length, longest });
    }
    Ok(())
}
