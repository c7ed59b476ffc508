//! One request and its response.

use std::{
    io::Read as _,
    sync::Arc,
    time::{Duration, Instant},
};

use http::{Request, Response, StatusCode};
use jellyfin_auth::{Failure, Limits};
use jellyfin_auth_transport::{
    KeepAlive, LONGEST_HEAD, Options, Outgoing, Progress, RequestEvent, Target, Tls,
    TransportError, WipedBytes,
};
use ureq::{Agent, Body, Error};
use zeroize::Zeroizing;

use crate::connection::{Dialer, NoResolver};

/// How many bytes of a body are read at a time: Jellyfin's have a few thousand at most.
const AT_A_TIME: usize = 8 * 1024;

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

    /// Sends a request and reads the whole response.
    pub(crate) fn send(
        &mut self,
        Outgoing { request, limits, mut event, .. }: Outgoing,
    ) -> Result<Response<WipedBytes>, TransportError> {
        let request = request.map(WipedBytes::from);
        let result = self.send_or_resend(request, limits, &mut event);
        event.end(&result);
        result
    }

    fn send_or_resend(
        &mut self,
        mut request: Request<WipedBytes>,
        limits: Limits,
        event: &mut RequestEvent,
    ) -> Result<Response<WipedBytes>, TransportError> {
        let deadline = Instant::now().checked_add(limits.timeout);
        Target::prepare(&mut request, &self.options)?;
        // A server that closes right after a response looks like one that doesn't: what must not be
        // lost gets a connection of its own.
        let idle = if limits.replayable { self.keep_alive.idle() } else { Duration::ZERO };
        self.progress.begin(limits);
        let result = self.attempt(&request, limits, deadline, idle);
        let is_reused = self.progress.was_reused();
        if is_reused {
            event.on_idle_connection();
        }
        if !(is_reused && limits.replayable && self.progress.met_dead_connection(&result)) {
            return result;
        }
        event.resent();
        self.progress.begin_again(limits);
        self.attempt(&request, limits, deadline, Duration::ZERO)
            .map_err(|error| self.progress.doubt(error))
    }

    fn attempt(
        &mut self,
        request: &Request<WipedBytes>,
        limits: Limits,
        deadline: Option<Instant>,
        idle: Duration,
    ) -> Result<Response<WipedBytes>, TransportError> {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        if left == Some(Duration::ZERO) {
            return Err(TransportError::new(Failure::Timeout, "the time for the request is over"));
        }
        let result = match request.body().as_ref() {
            [] => self.run(request, (), left, idle),
            body => self.run(request, body, left, idle),
        };
        let response = result.map_err(|error| self.failure(error))?;
        self.read(response, limits)
    }

    fn run(
        &self,
        request: &Request<WipedBytes>,
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
    ) -> Result<Response<WipedBytes>, TransportError> {
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
        let (mut bytes, mut reader) = (WipedBytes::new(), body.as_reader());
        let mut some = Zeroizing::new([0; AT_A_TIME]);
        loop {
            let read = reader.read(&mut *some);
            let read = read.map_err(|error| self.failure(Error::from(error)))?;
            if read == 0 {
                return Ok(Response::from_parts(parts, bytes));
            }
            if read > limits.max_body - bytes.as_ref().len() {
                return Err(too_large());
            }
            bytes.extend(&some[..read]);
        }
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
            Error::Io(error) if self.progress.is_sent() => TransportError::from_io(&error),
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
