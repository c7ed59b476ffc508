use std::{fmt, fs, path::Path, sync::Arc};

use rustls::{
    Error, InconsistentKeys,
    crypto::ring::default_provider,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{self, PemObject as _},
    },
    sign::CertifiedKey,
};
use zeroize::Zeroizing;

use crate::ConfigError;

/// A certificate with its key, by which this side shows who it is. `Debug` shows neither.
#[derive(Clone)]
pub(crate) struct ClientCertificate(pub(super) Arc<CertifiedKey>);

impl ClientCertificate {
    /// Reads both from PEM text, and makes sure that they belong together.
    pub(crate) fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, ConfigError> {
        let chain = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| ConfigError::BadClientCertificate)?;
        if chain.is_empty() {
            return Err(ConfigError::NoClientCertificate);
        }
        if is_encrypted(key) {
            return Err(ConfigError::EncryptedClientKey);
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| match error {
            pem::Error::NoItemsFound => ConfigError::NoClientKey,
            _ => ConfigError::BadClientKey,
        })?;
        // The provider takes a key of its own; this copy is wiped.
        let key = Zeroizing::new(key);
        let signing = default_provider()
            .key_provider
            .load_private_key(key.clone_key())
            .map_err(|_| ConfigError::BadClientKey)?;
        let pair = CertifiedKey::new(chain, signing);
        match pair.keys_match() {
            Ok(()) => Ok(Self(Arc::new(pair))),
            Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
                Err(ConfigError::ClientKeyMismatch)
            }
            Err(_) => Err(ConfigError::BadClientCertificate),
        }
    }

    /// The same from files. One file may hold both.
    pub(crate) fn from_files(chain: &Path, key: &Path) -> Result<Self, ConfigError> {
        Self::from_pem(&read(chain)?, &read(key)?)
    }
}

fn read(file: &Path) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
    fs::read(file).map(Zeroizing::new).map_err(|error| ConfigError::UnreadableFile {
        file: file.display().to_string(),
        reason: error.to_string(),
    })
}

/// PKCS#8 says so in its title, older kinds in a header.
fn is_encrypted(pem: &[u8]) -> bool {
    [&b"BEGIN ENCRYPTED PRIVATE KEY"[..], b"Proc-Type: 4,ENCRYPTED"]
        .iter()
        .any(|mark| pem.windows(mark.len()).any(|part| part == *mark))
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificate([redacted])")
    }
}
