//! Who is signed in.

use crate::{json, secret::is_visible_ascii};

/// The longest id that is taken from a server. Real ones have 32 characters.
pub(crate) const LONGEST_ID: usize = 128;

/// A user of a server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct User {
    /// The id, unique on its server: 1 to 128 visible ASCII characters.
    pub id: String,
    /// The name, where the server told it. Control characters are replaced.
    pub name: Option<String>,
    /// Whether the user has a password. Servers from 12 on always say `true`, which means nothing.
    pub has_password: Option<bool>,
    /// The tag of the user's picture, where there is one.
    pub primary_image_tag: Option<String>,
}

impl User {
    pub(crate) fn new(id: String, name: Option<String>) -> Self {
        Self { id, name, has_password: None, primary_image_tag: None }
    }
}

/// `UserDto`, as far as it is wanted (protocol facts, section 4.5).
#[derive(Default)]
pub(crate) struct UserProperties {
    id: Option<String>,
    name: Option<String>,
    has_password: Option<bool>,
    primary_image_tag: Option<String>,
}

impl json::Object for UserProperties {
    fn property<'de, A: serde::de::MapAccess<'de>>(
        &mut self,
        name: &str,
        values: &mut A,
    ) -> Result<bool, A::Error> {
        match name {
            _ if json::is(name, "Id") => json::needed(&mut self.id, values),
            _ if json::is(name, "Name") => json::optional(&mut self.name, values),
            _ if json::is(name, "HasPassword") => json::optional(&mut self.has_password, values),
            _ if json::is(name, "PrimaryImageTag") => {
                json::optional(&mut self.primary_image_tag, values)
            }
            _ => Ok(false),
        }
    }
}

impl UserProperties {
    pub(crate) fn into_user(self) -> Option<User> {
        let id = self.id.filter(|id| is_visible_ascii(id, LONGEST_ID))?;
        Some(User {
            id,
            name: self.name,
            has_password: self.has_password,
            primary_image_tag: self.primary_image_tag,
        })
    }
}
