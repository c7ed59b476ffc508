//! Who is signed in.

use serde::Deserialize;

use crate::endpoint::{ObjectIfAny, lenient};

/// A user of a server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct User {
    /// The id, unique on its server: 1 to 128 characters that can be seen, 32 hex digits on Jellyfin
    /// itself.
    pub id: String,
    /// The name, if present, fit to be shown: control characters and line separators are replaced,
    /// format characters (joiners, zero-width spaces, directions of writing) are left out.
    pub name: Option<String>,
    /// Whether the user is an administrator, if present.
    pub is_administrator: Option<bool>,
    /// Whether the user has a password, if present. Servers from 12 on always answer `true`, which
    /// means nothing.
    pub has_password: Option<bool>,
    /// The tag of the user's picture, if there is one.
    pub primary_image_tag: Option<String>,
}

impl User {
    /// A user of whom nothing but the id is known, for [`Session::from_parts`](crate::Session::from_parts).
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        let id = id.into();
        Self { id, name: None, is_administrator: None, has_password: None, primary_image_tag: None }
    }
}

/// `UserDto`, as far as it is wanted (protocol facts, section 4.5).
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserDto {
    #[serde(alias = "id", deserialize_with = "lenient::id")]
    id: Option<String>,
    #[serde(alias = "name", default, deserialize_with = "lenient::text")]
    name: Option<String>,
    #[serde(alias = "hasPassword", default, deserialize_with = "lenient::boolean")]
    has_password: Option<bool>,
    #[serde(alias = "primaryImageTag", default, deserialize_with = "lenient::text")]
    primary_image_tag: Option<String>,
    #[serde(alias = "policy", default)]
    policy: ObjectIfAny<UserPolicy>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UserPolicy {
    #[serde(alias = "isAdministrator", default, deserialize_with = "lenient::boolean")]
    is_administrator: Option<bool>,
}

impl UserDto {
    pub(crate) fn into_user(self) -> Option<User> {
        let Self { id, name, has_password, primary_image_tag, policy } = self;
        let is_administrator = policy.0.and_then(|policy| policy.is_administrator);
        Some(User { id: id?, name, is_administrator, has_password, primary_image_tag })
    }
}
