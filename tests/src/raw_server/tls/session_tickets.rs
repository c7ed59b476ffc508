//! TLS records without any data: what a server may send at any time, and no library sends on demand.

use std::net::TcpStream;

use rustls::{
    ConnectionTrafficSecrets, ContentType, ProtocolVersion, ServerConnection, StreamOwned,
    crypto::cipher::{
        MessageEncrypter, OutboundChunks, OutboundOpaqueMessage, OutboundPlainMessage,
    },
};

/// How many tickets one record holds.
const IN_ONE_RECORD: usize = 250;

/// Session tickets of TLS 1.3 (RFC 8446, section 4.6.1), a record full at a time.
pub(super) struct SessionTickets {
    encrypter: Box<dyn MessageEncrypter>,
    sequence: u64,
    plain: Vec<u8>,
}

impl SessionTickets {
    /// Takes over a connection, on which nothing can be read any more.
    pub(super) fn after(
        connection: StreamOwned<ServerConnection, TcpStream>,
    ) -> Result<Self, rustls::Error> {
        let (connection, _) = connection.into_parts();
        let older = || rustls::Error::General("only TLS 1.3 has such tickets".to_owned());
        let suite = connection.negotiated_cipher_suite().and_then(|suite| suite.tls13());
        let suite = suite.ok_or_else(older)?;
        let (sequence, secrets) = connection.dangerous_extract_secrets()?.tx;
        let (ConnectionTrafficSecrets::Aes128Gcm { key, iv }
        | ConnectionTrafficSecrets::Aes256Gcm { key, iv }
        | ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv }) = secrets
        else {
            return Err(older());
        };
        let encrypter = suite.aead_alg.encrypter(key, iv);
        Ok(Self { encrypter, sequence, plain: ticket().repeat(IN_ONE_RECORD) })
    }
}

impl Iterator for SessionTickets {
    type Item = Result<Vec<u8>, rustls::Error>;

    /// The next record.
    fn next(&mut self) -> Option<Self::Item> {
        let message = OutboundPlainMessage {
            typ: ContentType::Handshake,
            version: ProtocolVersion::TLSv1_2,
            payload: OutboundChunks::Single(&self.plain),
        };
        let record = self.encrypter.encrypt(message, self.sequence);
        self.sequence += 1;
        Some(record.map(OutboundOpaqueMessage::encode))
    }
}

/// A lifetime of two hours, no offset, a nonce, 32 bytes of ticket, no extensions.
fn ticket() -> Vec<u8> {
    let body =
        [&7200_u32.to_be_bytes()[..], &[0; 4], &[1, 0], &[0, 32], &[0x2a; 32], &[0, 0]].concat();
    let length = u8::try_from(body.len()).expect("a ticket is short");
    [&[4, 0, 0, length][..], &body].concat()
}
