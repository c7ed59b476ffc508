//! TLS on a raw server's connections.

mod identity;
mod session_tickets;

use std::{
    io::{self, Write as _},
    net::TcpStream,
    sync::Arc,
};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use self::session_tickets::SessionTickets;
use super::{
    Conduct,
    connection::{Over, is_tick},
    stream::{self, Stream},
};

pub use identity::{Authority, Identity};

impl Conduct {
    /// Speaks TLS with this identity.
    #[must_use]
    pub fn tls(self, identity: &Identity) -> Self {
        self.tls_config(identity.server_config())
    }

    /// Speaks TLS with this configuration.
    #[must_use]
    pub fn tls_config(mut self, mut config: ServerConfig) -> Self {
        // For session tickets on demand.
        config.enable_secret_extraction = true;
        let config = Arc::new(config);
        self.tls = Some(Box::new(move |socket, go_on| handshake(&config, socket, go_on)));
        self
    }
}

fn handshake(
    config: &Arc<ServerConfig>,
    mut socket: TcpStream,
    go_on: &dyn Fn() -> Result<(), Over>,
) -> Result<Box<dyn Stream>, Over> {
    let mut tls = ServerConnection::new(Arc::clone(config))
        .map_err(|error| Over::NoTls(error.to_string()))?;
    while tls.is_handshaking() {
        match tls.complete_io(&mut socket) {
            Ok(_) => {}
            Err(error) if is_tick(&error) => go_on()?,
            Err(error) => return Err(Over::NoTls(format!("no TLS: {error}"))),
        }
    }
    Ok(Box::new(StreamOwned::new(tls, socket)))
}

impl Stream for StreamOwned<ServerConnection, TcpStream> {
    fn socket(&self) -> &TcpStream {
        &self.sock
    }

    fn close_notify(&mut self) -> io::Result<()> {
        self.conn.send_close_notify();
        self.flush()
    }

    fn into_session_tickets(self: Box<Self>) -> Result<stream::SessionTickets, String> {
        let tickets = SessionTickets::after(*self).map_err(|error| error.to_string())?;
        Ok(Box::new(tickets.map(|record| record.map_err(|error| error.to_string()))))
    }
}
