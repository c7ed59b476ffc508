//! Why a sign-in ended, and what to do about it.

mod advice;
mod stage;

pub use advice::Advice;
pub use stage::Stage;

use crate::{Failure, ServerUrl};

/// Why a sign-in, or a single request, didn't succeed.
///
/// An error holds no response body, no query and no secret; its `Display` is a sentence for people.
/// [`advice`](Self::advice) sorts the variants by who must act, since this enum grows.
///
/// | Variant | When | Advice |
/// |---|---|---|
/// | [`BadCredentials`](Self::BadCredentials) | 401 to the password | `AskPassword` |
/// | [`BlankUserName`](Self::BlankUserName) | before any request | `AskPassword` |
/// | [`LoginRefused`](Self::LoginRefused) | 403 to the password | `AskAdministrator` |
/// | [`NotAllowedNow`](Self::NotAllowedNow) | 403 to a token | `AskAdministrator` |
/// | [`TokenRevoked`](Self::TokenRevoked) | 401 to a token | `AskPassword` |
/// | [`NotJellyfin`](Self::NotJellyfin) | something else answers at that address | `AskAddress` |
/// | [`WrongBasePath`](Self::WrongBasePath) | a Jellyfin answers, at another path | `AskAddress` |
/// | [`Redirected`](Self::Redirected) | a redirect that isn't safe to follow | `AskAddress` |
/// | [`TooManyRedirects`](Self::TooManyRedirects) | more than five hops | `AskAddress` |
/// | [`DifferentServer`](Self::DifferentServer) | another server answers at that address | `AskAddress` |
/// | [`NoServer`](Self::NoServer) | none of several addresses has a Jellyfin | `AskAddress` |
/// | [`NoAnswer`](Self::NoAnswer) | no response, and no retries left | `TryAgain`; TLS, redirect: `AskAddress`; proxy: `FixProxy` |
/// | [`ServerStarting`](Self::ServerStarting) | it is still starting after all patience | `TryAgain` |
/// | [`ServerBusy`](Self::ServerBusy) | 429, 502, 503, 504 after all patience | `TryAgain` |
/// | [`CodeExpired`](Self::CodeExpired) | nobody typed the code in time | `TryAgain` |
/// | [`CodeLost`](Self::CodeLost) | the server forgot the code: it restarted | `TryAgain` |
/// | [`CodeUnknown`](Self::CodeUnknown) | approving a wrong or expired code | `TryAgain` |
/// | [`CodeAlreadyApproved`](Self::CodeAlreadyApproved) | approving a code a second time | `TryAgain` |
/// | [`InvalidCode`](Self::InvalidCode) | what was typed can't be a code | `TryAgain` |
/// | [`PinRefused`](Self::PinRefused) | a wrong or expired PIN | `TryAgain` |
/// | [`QuickConnectDisabled`](Self::QuickConnectDisabled) | the administrator switched it off | `OfferPassword` |
/// | [`QuickConnectUnsupported`](Self::QuickConnectUnsupported) | 10.7 and older | `OfferPassword` |
/// | [`ServerNotSetUp`](Self::ServerNotSetUp) | the wizard was not run | `AskAdministrator` |
/// | [`AddressBlocked`](Self::AddressBlocked) | the server lets this network address in nowhere | `AskAdministrator` |
/// | [`ServerFault`](Self::ServerFault) | 5xx by the server itself | `AskAdministrator` |
/// | [`ProxyAuthentication`](Self::ProxyAuthentication) | a proxy wants a log-in of its own | `FixProxy` |
/// | [`Intercepted`](Self::Intercepted) | something in front of the server spoke | `FixProxy` |
/// | [`Malformed`](Self::Malformed) | an answer that makes no sense | `ReportBug` |
/// | [`Unexpected`](Self::Unexpected) | a status that means nothing here | `ReportBug` |
/// | [`Cancelled`](Self::Cancelled) | the program gave up | `TryAgain` |
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The user name or the password is wrong. `POST /Users/AuthenticateByName` said 401 (protocol
    /// facts, section 6.2).
    #[error("the user name or password is wrong: check both")]
    #[non_exhaustive]
    BadCredentials,

    /// The user name is empty or blank: no server takes that.
    #[error("the user name is blank: type one")]
    #[non_exhaustive]
    BlankUserName,

    /// The server refuses this user: disabled or locked out, no remote access, outside the access
    /// schedule, a device that isn't allowed, too many sessions. It said 403 and doesn't say which
    /// (protocol facts, section 6.2).
    #[error(
        "the server refuses this user: the account may be disabled, locked, limited to certain \
         times, devices or networks, or have too many sessions; its administrator can tell"
    )]
    #[non_exhaustive]
    LoginRefused,

    /// The token is good, but its user may not use the server now: outside the access schedule or
    /// the local network. **Keep the token** (protocol facts, section 4.7).
    #[error(
        "still signed in, but the server doesn't let this user in now or from here; try again later"
    )]
    #[non_exhaustive]
    NotAllowedNow,

    /// The server doesn't know the token any more: signed out, replaced by a sign-in with the same
    /// device id, or its user was disabled (protocol facts, sections 4.7 and 6.4).
    #[error("the server doesn't accept this sign-in any more: sign in again")]
    #[non_exhaustive]
    TokenRevoked,

    /// What answers at that address is no Jellyfin server.
    #[error("there is no Jellyfin server at this address: check it")]
    #[non_exhaustive]
    NotJellyfin,

    /// A Jellyfin server answers at that address, but not at that path nor at the root.
    #[error("a Jellyfin server is there, but at another path: check what follows the host's name")]
    #[non_exhaustive]
    WrongBasePath,

    /// The server redirects to where nothing may be sent without being asked: another host, or from
    /// https to http. Nothing was sent there.
    #[error("the server redirects to {}: if that is the right server, use that address",
        to.as_deref().unwrap_or("an address that can't be read"))]
    #[non_exhaustive]
    Redirected {
        /// Where to, without query; `None` when that was no address.
        to: Option<String>,
    },

    /// More than five redirects in a row.
    #[error("the server redirects in circles: check the address")]
    #[non_exhaustive]
    TooManyRedirects,

    /// Another server answers than the one that a kept secret or token belongs to. It was not sent.
    #[error(
        "another Jellyfin server answers at this address now, and nothing secret was sent to it: check the address"
    )]
    #[non_exhaustive]
    DifferentServer,

    /// None of the addresses that were tried has a Jellyfin server.
    #[error("no Jellyfin server was found: {}", tried.first().map_or_else(
        || "there was no address to try".to_owned(), |best| format!("{}: {}", best.url, best.error)))]
    #[non_exhaustive]
    NoServer {
        /// What each address said; the one that tells most comes first.
        tried: Vec<Attempt>,
    },

    /// A request got no answer, and trying again is no use or over. A password that may have been
    /// sent is not sent again.
    #[error("{failure}: check the address and the network")]
    #[non_exhaustive]
    NoAnswer {
        /// What the driver reported.
        failure: Failure,
    },

    /// The server is starting, and still was when [`patience`](crate::Policy::patience) ran out.
    #[error("the server is still starting: try again in a few minutes")]
    #[non_exhaustive]
    ServerStarting,

    /// The server, or what stands in front of it, was overloaded or down for longer than
    /// [`patience`](crate::Policy::patience).
    #[error("the server is busy or down for the moment (status {status}): try again later")]
    #[non_exhaustive]
    ServerBusy {
        /// The last status: 429, 502, 503 or 504.
        status: u16,
    },

    /// Nobody approved the Quick Connect code in time: codes live ten minutes (protocol facts,
    /// section 5.3).
    #[error("the Quick Connect code has expired: ask for a new one")]
    #[non_exhaustive]
    CodeExpired,

    /// The server doesn't know the Quick Connect code any more although its time wasn't over: it
    /// restarted. After a resume it may also have expired while the program was stopped.
    #[error("the server has forgotten the Quick Connect code: ask for a new one")]
    #[non_exhaustive]
    CodeLost,

    /// The code to approve is wrong or has expired. `POST /QuickConnect/Authorize` said 404.
    #[error("the server doesn't know this Quick Connect code: check it, or ask for a new one")]
    #[non_exhaustive]
    CodeUnknown,

    /// The code was approved before. Servers say 500 (protocol facts, section 4.6).
    #[error("this Quick Connect code was already approved: look at the device that shows it")]
    #[non_exhaustive]
    CodeAlreadyApproved,

    /// What was typed can't be a Quick Connect code. Nothing was sent.
    #[error("that is no Quick Connect code: type the digits that the other device shows")]
    #[non_exhaustive]
    InvalidCode,

    /// The PIN is wrong or has expired. `POST /Users/ForgotPassword/Pin` said 404.
    #[error("the PIN is wrong or has expired: check it, or ask for a new one")]
    #[non_exhaustive]
    PinRefused,

    /// Quick Connect is switched off on this server.
    #[error("Quick Connect is switched off on this server: use a password")]
    #[non_exhaustive]
    QuickConnectDisabled,

    /// The server is too old for Quick Connect as it is since 10.8.
    #[error("this server is too old for Quick Connect: use a password")]
    #[non_exhaustive]
    QuickConnectUnsupported,

    /// The server's set-up wizard was not completed: there is nobody to sign in as.
    #[error("this server has not been set up yet: open it in a browser and finish its wizard")]
    #[non_exhaustive]
    ServerNotSetUp,

    /// The server's network settings don't let this address in (protocol facts, section 8.5).
    #[error(
        "the server's network settings don't let this device in: its administrator can change that"
    )]
    #[non_exhaustive]
    AddressBlocked,

    /// The server itself failed. 10.11 is known for 500 to a right password; Quick Connect may work.
    #[error("the server failed (status {status}): its log tells why")]
    #[non_exhaustive]
    ServerFault {
        /// The HTTP status, 500 to 599.
        status: u16,
    },

    /// Something in front of the server wants a log-in of its own: 401 or 407 with a challenge,
    /// which Jellyfin never sends.
    #[error(
        "a proxy in front of the server wants its own log-in ({scheme}): this is not about the Jellyfin password"
    )]
    #[non_exhaustive]
    ProxyAuthentication {
        /// The scheme it asks for, such as `Basic`.
        scheme: String,
    },

    /// Something in front of the server answered in its place: a firewall, a proxy, a log-in page.
    /// When it was the password that was sent, the server may or may not have looked at it.
    #[error(
        "something in front of the server answered in its place (status {status}): check the proxy"
    )]
    #[non_exhaustive]
    Intercepted {
        /// The HTTP status of that answer.
        status: u16,
    },

    /// A successful answer that lacks what it must have, or has it twice, or isn't JSON.
    #[error("the server's answer makes no sense (while {step}): report this")]
    #[non_exhaustive]
    Malformed {
        /// The request that it answered.
        step: Stage,
    },

    /// A status that means nothing here.
    #[error(
        "the server answered with status {status} where that means nothing (while {step}): report this"
    )]
    #[non_exhaustive]
    Unexpected {
        /// The request that it answered.
        step: Stage,
        /// The HTTP status.
        status: u16,
    },

    /// [`cancel`](crate::Machine::cancel) was called.
    #[error("cancelled")]
    #[non_exhaustive]
    Cancelled,
}

impl Error {
    /// The error of a run or a request that was given up: for drivers.
    #[must_use]
    pub fn cancelled() -> Self {
        Self::Cancelled
    }
}

/// The error of a single request that got no answer: for drivers.
impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::NoAnswer { failure }
    }
}

/// One address that was tried, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Attempt {
    /// The address.
    pub url: ServerUrl,
    /// Why no server was found there.
    pub error: Error,
}
