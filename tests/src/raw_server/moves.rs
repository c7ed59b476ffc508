use std::{net::SocketAddr, time::Duration};

/// One thing that a [`RawServer`](super::RawServer) does on a connection.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Move {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes one by one, with a pause after each.
    Drip {
        /// What to send.
        bytes: Vec<u8>,
        /// How long to pause.
        every: Duration,
    },
    /// Sends these bytes over and over, until the client goes.
    Forever(Vec<u8>),
    /// Sends TLS records without any data, session tickets of TLS 1.3, until the client goes.
    SessionTickets,
    /// Announces the end (`close_notify`) and leaves the TCP connection open. For TLS alone.
    CloseNotify,
    /// Does nothing for a while.
    Pause(Duration),
    /// Does nothing more, until the client goes. What it sends is read and forgotten.
    Hold,
    /// Does nothing more and reads nothing, for so long.
    Ignore(Duration),
    /// Carries every byte to this address and back until one side ends, as a proxy does after
    /// `CONNECT`. Not for TLS.
    Tunnel(SocketAddr),
    /// Ends the connection in order: over TLS with a `close_notify`.
    Close,
    /// Ends the connection, over TLS without a `close_notify`.
    Cut,
    /// Resets the connection.
    Reset,
}

impl Move {
    /// Sends this text or these bytes.
    #[must_use]
    pub fn send(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Send(bytes.into())
    }
}
