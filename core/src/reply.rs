//! Who answered, and what: every response and every failure is classified here, once. Nothing else
//! looks at a status, a header or a `Location`.

mod client_certificate;
mod gateway;
mod headers;
mod plugin;

use std::time::Duration;

use http::HeaderMap;

use crate::{
    Failure, Gateway, HttpResponse, LoginRefusal, ServerUrl,
    endpoint::{Body, Endpoint, RequestName},
    server_url::Redirect,
};
use gateway::Front;

/// What came of a request.
///
/// *Marked* is a response with the server's timing header, which the main Jellyfin server puts on
/// every response and nothing in front of it does (protocol facts, section 8.7). It is a diagnosis
/// and proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reply<T> {
    /// A success that was read.
    Success(T),
    /// 401.
    Unauthorized {
        /// It has a body: Quick Connect's "off" has one, a dead token's 401 has none.
        has_body: bool,
    },
    /// 403.
    Forbidden,
    /// 404.
    NotFound {
        /// Whether it is marked: a Jellyfin server spoke.
        marked: bool,
    },
    /// 405: another method is wanted.
    MethodNotAllowed,
    /// 501, or a success that shows that nothing was done: other makes of server.
    NotImplemented,
    /// The set-up server of a starting Jellyfin, or 503 by the server itself or with `Retry-After`.
    Starting { retry_after: Option<Duration> },
    /// 429, any other 503, and what a gateway returns while its server is away.
    Busy { status: u16, retry_after: Option<Duration>, by_cloudflare: bool },
    /// The set-up wizard was not completed.
    NotSetUp,
    /// 3xx. `adopt` is the server's address where the redirect gives one that is safe to follow; `to`
    /// is where it leads, without query.
    Redirect { status: u16, adopt: Option<ServerUrl>, to: Option<String> },
    /// A marked response without the body that is due: the server's address filter.
    AddressBlocked,
    /// A gateway that is known by its answer, and wants to be passed first.
    Gateway(Box<KnownGateway>),
    /// A plugin of the server wants a second factor.
    SecondFactor(Box<SecondFactor>),
    /// A plugin of the server refuses the user, and says why.
    Refused(LoginRefusal),
    /// 401 or 407 with a challenge, which Jellyfin never sends.
    Challenge { status: u16, scheme: String },
    /// An unmarked response of a server that marks its responses: something in front of it spoke.
    Intercepted { status: u16 },
    /// 408 of what didn't wait for the whole request.
    RequestTimeout,
    /// 5xx by the server itself.
    ServerFault { status: u16 },
    /// A success that can't be read.
    Unreadable { status: u16 },
    /// Any other status.
    Unexpected { status: u16 },
    /// There is no response; or nginx's in place of a failed handshake.
    NoAnswer(Failure),
}

/// What a gateway's answer shows. Boxed in a reply, as is what follows: they are rare, and every login that
/// waits has room for a reply.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KnownGateway {
    pub(crate) gateway: Gateway,
    /// Where it leads, without query.
    pub(crate) page: Option<String>,
}

/// What a plugin wants beside the password or the code.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SecondFactor {
    pub(crate) methods: Vec<String>,
    /// Its page, without query.
    pub(crate) page: Option<String>,
}

/// Whether the main Jellyfin server marked the response as its own.
pub(crate) fn is_marked(response: &dyn HttpResponse) -> bool {
    headers::has_server_marker(response.headers())
}

/// Classifies what came of the request of `endpoint`. The rules apply in this order.
///
/// `sets_marker`: a response of this server, at this origin, was marked before. `content` wraps what a
/// success held.
pub(crate) fn classify<E: Endpoint, T>(
    endpoint: &E,
    result: Result<&dyn HttpResponse, Failure>,
    sets_marker: bool,
    content: impl FnOnce(E::Output) -> T,
) -> Reply<T> {
    let response = match result {
        Ok(response) => response,
        Err(failure) => return Reply::NoAnswer(failure),
    };
    let status = response.status().as_u16();
    let (headers, body) = (response.headers(), response.body());
    let marked = headers::has_server_marker(headers);
    let answer =
        Answer { status, headers, body, marked, by_something_else: sets_marker && !marked };
    match status {
        200 if marked && body.is_empty() && E::SUCCESS_HAS_BODY => Reply::AddressBlocked,
        200..=299 => match endpoint.read_success(&Body { status, marked, bytes: body }) {
            Ok(success) => Reply::Success(content(success)),
            Err(why) => not_read(endpoint, &answer, why),
        },
        _ => refused(endpoint, &answer, content),
    }
}

