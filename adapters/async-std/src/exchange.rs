//! One request and its answer.

use std::{sync::Arc, time::Instant};

use futures_lite::future;
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri, header, uri::PathAndQuery};
use jellyfin_auth::Failure;
use jellyfin_auth_transport::{
    Entry, Journal, KeepAlive, Limits, Options, Route, Tls, TransportError,
};

use crate::{
    connection::{Connection, Target, Wire},
    runtime,
};

/// Sends requests, one at a time.
pub(crate) struct Client {
    options: Options,
    tls: Tls,
    wire: Arc<Wire>,
}

/// The connection between two requests. It belongs to the future that sends them, so that the socket
/// is closed when that future is dropped.
pub(crate) struct Kept {
    connection: Connection,
    target: Target,
    keep_alive: KeepAlive,
    since: Instant,
}

impl Client {
    pub(crate) fn new(options: Options) -> Self {
        Self { tls: Tls::new(&options), options, wire: Arc::default() }
    }

    /// Sends `request` and reads the whole answer, on the connection that was kept if it is good.
    pub(crate) async fn send(
        &self,
        request: Request<Vec<u8>>,
        limits: Limits,
        journal: &mut Journal,
        kept: &mut Option<Kept>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let mut entry = journal.request(&request);
        self.wire.begin();
        let answer = self.attempts(request, limits, &mut entry, kept.take(), kept);
        let too_late = async {
            runtime::sleep(limits.timeout).await;
            Err(if self.wire.was_ever_sent() {
                TransportError::new(Failure::Timeout, "no complete answer came in time")
            } else {
                TransportError::new(Failure::Unreachable, "no connection was made in time")
            })
        };
        let answer = future::or(answer, too_late).await;
        entry.ended(&answer);
        answer
    }

    async fn attempts(
        &self,
        mut request: Request<Vec<u8>>,
        limits: Limits,
        entry: &mut Entry<'_>,
        old: Option<Kept>,
        kept: &mut Option<Kept>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let route = self.options.route(request.uri())?;
        let target = Target::new(request.uri(), &route)?;
        self.options.add_headers(&mut request);
        put_in_form(&mut request, &target, &route)?;

        if let Some(old) = self.still_good(old, &target, limits).await {
            entry.reuses();
            let again = request.clone();
            let answer = self.attempt(old.connection, &target, request, limits, kept).await;
            if !self.is_dead(&answer) {
                return answer;
            }
            *kept = None;
            request = again;
            self.wire.begin_again();
            entry.sent_again();
        }
        let opened = Connection::open(&target, &route, &self.tls, &self.wire).await;
        let answer = match opened {
            Ok(connection) => self.attempt(connection, &target, request, limits, kept).await,
            Err(error) => Err(error),
        };
        answer.map_err(|error| self.in_doubt(error))
    }

    async fn attempt(
        &self,
        mut connection: Connection,
        target: &Target,
        request: Request<Vec<u8>>,
        limits: Limits,
        kept: &mut Option<Kept>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let answer = connection.exchange(request, limits.max_body).await?;
        let keep_alive = KeepAlive::of_answer(answer.headers());
        let target = target.clone();
        *kept = Some(Kept { connection, target, keep_alive, since: Instant::now() });
        Ok(answer)
    }

    /// The connection of an earlier request, if this one may go on it. One that must not be sent twice
    /// never may: whatever was seen of the connection, its end can be on the way.
    async fn still_good(
        &self,
        kept: Option<Kept>,
        target: &Target,
        limits: Limits,
    ) -> Option<Kept> {
        let mut kept = kept.filter(|kept| limits.replayable && kept.target == *target)?;
        let is_good =
            kept.since.elapsed() < kept.keep_alive.idle() && kept.connection.is_idle().await;
        // What came while it lay idle is no answer to what is asked next.
        self.wire.begin();
        is_good.then_some(kept)
    }

    /// Whether the connection of an earlier request was dead after all.
    fn is_dead(&self, answer: &Result<Response<Vec<u8>>, TransportError>) -> bool {
        match answer {
            // What a server says about a connection that it gave up, not about this request.
            Ok(answer) => answer.status() == StatusCode::REQUEST_TIMEOUT,
            Err(_) => !self.wire.is_received(),
        }
    }

    /// After a first attempt that may have reached the server, "unreachable" would say too much.
    fn in_doubt(&self, error: TransportError) -> TransportError {
        if error.failure() == Failure::Unreachable && self.wire.was_ever_sent() {
            return TransportError::new(Failure::Interrupted, error.to_string());
        }
        error
    }
}

/// Puts a request into the form that its receiver expects: the path alone for a server, the whole
/// address for a proxy; with `Host`, and with a length even if the body is empty.
fn put_in_form(
    request: &mut Request<Vec<u8>>,
    target: &Target,
    route: &Route,
) -> Result<(), TransportError> {
    let host = HeaderValue::try_from(target.host_header())
        .map_err(|_| TransportError::new(Failure::Other, "the request's host can't be sent"))?;
    request.headers_mut().insert(header::HOST, host);
    let has_no_body = matches!(*request.method(), Method::GET | Method::HEAD);
    if request.body().is_empty() && !has_no_body {
        request.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
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
