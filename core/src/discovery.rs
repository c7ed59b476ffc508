//! Finding the server that a user means.

mod found;

pub use found::{Found, NoHttps, Server, Unencrypted};

use std::{sync::Arc, time::Duration};

use crate::{
    Device, Error, Failure, GatewayHeaders, HttpResponse, Machine, Policy, ServerUrl,
    ServerUrlError, Step, Ticket, Timestamp,
    engine::Engine,
    flow::{Probe, ProbeFlow, Target},
    search::{Order, Search},
};

/// How long a candidate may take to answer.
const CANDIDATE_TIMEOUT: Duration = Duration::from_secs(4);
/// How long the whole search may take, unless a server is starting.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(10);

/// Finds the server that a user means: a [`Machine`] that ends with what it [`Found`].
///
/// Asks all [`candidates`](ServerUrl::candidates), one 250 ms after the other, each for 4 s and all for
/// 10 s; a driver that can do one thing at a time asks them in turn. A redirect to https or to the
/// server's base path is followed. The best is not the fastest: a Jellyfin server goes before one of
/// another make, https before http, and then their order counts. One that answers sooner waits until
/// every better one has answered, for 1.5 s at most. A server that is starting is waited for, for
/// [`patience`](Policy::patience), when no other is found.
///
/// An http address that was guessed is not handed out unasked: see [`Server::url`].
///
/// When no candidate is a server, the error is [`Error::NoServer`] with what each of them answered, the
/// most telling one first.
///
/// ```
/// # use jellyfin_auth::{Device, Discovery, Failure, Limits, Timestamp, drive};
/// # fn ask_user(question: &str) -> bool { !question.is_empty() }
/// # fn search(
/// #     device: Device,
/// #     send: impl FnMut(http::Request<Vec<u8>>, Limits) -> Result<http::Response<Vec<u8>>, Failure>,
/// #     now: impl FnMut() -> Timestamp,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// let found = drive(Discovery::new("nas", device)?, send, |_| {}, now)?;
/// let server = match found.into_best().url() {
///     Ok(server) => server,
///     Err(unencrypted) if ask_user(&format!("{unencrypted}. Go on?")) => unencrypted.accept(),
///     Err(unencrypted) => return Err(unencrypted.into()),
/// };
/// # drop(server);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Discovery {
    search: Search<ProbeFlow>,
    /// Nobody typed the addresses' scheme.
    is_guess: bool,
    end: Option<Result<Found, Error>>,
}

impl Discovery {
    /// Looks for what the user typed. `device` names the program in the `User-Agent`.
    ///
    /// # Errors
    ///
    /// [`ServerUrlError`] when that can't be an address.
    pub fn new(typed: &str, device: Device) -> Result<Self, ServerUrlError> {
        let candidates = ServerUrl::candidates(typed)?;
        let is_guess = candidates.len() > 1;
        Ok(Self::of(candidates, is_guess, device))
    }

    /// Looks at a single address, which the user gave with its scheme.
    #[must_use]
    pub fn at(url: ServerUrl, device: Device) -> Self {
        Self::of(vec![url], false, device)
    }

    /// Looks at addresses that nobody typed, the better ones first: those of an
    /// [`Announcement`](crate::lan::Announcement), for instance. Over http they count as guesses.
    #[must_use]
    pub fn among(urls: Vec<ServerUrl>, device: Device) -> Self {
        Self::of(urls, true, device)
    }

    #[expect(clippy::needless_pass_by_value, reason = "as every machine takes its device")]
    fn of(urls: Vec<ServerUrl>, is_guess: bool, device: Device) -> Self {
        let engines = urls.into_iter().map(|url| {
            let target = Target::new(url, device.clone());
            Engine::new(ProbeFlow::default(), target, Probe::default())
        });
        let search = Search::new(engines, Order::ByEncryption).with_timeout(SEARCH_TIMEOUT);
        Self { search, is_guess, end: None }.with_policy(Policy::default())
    }

    /// Sends the headers of a gateway with the requests to their own origin.
    #[must_use]
    pub fn with_gateway_headers(mut self, headers: &GatewayHeaders) -> Self {
        self.search.set_gateway_headers(headers);
        self
    }

    /// Sets how patient the search is with a server that is starting; `retries` don't count here. It
    /// has no effect once the search has been polled.
    #[must_use]
    pub fn with_policy(mut self, policy: impl Into<Arc<Policy>>) -> Self {
        let policy = Policy::clone(&policy.into());
        let request_timeout = policy.request_timeout.min(CANDIDATE_TIMEOUT);
        // A guess that gets no answer is a wrong guess.
        let policy = Arc::new(Policy { retries: 0, request_timeout, ..policy });
        self.search.set_policy(&policy);
        self
    }
}

impl Machine for Discovery {
    type Output = Found;

    fn is_concurrent(&self) -> bool {
        self.search.is_concurrent()
    }

    fn handle(&mut self, ticket: Ticket, result: Result<&dyn HttpResponse, Failure>) -> bool {
        self.end.is_none() && self.search.handle(ticket, result)
    }

    fn check_now(&mut self) -> bool {
        self.end.is_none() && self.search.check_now()
    }

    fn cancel(&mut self) {
        self.end.get_or_insert(Err(Error::Cancelled));
    }

    fn poll(&mut self, now: Timestamp) -> Result<Step<Found>, Error> {
        if self.end.is_none() {
            if let Some(request) = self.search.poll(now) {
                return Ok(Step::Send(request));
            }
            if self.search.is_over() {
                self.end = Some(Found::of(self.search.take_outcomes(), self.is_guess));
            }
        }
        match &self.end {
            Some(end) => end.clone().map(Step::Done),
            None => Ok(self.search.wait().map_or(Step::Pending, Step::Wait)),
        }
    }
}
