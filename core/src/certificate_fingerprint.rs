use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The SHA-256 of a server's certificate: what a person compares with the server's own screen before
/// trusting a certificate that no authority vouches for. It is public, not a secret.
///
/// It is shown, and serialized, in the form of `openssl x509 -noout -fingerprint -sha256`: 32 pairs of
/// upper-case hex digits with colons between them. It is read in that form or without the colons, in upper
/// or lower case.
///
/// ```
/// use jellyfin_auth::CertificateFingerprint;
///
/// let plain = "5e4ac92f001f78481db46e8434303ddd76a131d102492165a6a5657ff4428eb9";
/// let fingerprint: CertificateFingerprint = plain.parse()?;
/// assert!(fingerprint.to_string().starts_with("5E:4A:C9:2F:"));
/// assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
/// # Ok::<(), jellyfin_auth::InvalidFingerprint>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CertificateFingerprint([u8; 32]);

/// The text is no [`CertificateFingerprint`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "that is no SHA-256 fingerprint: give its 64 hex digits, with or without colons between the pairs"
)]
#[non_exhaustive]
pub struct InvalidFingerprint;

impl CertificateFingerprint {
    /// Of the SHA-256 hash of a certificate (DER).
    #[must_use]
    pub const fn from_sha256(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The hash itself.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for CertificateFingerprint {
    type Err = InvalidFingerprint;

    fn from_str(text: &str) -> Result<Self, InvalidFingerprint> {
        let text = text.trim().as_bytes();
        let stride = match text.len() {
            64 => 2,
            95 => 3,
            _ => return Err(InvalidFingerprint),
        };
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(text.chunks(stride)) {
            let (digits, colon) = pair.split_at(2);
            if !matches!(colon, [] | [b':']) {
                return Err(InvalidFingerprint);
            }
            for digit in digits {
                let digit = char::from(*digit).to_digit(16).ok_or(InvalidFingerprint)?;
                *byte = *byte << 4 | u8::try_from(digit).map_err(|_| InvalidFingerprint)?;
            }
        }
        Ok(Self(hash))
    }
}

impl TryFrom<&str> for CertificateFingerprint {
    type Error = InvalidFingerprint;

    fn try_from(text: &str) -> Result<Self, InvalidFingerprint> {
        text.parse()
    }
}

impl fmt::Display for CertificateFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            let colon = if index == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for CertificateFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificateFingerprint({self})")
    }
}

impl Serialize for CertificateFingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CertificateFingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
