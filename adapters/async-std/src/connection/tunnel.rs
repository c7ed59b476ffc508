use std::sync::Arc;

use ::http::{Request, header};
use hyper::body::Bytes;
use jellyfin_auth::Failure;
use jellyfin_auth_transport::{Progress, ProxyServer, TransportError};

use super::{Http, Socket, Stream, Target, http};

/// Asks `proxy`, to which `socket` is connected, for a tunnel to `target`.
pub(super) async fn open(
    socket: Socket,
    target: &Target,
    proxy: &ProxyServer,
) -> Result<Socket, TransportError> {
    let authority = target.authority();
    let mut request = Request::connect(&authority)
        .header(header::HOST, &authority)
        .body(Bytes::new())
        .map_err(|_| refused("a proxy can't be asked for such a host"))?;
    if let Some(authorization) = proxy.authorization() {
        request.headers_mut().insert(header::PROXY_AUTHORIZATION, authorization.clone());
    }
    // What is sent to the proxy is no part of the request: it doesn't count as its progress.
    let mut http = Http::over(Stream::plain(socket, Arc::<Progress>::default())).await?;
    let response = http.ask(request).await.map_err(|error| match http::io_error(&error) {
        Some(error) => TransportError::from_connecting(error),
        None if error.is_parse() => refused("the proxy's response is no HTTP"),
        None => refused("the proxy's response is incomplete"),
    })?;
    let status = response.status();
    if !status.is_success() {
        return Err(refused(format!("the proxy answered with {}", status.as_u16())));
    }
    match http.into_stream().and_then(Stream::into_socket) {
        Some(socket) => Ok(socket),
        // A TLS server sends nothing before it is asked.
        None => Err(refused("something sends data behind the proxy before it is asked")),
    }
}

fn refused(text: impl Into<String>) -> TransportError {
    TransportError::new(Failure::Proxy, text)
}
