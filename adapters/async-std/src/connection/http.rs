use std::{
    error::Error as _,
    future::{Future, poll_fn},
    io,
    pin::{Pin, pin},
    task::Poll,
};

use ::http::{Request, Response};
use http_body_util::Full;
use hyper::{
    body::{Bytes, Incoming},
    client::conn::http1::{self, SendRequest},
};
use jellyfin_auth_transport::{LONGEST_HEAD, TransportError};

use super::Stream;

/// How many header lines a response may have.
const MOST_HEADERS: usize = 128;

/// hyper's two halves of a connection, polled by whoever waits for a response: there is no task that
/// would keep the socket open when nobody waits any more.
pub(super) struct Http {
    sender: SendRequest<Full<Bytes>>,
    connection: http1::Connection<Stream, Full<Bytes>>,
    is_over: bool,
}

impl Http {
    pub(super) async fn over(stream: Stream) -> Result<Self, TransportError> {
        let (sender, connection) = http1::Builder::new()
            .max_buf_size(LONGEST_HEAD)
            .max_headers(MOST_HEADERS)
            .handshake(stream)
            .await
            .map_err(|error| TransportError::from_connecting(&io::Error::other(error)))?;
        Ok(Self { sender, connection, is_over: false })
    }

    /// Sends `request` and reads the head of the response.
    pub(super) async fn ask(
        &mut self,
        request: Request<Bytes>,
    ) -> hyper::Result<Response<Incoming>> {
        let response = self.sender.send_request(request.map(Full::new));
        alongside(&mut self.connection, &mut self.is_over, response).await
    }

    /// Keeps the connection going while `reading` reads from it.
    pub(super) async fn keep_going<T>(&mut self, reading: impl Future<Output = T>) -> T {
        alongside(&mut self.connection, &mut self.is_over, reading).await
    }

    /// Whether the server kept the connection and nothing arrived since the last response: neither an
    /// end nor bytes, such as the 408 of a server that waited too long.
    pub(super) async fn is_idle(&mut self) -> bool {
        poll_fn(|cx| {
            // Twice, since a socket may let others have their turn once.
            for _ in 0..2 {
                self.is_over = self.is_over || Pin::new(&mut self.connection).poll(cx).is_ready();
            }
            Poll::Ready(!self.is_over && self.sender.is_ready())
        })
        .await
    }
}

async fn alongside<T>(
    connection: &mut http1::Connection<Stream, Full<Bytes>>,
    is_over: &mut bool,
    work: impl Future<Output = T>,
) -> T {
    let mut work = pin!(work);
    poll_fn(|cx| {
        // `work` gets the error that ends the connection.
        *is_over = *is_over || Pin::new(&mut *connection).poll(cx).is_ready();
        work.as_mut().poll(cx)
    })
    .await
}

/// The error of the system or of TLS behind hyper's, however deep.
pub(super) fn io_error(error: &hyper::Error) -> Option<&io::Error> {
    let mut source = error.source()?;
    loop {
        match source.downcast_ref() {
            Some(error) => return Some(error),
            None => source = source.source()?,
        }
    }
}
