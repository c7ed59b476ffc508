//! One request and its response.

use std::{
    io::Read as _,
    sync::Arc,
    time::{Duration, Instant},
};

use http::{Request, Response, StatusCode, header};
use jellyfin_auth::{Failure, Limits};
use jellyfin_auth_transport::{KeepAlive, Options, RequestEvent, Tls, TransportError};
use ureq::{Agent, Body, Error};

use crate::connection::{Dialer, NoResolver, Progress, proxy_authorization};

/// The largest head of a response that is accepted.
const LONGEST_HEAD: usize = 64 * 1024;

/// Sends requests, one at a time, and keeps the connection between them.
pub(crate) struct Client {
    agent: Agent,
    options: Arc<Options>,
    tls: Arc<Tls>,
    progress: Arc<Progress>,
    keep_alive: KeepAlive,
}

impl Client {
    pub(crate) fn new(options: Options) -> Self {
        let (options, progress) = (Arc::new(options), Arc::default());
        let tls = Arc::new(Tls::new(&options));
        Self::of(options, tls, progress)
    }

    fn of(options: Arc<Options>, tls: Arc<Tls>, progress: Arc<Progress>) -> Self {
        let agent = agent(&options, &tls, &progress);
        Self { agent, options, tls, progress, keep_alive: KeepAlive::DEFAULT }
    }

    /// One with the same options and connections of its own.
    pub(crate) fn another(&self) -> Self {
        Self::of(Arc::clone(&self.options), Arc::clone(&self.tls), Arc::default())
    }

    /// What ends the request under way from another thread. Every later one fails until
    /// [`reset`](Self::reset).
    pub(crate) fn shutdown(&self) -> impl Fn() + Send + Sync + 'static {
        let agent = self.agent.clone();
        move || agent.clone().shutdown()
    }

    /// Begins anew, without the connection that was kept. A shutdown that is late ends nothing.
    pub(crate) fn reset(&mut self) {
        self.agent = agent(&self.options, &self.tls, &self.progress);
    }

    /// Sends `request`, whose event is `event`, and reads the whole response.
    pub(crate) fn send(
        &mut self,
        request: Request<Vec<u8>>,
        limits: Limits,
        mut event: RequestEvent,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let result = self.send_or_resend(request, limits, &mut event);
        event.end(&result);
        result
    }

    fn send_or_resend(
        &mut self,
        request: Request<Vec<u8>>,
        limits: Limits,
        event: &mut RequestEvent,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let deadline = Instant::now().checked_add(limits.timeout);
        let request = self.prepare(request)?;
        // A server that closes right after a response looks like one that doesn't: what must not be
        // lost gets a connection of its own.
        let idle = if limits.replayable { self.keep_alive.idle() } else { Duration::ZERO };
        self.progress.begin();
        let result = self.attempt(&request, limits, deadline, idle);
        if self.progress.was_reused() {
            event.on_idle_connection();
        }
        let is_dead = match &result {
            // That is about a connection that the server gave up, not about this request.
            Ok(response) => {
                response.status() == StatusCode::REQUEST_TIMEOUT && self.progress.was_reused()
            }
            Err(error) => self.progress.was_dead() && error.failure() != Failure::Timeout,
        };
        if !(is_dead && limits.replayable) {
            return result;
        }
        event.resent();
        self.progress.begin();
        self.attempt(&request, limits, deadline, Duration::ZERO).map_err(|error| {
            // The first attempt sent something: it isn't certain that nothing was.
            match error.failure() {
                Failure::Unreachable | Failure::HostNotFound => {
                    TransportError::new(Failure::Interrupted, error.to_string())
                }
                _ => error,
            }
        })
    }

    fn prepare(&self, mut request: Request<Vec<u8>>) -> Result<Request<Vec<u8>>, TransportError> {
        let route = self.options.route(request.uri())?;
        let authorization = proxy_authorization(&route, request.uri()).cloned();
        if let Some(authorization) = authorization {
            request.headers_mut().insert(header::PROXY_AUTHORIZATION, authorization);
        }
        Ok(request)
    }

    fn attempt(
        &mut self,
        request: &Request<Vec<u8>>,
        limits: Limits,
        deadline: Option<Instant>,
        idle: Duration,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        if left == Some(Duration::ZERO) {
            return Err(TransportError::new(Failure::Timeout, "the time for the request is over"));
        }
        let result = if request.body().is_empty() {
            self.run(request, (), left, idle)
        } else {
            self.run(request, request.body().as_slice(), left, idle)
        };
        let response = result.map_err(|error| self.failure(error))?;
        self.read(response, limits)
    }

    fn run(
        &self,
        request: &Request<Vec<u8>>,
        body: impl ureq::AsSendBody,
        left: Option<Duration>,
        idle: Duration,
    ) -> Result<Response<Body>, Error> {
        let mut outgoing = Request::new(body);
        *outgoing.method_mut() = request.method().clone();
        *outgoing.uri_mut() = request.uri().clone();
        *outgoing.headers_mut() = request.headers().clone();
        let outgoing =
            self.agent.configure_request(outgoing).timeout_global(left).max_idle_age(idle).build();
        self.agent.run(outgoing)
    }

    fn read(
        &mut self,
        response: Response<Body>,
        limits: Limits,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            let text = "the server wants to switch to another protocol";
            return Err(TransportError::new(Failure::Other, text));
        }
        let (parts, mut body) = response.into_parts();
        self.keep_alive = KeepAlive::of_response(&parts.headers);
        let most = u64::try_from(limits.max_body).unwrap_or(u64::MAX);
        let too_large = || {
            TransportError::new(Failure::TooLarge, format!("the body has more than {most} bytes"))
        };
        if body.content_length().is_some_and(|length| length > most) {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        // One byte more than allowed shows that a body is too long.
        let read = body.as_reader().take(most.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| self.failure(Error::from(error)))?;
        if bytes.len() as u64 > most {
            return Err(too_large());
        }
        Ok(Response::from_parts(parts, bytes))
    }

    /// What ureq's error means. Its own texts may quote the request or the response, so that they
    /// aren't passed on.
    fn failure(&self, error: Error) -> TransportError {
        let failed = TransportError::new;
        match error {
            Error::Other(ours) => match ours.downcast::<TransportError>() {
                Ok(ours) => *ours,
                Err(_) => failed(Failure::Other, "the request could not be sent"),
            },
            Error::Io(error) if self.progress.was_sent() => TransportError::from_io(&error),
            Error::Io(error) => TransportError::from_connecting(&error),
            Error::Timeout(_) => failed(Failure::Timeout, "no complete answer came in time"),
            Error::LargeResponseHeader(..)
            | Error::Protocol(ureq_proto::Error::HttpParseTooManyHeaders) => {
                failed(Failure::TooLarge, "the head of the answer is too large")
            }
            Error::Protocol(_) => failed(Failure::Other, "the answer is no proper HTTP"),
            Error::BodyStalled => failed(Failure::Interrupted, "the answer broke off"),
            _ => failed(Failure::Other, "the request could not be sent"),
        }
    }
}

fn agent(options: &Arc<Options>, tls: &Arc<Tls>, progress: &Arc<Progress>) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_response_header_size(LONGEST_HEAD)
        .max_idle_connections(1)
        .max_idle_age(KeepAlive::DEFAULT.idle())
        .proxy(None)
        .accept("")
        .accept_encoding("")
        .user_agent("")
        .build();
    let dialer = Dialer {
        options: Arc::clone(options),
        tls: Arc::clone(tls),
        progress: Arc::clone(progress),
    };
    Agent::with_parts(config, dialer, NoResolver)
}
