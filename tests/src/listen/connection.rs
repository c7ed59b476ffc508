//! Sockets into requests, answers into sockets: hyper does the work.

use std::{net::TcpListener, sync::Arc};

use http::{
    HeaderMap, Request, Response, Uri,
    header::{AUTHORIZATION, HOST, HeaderName},
    request::Parts,
};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};

use super::{Shared, lock};

/// More than the fake server's own limit, so that it is the one to refuse.
const MAX_HEADERS: usize = 1_000;

const TOKEN_HEADERS: [HeaderName; 4] = [
    AUTHORIZATION,
    HeaderName::from_static("x-emby-authorization"),
    HeaderName::from_static("x-emby-token"),
    HeaderName::from_static("x-mediabrowser-token"),
];

/// Accepts connections until the runtime ends.
pub(super) async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let listener =
        tokio::net::TcpListener::from_std(listener).expect("the socket was made non-blocking");
    loop {
        // A client that is gone before it was accepted is none of the others' business.
        let Ok((stream, _)) = listener.accept().await else { continue };
        tokio::spawn(serve(stream, Arc::clone(&shared)));
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    // Answers are written in one piece: waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    match shared.tls.clone() {
        None => talk(stream, shared).await,
        Some(tls) => {
            // Who doesn't trust the certificate goes away.
            if let Ok(stream) = tls.accept(stream).await {
                talk(stream, shared).await;
            }
        }
    }
}

async fn talk(stream: impl AsyncRead + AsyncWrite + Unpin, shared: Arc<Shared>) {
    let service = service_fn(move |request| answer(request, Arc::clone(&shared)));
    // The other side may break the connection off at any time.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .max_headers(MAX_HEADERS)
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(
    request: Request<Incoming>,
    shared: Arc<Shared>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let (mut parts, body) = request.into_parts();
    let body = body.collect().await?.to_bytes().to_vec();
    let mut log = Request::from_parts(parts.clone(), body.clone());
    hide_tokens(log.headers_mut());
    lock(&shared.requests).push(log);
    if shared.tls.is_some() {
        parts.uri = secure(&parts).unwrap_or(parts.uri);
    }
    let now = shared.now();
    let response = lock(&shared.server).handle(now, &Request::from_parts(parts, body));
    Ok(response.map(|body| Full::new(Bytes::from(body))))
}

/// What the request's target is in full: that it came by TLS is not in its bytes.
fn secure(parts: &Parts) -> Option<Uri> {
    let host = parts.headers.get(HOST)?.to_str().ok()?;
    let target = parts.uri.path_and_query()?.as_str();
    Uri::builder().scheme("https").authority(host).path_and_query(target).build().ok()
}

/// A log is printed when a test fails.
fn hide_tokens(headers: &mut HeaderMap) {
    for (name, value) in headers {
        if TOKEN_HEADERS.contains(name) {
            value.set_sensitive(true);
        }
    }
}
