//! One request and its answer.

use std::{
    io::Read as _,
    sync::Arc,
    time::{Duration, Instant},
};

use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use jellyfin_auth::Failure;
use jellyfin_auth_transport::{Entry, Journal, KeepAlive, Limits, Options, Tls, TransportError};
use ureq::{Agent, Body, Error};

use crate::connection::{Dialer, NoResolver, Wire, proxy_authorization};

/// The largest head of an answer that is taken.
const LONGEST_HEAD: usize = 64 * 1024;

/// Sends requests, one at a time, and keeps the connection between them.
pub(crate) struct Client {
    agent: Agent,
    options: Arc<Options>,
    wire: Arc<Wire>,
    keep_alive: KeepAlive,
}

impl Client {
    pub(crate) fn new(options: Options) -> Self {
        let options = Arc::new(options);
        let wire = Arc::<Wire>::default();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(LONGEST_HEAD)
            .max_idle_connections(1)
            .max_idle_age(KeepAlive::UNTOLD.idle())
            .proxy(None)
            .accept("")
            .accept_encoding("")
            .user_agent("")
            .build();
        let dialer = Dialer {
            options: Arc::clone(&options),
            tls: Arc::new(Tls::new(&options)),
            wire: Arc::clone(&wire),
        };
        let agent = Agent::with_parts(config, dialer, NoResolver);
        Self { agent, options, wire, keep_alive: KeepAlive::UNTOLD }
    }

    /// What ends the request under way, and every later one, from another thread.
    pub(crate) fn shutdown(&self) -> impl Fn() + Send + Sync + 'static {
        let agent = self.agent.clone();
        move || agent.clone().shutdown()
    }

    /// Sends `request` and reads the whole answer.
    pub(crate) fn send(
        &mut self,
        request: Request<Vec<u8>>,
        limits: Limits,
        journal: &mut Journal,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let mut entry = journal.request(&request);
        let answer = self.attempts(request, limits, &mut entry);
        entry.ended(&answer);
        answer
    }

    fn attempts(
        &mut self,
        request: Request<Vec<u8>>,
        limits: Limits,
        entry: &mut Entry<'_>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let deadline = Instant::now().checked_add(limits.timeout);
        let request = self.prepare(request)?;
        // A server that closes right after an answer can't be told from one that doesn't: what must
        // not be lost gets a connection of its own.
        let idle = if limits.replayable { self.keep_alive.idle() } else { Duration::ZERO };
        self.wire.begin();
        let answer = self.attempt(&request, limits, deadline, idle);
        if self.wire.was_reused() {
            entry.reuses();
        }
        let again = limits.replayable
            && match &answer {
                Ok(answer) => {
                    // What a server says about a connection that it gave up, not about this request.
                    answer.status() == StatusCode::REQUEST_TIMEOUT && self.wire.was_reused()
                }
                Err(error) => self.wire.was_dead() && error.failure() != Failure::Timeout,
            };
        if again {
            entry.sent_again();
            self.wire.begin();
            return self.attempt(&request, limits, deadline, Duration::ZERO).map_err(|error| {
                // The first time something was sent: nobody can say that nothing was.
                match error.failure() {
                    Failure::Unreachable => {
                        TransportError::new(Failure::Interrupted, error.to_string())
                    }
                    _ => error,
                }
            });
        }
        answer
    }

    fn prepare(&self, mut request: Request<Vec<u8>>) -> Result<Request<Vec<u8>>, TransportError> {
        let route = self.options.route(request.uri())?;
        let authorization = proxy_authorization(&route, request.uri()).cloned();
        self.options.add_headers(&mut request);
        if let Some(authorization) = authorization {
            request.headers_mut().insert(header::PROXY_AUTHORIZATION, authorization);
        }
        if request.method() == Method::POST && request.body().is_empty() {
            // Some servers and proxies refuse a POST that doesn't tell its length.
            request.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
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
        let answer = if request.method() == Method::GET || request.body().is_empty() {
            self.run(request, (), left, idle)
        } else {
            self.run(request, request.body().as_slice(), left, idle)
        };
        answer.map_err(|error| self.failure(error)).and_then(|answer| self.read(answer, limits))
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
        answer: Response<Body>,
        limits: Limits,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
            let said = "the server wants to switch to another protocol";
            return Err(TransportError::new(Failure::Other, said));
        }
        let (parts, mut body) = answer.into_parts();
        self.keep_alive = KeepAlive::of_answer(&parts.headers);
        let most = u64::try_from(limits.max_body).unwrap_or(u64::MAX);
        let too_large = || {
            TransportError::new(Failure::TooLarge, format!("the body has more than {most} bytes"))
        };
        if body.content_length().is_some_and(|length| length > most) {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        // One byte more than allowed tells a body that is too long from one that just fits.
        let read = body.as_reader().take(most.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| self.failure(Error::from(error)))?;
        if bytes.len() as u64 > most {
            return Err(too_large());
        }
        Ok(Response::from_parts(parts, bytes))
    }

    /// What ureq's error means. Its own texts may quote the request or the answer, so that they
    /// aren't passed on.
    fn failure(&self, error: Error) -> TransportError {
        let say = TransportError::new;
        match error {
            Error::Other(ours) => match ours.downcast::<TransportError>() {
                Ok(ours) => *ours,
                Err(_) => say(Failure::Other, "the request could not be sent"),
            },
            Error::Io(error) if self.wire.was_sent() => TransportError::from_io(&error),
            Error::Io(error) => TransportError::from_connecting(&error),
            Error::Timeout(_) => say(Failure::Timeout, "no complete answer came in time"),
            Error::LargeResponseHeader(..)
            | Error::Protocol(ureq_proto::Error::HttpParseTooManyHeaders) => {
                say(Failure::TooLarge, "the head of the answer is too large")
            }
            Error::Protocol(_) => say(Failure::Other, "the answer is no proper HTTP"),
            Error::BodyStalled => say(Failure::Interrupted, "the answer broke off"),
            _ => say(Failure::Other, "the request could not be sent"),
        }
    }
}
