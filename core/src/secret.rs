//! Secrets: wiped when dropped, redacted in `Debug`, without `Display`.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use bytes::Bytes;
use http::{HeaderValue, Uri, header::InvalidHeaderValue, uri::InvalidUri};
use zeroize::{Zeroize, Zeroizing};

/// The longest token that is taken from a server. Jellyfin's have 32 characters; other makes use JSON
/// web tokens.
const LONGEST_TOKEN: usize = 4096;

/// The longest Quick Connect secret that is taken from a server. Real ones have 64 characters.
const LONGEST_SECRET: usize = 512;

/// A user's password. It may be empty: Jellyfin has users without a password.
///
/// The buffer is wiped when the password is dropped, and the password is dropped as soon as the
/// server took it or the sign-in ended. The body of the emitted request holds a copy that belongs to
/// the driver.
///
/// ```
/// use jellyfin_auth::Password;
///
/// let password = Password::from("correct horse".to_owned());
/// assert_eq!(format!("{password:?}"), "Password([redacted])");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Password(Wiped);

/// What proves to the server that a program is signed in. It doesn't expire.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccessToken(Wiped);

/// What a Quick Connect sign-in is redeemed with once its code was approved.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QuickConnectSecret(Wiped);

impl Password {
    /// The only way to the password itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl From<String> for Password {
    fn from(password: String) -> Self {
        Self(Wiped::from(password))
    }
}

impl From<&str> for Password {
    fn from(password: &str) -> Self {
        Self(Wiped::from(password.to_owned()))
    }
}

impl AccessToken {
    /// The only way to the token itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Takes a token that was kept elsewhere: 1 to 4096 visible ASCII characters.
impl TryFrom<String> for AccessToken {
    type Error = SecretError;

    fn try_from(token: String) -> Result<Self, SecretError> {
        Wiped::from(token).checked(LONGEST_TOKEN).map(Self)
    }
}

impl QuickConnectSecret {
    /// The only way to the secret itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Takes a secret that was kept elsewhere: 1 to 512 visible ASCII characters.
impl TryFrom<String> for QuickConnectSecret {
    type Error = SecretError;

    fn try_from(secret: String) -> Result<Self, SecretError> {
        Wiped::from(secret).checked(LONGEST_SECRET).map(Self)
    }
}

/// Why an [`AccessToken`] or a [`QuickConnectSecret`] was refused: no server hands out such a one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no server hands out such a secret: take {longest} visible ASCII characters at most, and at least one"
)]
#[non_exhaustive]
pub struct SecretError {
    /// The most characters that it may have.
    pub longest: usize,
}

/// Text that is wiped when it is dropped, and that nobody sees by accident.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Wiped(Zeroizing<String>);

impl Wiped {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    fn checked(self, longest: usize) -> Result<Self, SecretError> {
        if is_visible_ascii(&self.0, longest) { Ok(self) } else { Err(SecretError { longest }) }
    }
}

impl From<String> for Wiped {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl Hash for Wiped {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_str().hash(state);
    }
}

impl fmt::Debug for Wiped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The value of a header: marked as sensitive, and wiped with its last clone.
pub(crate) fn header_value<B>(secret: Zeroizing<B>) -> Result<HeaderValue, InvalidHeaderValue>
where
    B: AsRef<[u8]> + Zeroize + Send + 'static,
{
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(secret))?;
    value.set_sensitive(true);
    Ok(value)
}

/// An address with a secret in its query, wiped with its last clone.
pub(crate) fn uri(secret: Zeroizing<String>) -> Result<Uri, InvalidUri> {
    Uri::from_maybe_shared(Bytes::from_owner(secret))
}

/// Whether `text` has 1 to `longest` characters from `!` to `~`.
pub(crate) fn is_visible_ascii(text: &str, longest: usize) -> bool {
    !text.is_empty() && text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_graphic())
}
