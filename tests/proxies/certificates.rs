//! Certificates as files, which is how proxies want them.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

/// A certificate with its key, and what a client must trust.
#[derive(Debug)]
pub(crate) struct Identity {
    /// The file that a proxy is given: the certificate and then the key.
    pub(crate) file: tempfile::NamedTempFile,
    /// The certificate that a client must be given, as PEM.
    pub(crate) root: String,
}

/// A certificate for 127.0.0.1 by a private authority.
pub(crate) fn by_a_private_authority() -> Identity {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "Private authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let root = authority.self_signed(&authority_key).unwrap().pem();
    let key = KeyPair::generate().unwrap();
    let certificate = leaf().signed_by(&key, &Issuer::new(authority, authority_key)).unwrap();
    Identity { file: file(&certificate.pem(), &key), root }
}

/// A certificate for 127.0.0.1 that is its own authority, as `openssl req -x509` makes it.
pub(crate) fn self_signed() -> Identity {
    let key = KeyPair::generate().unwrap();
    let mut params = leaf();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = params.self_signed(&key).unwrap().pem();
    Identity { file: file(&root, &key), root }
}

/// What a client shows who it is by: certificate and key, as PEM.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

/// Who makes certificates for clients.
#[derive(Debug)]
pub(crate) struct ClientAuthority {
    /// The file that a proxy is given.
    pub(crate) file: tempfile::NamedTempFile,
    issuer: Issuer<'static, KeyPair>,
}

impl ClientAuthority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "Clients");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), params.self_signed(&key).unwrap().pem()).unwrap();
        Self { file, issuer: Issuer::new(params, key) }
    }

    pub(crate) fn client(&self) -> Client {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["alice.example".to_owned()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let certificate = params.signed_by(&key, &self.issuer).unwrap().pem();
        Client { certificate, key: key.serialize_pem() }
    }
}

fn leaf() -> CertificateParams {
    let names = ["127.0.0.1", "localhost"].map(str::to_owned);
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::CommonName, "Home server");
    params
}

fn file(certificate: &str, key: &KeyPair) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{certificate}{}", key.serialize_pem())).unwrap();
    file
}