/// A response, as the rules look at it.
struct Answer<'r> {
    status: u16,
    headers: &'r HeaderMap,
    body: &'r [u8],
    marked: bool,
    by_something_else: bool,
}

impl Answer<'_> {
    /// What spoke in place of `endpoint`'s server, if it is known.
    fn front<E: Endpoint>(&self, endpoint: &E) -> Option<Front> {
        let Self { status, headers, body, marked, .. } = *self;
        if marked {
            return None;
        }
        gateway::recognize(endpoint.server(), (E::NAME, E::PATH), (status, headers, body))
    }
}

/// Any status but 200 to 299.
#[cold]
fn refused<E: Endpoint, T>(
    endpoint: &E,
    answer: &Answer<'_>,
    content: impl FnOnce(E::Output) -> T,
) -> Reply<T> {
    let Answer { status, headers, body, marked, by_something_else } = *answer;
    // A password may have been looked at by whoever stands behind what answers.
    let may_be_repeated = E::NAME != RequestName::AuthenticateByName;
    if let Some(by_plugin) = plugin::read(endpoint.server(), E::NAME, (status, body)) {
        return by_plugin;
    }
    if !marked && client_certificate::is_required(status, body) {
        return Reply::NoAnswer(Failure::ClientCertificateRequired);
    }
    let redirect = matches!(status, 300..=399)
        .then(|| Redirect::read(endpoint.server(), E::PATH, headers::location(headers)));
    let leads_to_the_server = redirect.as_ref().is_some_and(|redirect| redirect.adopt.is_some());
    let front = if leads_to_the_server { None } else { answer.front(endpoint) };
    if let Some(front) = front {
        return Reply::by_front(front, status, headers);
    }
    if let Some(Redirect { adopt, to }) = redirect {
        return Reply::Redirect { status, adopt, to };
    }
    if let (401 | 407, Some(scheme)) = (status, headers::challenge_scheme(headers)) {
        return Reply::Challenge { status, scheme };
    }
    match status {
        503 if marked && body.is_empty() => Reply::AddressBlocked,
        503 if marked || headers::has_retry_after(headers) => {
            Reply::Starting { retry_after: headers::retry_after(headers) }
        }
        429 | 503 => Reply::busy(status, headers),
        502 | 504 | 520..=527 | 530 if !marked && may_be_repeated => Reply::busy(status, headers),
        408 if !marked => Reply::RequestTimeout,
        511 if !marked => Reply::Intercepted { status },
        // What Kestrel returns before Jellyfin runs is never marked.
        400 | 408 | 414 | 431 => Reply::Unexpected { status },
        _ if by_something_else => Reply::Intercepted { status },
        401 => match E::without_permission() {
            Some(success) => Reply::Success(content(success)),
            None => Reply::Unauthorized { has_body: !body.is_empty() },
        },
        403 => Reply::Forbidden,
        404 => Reply::NotFound { marked },
        405 => Reply::MethodNotAllowed,
        501 => Reply::NotImplemented,
        500..=599 => Reply::ServerFault { status },
        _ => Reply::Unexpected { status },
    }
}

/// A status of 200 to 299 that isn't the success that was looked for.
#[cold]
fn not_read<E: Endpoint, T>(endpoint: &E, answer: &Answer<'_>, why: NotRead) -> Reply<T> {
    let Answer { status, headers, marked, by_something_else, .. } = *answer;
    match why {
        NotRead::Unreadable => match answer.front(endpoint) {
            Some(front) => Reply::by_front(front, status, headers),
            None if by_something_else => Reply::Intercepted { status },
            None => Reply::Unreadable { status },
        },
        NotRead::Starting => Reply::Starting { retry_after: None },
        NotRead::NotSetUp => Reply::NotSetUp,
        NotRead::NotFound => Reply::NotFound { marked },
        NotRead::NotImplemented => Reply::NotImplemented,
    }
}

/// Why a response with a status of 200 to 299 isn't the success that was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRead {
    Unreadable,
    /// The set-up server of a starting Jellyfin.
    Starting,
    NotSetUp,
    /// What was named in the request isn't there.
    NotFound,
    NotImplemented,
}

impl<T> Reply<T> {
    fn busy(status: u16, headers: &HeaderMap) -> Self {
        let retry_after = headers::retry_after(headers);
        Self::Busy { status, retry_after, by_cloudflare: false }
    }

    fn by_front(front: Front, status: u16, headers: &HeaderMap) -> Self {
        match front {
            Front::Gateway(known) => Self::Gateway(Box::new(known)),
            Front::CloudflareAlone => {
                let retry_after = headers::retry_after(headers);
                Self::Busy { status, retry_after, by_cloudflare: true }
            }
        }
    }
}
