//! One request and its response.

use std::{sync::Arc, time::Instant};

use futures_lite::future;
use http::{HeaderValue, Request, Response, StatusCode, Uri, header, uri::PathAndQuery};
use jellyfin_auth::{Failure, Limits};
use jellyfin_auth_transport::{KeepAlive, Options, RequestEvent, Route, Tls, TransportError};

use crate::{
    connection::{Connection, Progress, Target},
    runtime,
};

/// Sends requests, one at a time.
#[derive(Clone)]
pub(crate) struct Client {
    options: Arc<Options>,
    tls: Arc<Tls>,
    progress: Arc<Progress>,
}

/// The connection between two requests. It belongs to the future that sends them, so that the socket
/// is closed when that future is dropped.
pub(crate) struct IdleConnection {
    connection: Connection,
    target: Target,
    keep_alive: KeepAlive,
    since: Instant,
}

impl Client {
    pub(crate) fn new(options: Options) -> Self {
        let tls = Arc::new(Tls::new(&options));
        Self { tls, options: Arc::new(options), progress: Arc::default() }
    }

    /// One with the same options, for a request at the same time.
    pub(crate) fn another(&self) -> Self {
        let (options, tls) = (Arc::clone(&self.options), Arc::clone(&self.tls));
        Self { options, tls, progress: Arc::default() }
    }

    /// Sends `request` and reads the whole response, on the idle connection if it is good. The
    /// connection is idle again afterwards.
    pub(crate) async fn send(
        &self,
        request: Request<Vec<u8>>,
        limits: Limits,
        mut event: RequestEvent,
        idle: &mut Option<IdleConnection>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        self.progress.begin();
        let result = self.send_or_resend(request, limits, &mut event, idle.take(), idle);
        let too_late = async {
            runtime::sleep(limits.timeout).await;
            Err(if self.progress.was_ever_sent() {
                TransportError::new(Failure::Timeout, "no complete answer came in time")
            } else {
                TransportError::new(Failure::Unreachable, "no connection was made in time")
            })
        };
        let result = future::or(result, too_late).await;
        event.end(&result);
        result
    }

    async fn send_or_resend(
        &self,
        mut request: Request<Vec<u8>>,
        limits: Limits,
        event: &mut RequestEvent,
        old: Option<IdleConnection>,
        idle: &mut Option<IdleConnection>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let route = self.options.route(request.uri())?;
        let target = Target::new(request.uri(), &route)?;
        put_in_form(&mut request, &target, &route)?;

        if let Some(old) = self.still_good(old, &target, limits).await {
            event.on_idle_connection();
            let again = request.clone();
            let result = self.attempt(old.connection, &target, request, limits, idle).await;
            if !self.was_dead(&result) {
                return result;
            }
            *idle = None;
            request = again;
            self.progress.begin_again();
            event.resent();
        }
        let opened = Connection::open(&target, &route, &self.tls, &self.progress).await;
        let result = match opened {
            Ok(connection) => self.attempt(connection, &target, request, limits, idle).await,
            Err(error) => Err(error),
        };
        result.map_err(|error| self.in_doubt(error))
    }

    async fn attempt(
        &self,
        mut connection: Connection,
        target: &Target,
        request: Request<Vec<u8>>,
        limits: Limits,
        idle: &mut Option<IdleConnection>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let response = connection.exchange(request, limits.max_body).await?;
        let keep_alive = KeepAlive::of_response(response.headers());
        let target = target.clone();
        *idle = Some(IdleConnection { connection, target, keep_alive, since: Instant::now() });
        Ok(response)
    }

    /// The connection of an earlier request, if this one may go on it. One that must not be sent twice
    /// never may: however the connection looks, its end can be on the way.
    async fn still_good(
        &self,
        idle: Option<IdleConnection>,
        target: &Target,
        limits: Limits,
    ) -> Option<IdleConnection> {
        let mut idle = idle.filter(|idle| limits.replayable && idle.target == *target)?;
        let is_good =
            idle.since.elapsed() < idle.keep_alive.idle() && idle.connection.is_idle().await;
        // Bytes received while idle don't belong to the next response.
        self.progress.begin();
        is_good.then_some(idle)
    }

    /// Whether the connection of an earlier request was dead after all.
    fn was_dead(&self, result: &Result<Response<Vec<u8>>, TransportError>) -> bool {
        match result {
            // That is about a connection that the server gave up, not about this request.
            Ok(response) => response.status() == StatusCode::REQUEST_TIMEOUT,
            Err(_) => !self.progress.is_received(),
        }
    }

    /// After a first attempt that may have reached the server, "unreachable" would be wrong.
    fn in_doubt(&self, error: TransportError) -> TransportError {
        let is_unsent = matches!(error.failure(), Failure::Unreachable | Failure::HostNotFound);
        if is_unsent && self.progress.was_ever_sent() {
            return TransportError::new(Failure::Interrupted, error.to_string());
        }
        error
    }
}

/// Puts a request into the form that its receiver expects: the path alone for a server, the whole
/// address for a proxy; and with `Host`.
fn put_in_form(
    request: &mut Request<Vec<u8>>,
    target: &Target,
    route: &Route,
) -> Result<(), TransportError> {
    let host = HeaderValue::try_from(target.host_header())
        .map_err(|_| TransportError::new(Failure::Other, "the request's host can't be sent"))?;
    request.headers_mut().insert(header::HOST, host);
    match route {
        Route::Proxy(proxy) if !target.is_encrypted() => {
            if let Some(authorization) = proxy.authorization() {
                let authorization = authorization.clone();
                request.headers_mut().insert(header::PROXY_AUTHORIZATION, authorization);
            }
        }
        Route::Proxy(_) | Route::Direct => {
            let root = PathAndQuery::from_static("/");
            let path = request.uri().path_and_query().cloned().unwrap_or(root);
            *request.uri_mut() = Uri::from(path);
        }
    }
    Ok(())
}
