use std::fmt;

use zeroize::Zeroize as _;

/// For drivers: the body of a request or a response, which may hold a password or a token. It is wiped
/// when it is dropped, and what it leaves behind by growing is wiped, too.
///
/// `Debug` shows no more than the length.
#[derive(Default)]
pub struct WipedBytes(Vec<u8>);

impl WipedBytes {
    /// Without any bytes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends some bytes.
    pub fn extend(&mut self, bytes: &[u8]) {
        let length = self.0.len() + bytes.len();
        if length > self.0.capacity() {
            // A `Vec` that grew by itself would give its old memory back as it is.
            let mut larger = Self(Vec::with_capacity(length.max(2 * self.0.capacity())));
            larger.0.extend_from_slice(&self.0);
            *self = larger;
        }
        self.0.extend_from_slice(bytes);
    }
}

/// What the vector has room for beyond its length was never written, and isn't wiped.
impl From<Vec<u8>> for WipedBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Drop for WipedBytes {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}

impl AsRef<[u8]> for WipedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for WipedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WipedBytes").field("len", &self.0.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_what_was_put_in_and_shows_none_of_it() {
        let mut bytes = WipedBytes::from(b"{\"Pw\":\"".to_vec());
        for _ in 0..1000 {
            bytes.extend(b"secret");
        }
        bytes.extend(b"");
        assert_eq!(bytes.as_ref().len(), 7 + 6000);
        assert!(bytes.as_ref().ends_with(b"secretsecret"));
        assert_eq!(format!("{bytes:?}"), "WipedBytes { len: 6007, .. }");
    }
}
