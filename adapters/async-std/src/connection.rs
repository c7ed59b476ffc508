//! One connection to a server: made, checked, and used for one request after the other.

mod dial;
mod http;
mod socket;
mod stream;
mod tunnel;

use std::{future::poll_fn, pin::Pin, sync::Arc};

use ::http::{Request, Response, StatusCode};
use futures_rustls::TlsConnector;
use hyper::body::{Body as _, Bytes, Incoming};
use jellyfin_auth::Failure;
use jellyfin_auth_transport::{Progress, Route, Target, Tls, TransportError, WipedBytes};

use http::{Http, io_error};
use socket::Socket;
use stream::Stream;

/// A connection that the server keeps between requests. Dropping it closes the socket.
pub(crate) struct Connection {
    http: Http,
    progress: Arc<Progress>,
}

impl Connection {
    /// Connects to `target`. Whatever fails here, no byte of a request was sent.
    pub(crate) async fn open(
        target: &Target,
        route: &Route,
        tls: &Tls,
        progress: &Arc<Progress>,
    ) -> Result<Self, TransportError> {
        // Before connecting: on a machine without authorities it fails at once.
        let peer = target.tls(tls)?;
        let (host, port) = target.connects_to();
        let stream = dial::dial(host, port).await.map_err(|error| match route {
            Route::Direct => error,
            Route::Proxy(_) => error.at_proxy(),
        })?;
        progress.opened();
        let mut socket = Socket::new(stream, Arc::clone(progress));
        let Some(peer) = peer else {
            return Self::over(Stream::plain(socket, Arc::clone(progress)), progress).await;
        };
        if let Route::Proxy(proxy) = route {
            tunnel::open(&mut socket, target, proxy).await?;
        }
        let stream = TlsConnector::from(peer.config())
            .connect(peer.name(), socket)
            .await
            .map_err(|error| peer.handshake_error(error))?;
        Self::over(Stream::tls(stream, peer, Arc::clone(progress)), progress).await
    }

    async fn over(stream: Stream, progress: &Arc<Progress>) -> Result<Self, TransportError> {
        Ok(Self { http: Http::over(stream).await?, progress: Arc::clone(progress) })
    }

    /// Whether the next request can be sent on it, as far as anyone can know.
    pub(crate) async fn is_idle(&mut self) -> bool {
        self.http.is_idle().await
    }

    /// Sends `request` and reads the whole response, with a body of at most `max_body` bytes.
    pub(crate) async fn exchange(
        &mut self,
        request: Request<Bytes>,
        max_body: usize,
    ) -> Result<Response<WipedBytes>, TransportError> {
        let response =
            self.http.ask(request).await.map_err(|error| failure(&error, &self.progress))?;
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            let text = "the server wants to switch to another protocol";
            return Err(TransportError::new(Failure::Other, text));
        }
        let (parts, mut body) = response.into_parts();
        let mut bytes = WipedBytes::new();
        if !fits(body.size_hint().lower(), max_body) {
            return Err(too_large(max_body));
        }
        while let Some(data) = self.http.keep_going(next_data(&mut body)).await {
            let data = data.map_err(|error| failure(&error, &self.progress))?;
            if data.len() > max_body - bytes.as_ref().len() {
                return Err(too_large(max_body));
            }
            bytes.extend(&data);
        }
        Ok(Response::from_parts(parts, bytes))
    }
}

/// The next bytes of the body; trailers are left out.
async fn next_data(body: &mut Incoming) -> Option<hyper::Result<Bytes>> {
    loop {
        match poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await? {
            Ok(frame) => {
                if let Ok(data) = frame.into_data() {
                    return Some(Ok(data));
                }
            }
            Err(error) => return Some(Err(error)),
        }
    }
}

fn fits(length: u64, max_body: usize) -> bool {
    usize::try_from(length).is_ok_and(|length| length <= max_body)
}

fn too_large(max_body: usize) -> TransportError {
    TransportError::new(Failure::TooLarge, format!("the body has more than {max_body} bytes"))
}

/// What hyper's error means. Its own texts may quote the request or the response, so that they aren't
/// passed on.
fn failure(error: &hyper::Error, progress: &Progress) -> TransportError {
    let failed = TransportError::new;
    match io_error(error) {
        Some(error) if progress.is_sent() => TransportError::from_io(error),
        Some(error) => TransportError::from_connecting(error),
        None if error.is_parse_too_large() => {
            failed(Failure::TooLarge, "the head of the answer is too large")
        }
        None if error.is_parse() => failed(Failure::Other, "the answer is no proper HTTP"),
        None if error.is_user() => failed(Failure::Other, "the request could not be sent"),
        None if progress.is_sent() => failed(Failure::Interrupted, "the answer broke off"),
        None if progress.is_received() => {
            failed(Failure::Unreachable, "something sends data before it is asked: no HTTP server")
        }
        None => failed(Failure::Unreachable, "the connection ended before the request was sent"),
    }
}
