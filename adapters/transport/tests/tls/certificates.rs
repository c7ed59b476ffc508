//! Certificates made for one test, and handshakes in memory.

use std::{io, sync::Arc};

use jellyfin_auth_transport::{
    Options, Tls, TransportError,
    rustls::{
        self, ClientConfig, ClientConnection, ServerConfig, ServerConnection,
        pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
        sign::{CertifiedKey, SingleCertAndKey},
    },
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};

/// What a server shows: a certificate and its key, as PEM.
pub(crate) struct Identity {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

pub(crate) fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).expect("no names, nothing to refuse");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, key()).expect("the parameters are complete")
}

pub(crate) fn issued_by(authority: &CertifiedIssuer<'static, KeyPair>, host: &str) -> Identity {
    let key = key();
    let certificate = names(host).signed_by(&key, authority).expect("the parameters are complete");
    Identity { certificate: certificate.pem(), key: key.serialize_pem() }
}

/// What `openssl req -x509` makes: self-signed and marked as an authority.
pub(crate) fn self_signed(host: &str) -> Identity {
    self_signed_with(host, |_| {})
}

pub(crate) fn expired(host: &str) -> Identity {
    self_signed_with(host, |params| {
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 1);
    })
}

pub(crate) fn not_yet_valid(host: &str) -> Identity {
    self_signed_with(host, |params| params.not_before = date_time_ymd(3000, 1, 1))
}

pub(crate) fn self_signed_since_2024(host: &str) -> Identity {
    self_signed_with(host, |params| {
        params.not_before = date_time_ymd(2024, 1, 1);
        params.not_after = date_time_ymd(2044, 1, 1);
    })
}

fn self_signed_with(host: &str, change: impl FnOnce(&mut CertificateParams)) -> Identity {
    let mut params = names(host);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    change(&mut params);
    let key = key();
    let certificate = params.self_signed(&key).expect("the parameters are complete");
    Identity { certificate: certificate.pem(), key: key.serialize_pem() }
}

fn names(host: &str) -> CertificateParams {
    CertificateParams::new(vec![host.to_owned()]).expect("the host is a name")
}

fn key() -> KeyPair {
    KeyPair::generate().expect("ring makes keys")
}

/// A server that shows `identity`.
pub(crate) fn server_config(identity: &Identity) -> ServerConfig {
    server_config_for(identity, rustls::ALL_VERSIONS)
}

/// The same with these versions of TLS.
pub(crate) fn server_config_for(
    identity: &Identity,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> ServerConfig {
    let chain = CertificateDer::pem_slice_iter(identity.certificate.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .expect("rcgen writes PEM");
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).expect("rcgen writes PEM");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = provider.key_provider.load_private_key(key).expect("ring takes it");
    // Without a look at whether they belong together.
    let shown = SingleCertAndKey::from(CertifiedKey::new(chain, key));
    ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("ring speaks TLS")
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(shown))
}

/// Shakes hands with a server that shows `identity`, as with `host`.
pub(crate) fn shake_hands(
    options: &Options,
    identity: &Identity,
    host: &str,
) -> Result<(), TransportError> {
    shake_hands_at(options, server_config(identity), host, 443)
}

/// The same at a port.
pub(crate) fn shake_hands_at(
    options: &Options,
    config: ServerConfig,
    host: &str,
    port: u16,
) -> Result<(), TransportError> {
    let peer = Tls::new(options).peer(host, port)?;
    let client = ClientConfig::clone(&peer.config());
    exchange(client, peer.name(), config).map_err(|error| {
        let error = io::Error::new(io::ErrorKind::InvalidData, error);
        peer.handshake_error(error)
    })
}

/// Shakes hands, and reads what the server says right after it.
pub(crate) fn exchange(
    client: ClientConfig,
    name: ServerName<'static>,
    server: ServerConfig,
) -> Result<(), rustls::Error> {
    let mut server = ServerConnection::new(Arc::new(server)).expect("the server is complete");
    let mut client = ClientConnection::new(Arc::new(client), name)?;
    while client.is_handshaking() || server.is_handshaking() {
        let mut sent = Vec::new();
        client.write_tls(&mut sent).expect("memory takes all");
        server.read_tls(&mut sent.as_slice()).expect("memory gives all");
        // What it refuses it reports to the client.
        let _ = server.process_new_packets();
        let mut answered = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut answered).expect("memory takes all");
        }
        let mut answered = answered.as_slice();
        while !answered.is_empty() {
            client.read_tls(&mut answered).expect("memory gives all");
            client.process_new_packets()?;
        }
    }
    Ok(())
}
