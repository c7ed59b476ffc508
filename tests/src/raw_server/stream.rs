use std::{
    io::{self, Read, Write},
    net::TcpStream,
};

/// Bytes to and from a client.
pub(super) trait Stream: Read + Write {
    fn socket(&self) -> &TcpStream;

    /// Announces the end, where the protocol has a word for it.
    fn close_notify(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Records without any data, one after the other. Nothing can be read any more.
    fn into_session_tickets(self: Box<Self>) -> Result<SessionTickets, String> {
        Err("session tickets need TLS".to_owned())
    }
}

pub(super) type SessionTickets = Box<dyn Iterator<Item = Result<Vec<u8>, String>>>;

impl Stream for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}
