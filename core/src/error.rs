//! Why a sign-in ended, and what to do about it.

mod advice;
mod attempt;
mod login_refusal;
mod no_answer;
mod user_name_hint;

pub use advice::Advice;
pub use attempt::Attempt;
pub use login_refusal::LoginRefusal;
pub use user_name_hint::UserNameHint;

use crate::{Failure, Gateway, RequestName, ServerInfo};

/// Why a sign-in, or a single request, didn't succeed.
///
/// An error holds no response body, no query and no secret; its `Display` is a sentence for people.
/// [`advice`](Self::advice) sorts the variants by who must act, since this enum grows.
///
#[doc = include_str!("../docs/errors.md")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The user name or the password is wrong. `POST /Users/AuthenticateByName` returned 401 (protocol
    /// facts, section 6.2).
    #[error("the user name or password is wrong: check both{}", hint.map_or("", UserNameHint::sentence))]
    #[non_exhaustive]
    BadCredentials {
        /// What is odd about the user name, if anything.
        hint: Option<UserNameHint>,
    },

    /// The user name is empty or blank: no server takes that.
    #[error("the user name is blank: type one")]
    BlankUserName,

    /// The password was sent, and no response came within
    /// [`password_timeout`](crate::Policy::password_timeout). It is not sent again.
    #[error(
        "the server took too long to check the password: if you are asked to approve the sign-in on \
         your phone, do that, then try again"
    )]
    PasswordTimeout,

    /// The server refuses this user: 403, or what a plugin says. Match it as `LoginRefused { .. }`.
    #[error("the server refuses this user: {}", reason.sentence())]
    #[non_exhaustive]
    LoginRefused {
        /// Why, as far as it says.
        reason: LoginRefusal,
    },

    /// The user name and password, or the code, are right, and a plugin of the server wants a second factor
    /// (gateway facts, section 4.1). The sign-in is finished in a browser, or made with an app password,
    /// which passes as the password. **Keep the token** if there is one already.
    #[error(
        "the server wants a second factor: finish the sign-in in a browser{}, or use an app password in \
         place of the password", page.as_deref().map(|page| format!(" ({page})")).unwrap_or_default()
    )]
    #[non_exhaustive]
    SecondFactorRequired {
        /// What the server takes, such as `totp`, `passkey`, `email`, `recovery`, fit to be shown.
        methods: Vec<String>,
        /// Its page, without query: that holds a secret.
        page: Option<String>,
    },

    /// The token is good, but its user may not use the server now: outside the access schedule or
    /// the local network. **Keep the token** (protocol facts, section 4.7).
    #[error(
        "still signed in, but the server doesn't let this user in now or from here; try again later"
    )]
    NotAllowedNow,

    /// The server doesn't know the token any more: signed out, replaced by a sign-in with the same
    /// device id, or its user was disabled (protocol facts, sections 4.7 and 6.4).
    #[error("the server doesn't accept this sign-in any more: sign in again")]
    TokenRevoked,

    /// What answers at that address is no Jellyfin server.
    #[error("there is no Jellyfin server at this address: check it")]
    NotJellyfin,

    /// A Jellyfin server answers at that address, but not at that path, its parents or the root.
    #[error("a Jellyfin server is there, but at another path: check what follows the host's name")]
    WrongBasePath,

    /// The server redirects to where nothing may be sent without the user's consent: another host, from
    /// https to http, or another page of the same host. Nothing was sent there.
    #[error("the server redirects to {}: if that is the right server, use that address; if it is a page to log \
             in at, a gateway in front of the server wants its own log-in first",
        to.as_deref().unwrap_or("an address that can't be read"))]
    #[non_exhaustive]
    Redirected {
        /// Where to, without query; `None` when that was no address.
        to: Option<String>,
    },

    /// More than five redirects in a row.
    #[error("the server redirects in circles: check the address")]
    TooManyRedirects,

    /// Another server answers than the one that a kept secret or token belongs to. It was not sent.
    #[error(
        "another Jellyfin server answers at this address now ({}, id {}), and nothing secret was sent \
         to it: check the address", found.name.as_deref().unwrap_or("without a name"), found.id
    )]
    #[non_exhaustive]
    DifferentServer {
        /// The server that answered.
        found: Box<ServerInfo>,
    },

    /// None of the addresses that were tried has a Jellyfin server.
    #[error("no Jellyfin server was found: {}", tried.first().map_or_else(
        || "there was no address to try".to_owned(), ToString::to_string))]
    #[non_exhaustive]
    NoServer {
        /// What came of each address; the most telling one comes first.
        tried: Vec<Attempt>,
    },

    /// A request got no response, and trying again is no use or over. A password that may have been
    /// sent is not sent again.
    #[error("{failure}: {}", no_answer::remedy(*failure))]
    #[non_exhaustive]
    NoAnswer {
        /// What the driver reported.
        failure: Failure,
    },

    /// The server is starting, and still was when [`patience`](crate::Policy::patience) ran out.
    #[error("the server is still starting: try again in a few minutes")]
    ServerStarting,

    /// The server, or what stands in front of it, was overloaded or down for longer than
    /// [`patience`](crate::Policy::patience).
    #[error("{} (status {status}): try again later", if *by_cloudflare {
        "the server can't be reached by Cloudflare, which is in front of it"
    } else {
        "the server is busy or down for the moment"
    })]
    #[non_exhaustive]
    ServerBusy {
        /// The last status: 429, 502, 503, 504, 520 to 530, or Cloudflare's own 500.
        status: u16,
        /// Cloudflare says so of the server behind it, or of its tunnel (gateway facts, section 3.2).
        by_cloudflare: bool,
    },

    /// Nobody approved the Quick Connect code in time: codes live ten minutes (protocol facts,
    /// section 5.3).
    #[error("the Quick Connect code has expired: ask for a new one")]
    CodeExpired,

    /// The server doesn't know the Quick Connect code any more although its time wasn't over: it
    /// restarted. After a resume it may also have expired while the program was stopped.
    #[error("the server has forgotten the Quick Connect code: ask for a new one")]
    CodeLost,

    /// The code to approve is wrong or has expired. `POST /QuickConnect/Authorize` returned 404.
    #[error("the server doesn't know this Quick Connect code: check it, or ask for a new one")]
    CodeUnknown,

    /// `POST /QuickConnect/Authorize` returned 500, which servers do for a code that was approved before,
    /// and for failures of their own (protocol facts, section 4.6).
    #[error(
        "this Quick Connect code was probably approved before: look at the device that shows it"
    )]
    CodeAlreadyApproved,

    /// What was typed can't be a Quick Connect code. Nothing was sent.
    #[error("that is no Quick Connect code: type the digits that the other device shows")]
    InvalidCode,

    /// A user id that no server has: blank, too long, or with characters that can't be seen. Nothing
    /// was sent.
    #[error("that is no user id: take the id that the server gives its user")]
    InvalidUserId,

    /// The PIN is wrong or has expired. `POST /Users/ForgotPassword/Pin` returned 404.
    #[error("the PIN is wrong or has expired: check it, or ask for a new one")]
    PinRefused,

    /// Quick Connect is switched off on this server.
    #[error("Quick Connect is switched off on this server: use a password")]
    QuickConnectDisabled,

    /// The server has no Quick Connect as it is since 10.8: it is 10.7 or older, or of another make.
    #[error("this server doesn't offer Quick Connect: use a password")]
    QuickConnectUnsupported,

    /// The server can't sign out: it is of another make. The token stays valid there.
    #[error(
        "this server can't sign out: the sign-in was not ended there, and only its administrator can \
         end it"
    )]
    SignOutUnsupported,

    /// The server's set-up wizard was not completed: there is nobody to sign in as.
    #[error("this server has not been set up yet: open it in a browser and finish its wizard")]
    ServerNotSetUp,

    /// The server's network settings refuse this address (protocol facts, section 8.5).
    #[error(
        "the server's network settings don't let this device in: ask its administrator to change them"
    )]
    AddressBlocked,

    /// The server itself failed. 10.11 is known for 500 to a right password; Quick Connect may work.
    #[error("the server failed (status {status}): its log shows why")]
    #[non_exhaustive]
    ServerFault {
        /// The request that failed.
        request: RequestName,
        /// The HTTP status, 500 to 599.
        status: u16,
    },

    /// A gateway in front of the server, known by its answer, wants to be passed first: a log-in page, a
    /// filter for bots, or the portal of the NAS. Nothing was sent to its page. A token that is there already
    /// stays good: **keep it**. See [`GatewayHeaders`](crate::GatewayHeaders) for what is sent to pass one.
    #[error("{}: {}", gateway.complaint(), gateway.how_to_pass())]
    #[non_exhaustive]
    LoginGateway {
        /// What it is.
        gateway: Gateway,
        /// The page that it leads to, if any, without query: that may hold tokens. It isn't the server's
        /// address.
        page: Option<String>,
    },

    /// Something in front of the server wants a log-in of its own: 401 or 407 with a challenge,
    /// which Jellyfin never sends. See the gateway facts, section 2, for what is possible.
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
    #[error("{}something in front of the server answered in its place (status {status}): check the proxy",
        if self.may_be_about_the_password() { "the user name or password is wrong, or " } else { "" })]
    #[non_exhaustive]
    Intercepted {
        /// The request that was answered.
        request: RequestName,
        /// The HTTP status of that response.
        status: u16,
    },

    /// A success that lacks what it must have, or has it twice, or isn't JSON.
    #[error("the server's answer makes no sense (while {request}): report this")]
    #[non_exhaustive]
    Malformed {
        /// The request that was answered.
        request: RequestName,
    },

    /// A status that has no meaning here.
    #[error(
        "the server answered with an unexpected status {status} (while {request}): report this"
    )]
    #[non_exhaustive]
    Unexpected {
        /// The request that was answered.
        request: RequestName,
        /// The HTTP status.
        status: u16,
    },

    /// [`cancel`](crate::Machine::cancel) was called.
    #[error("cancelled")]
    Cancelled,
}

impl Error {
    /// A proxy that passes the password on and answers itself, as some servers of other makes do.
    fn may_be_about_the_password(&self) -> bool {
        matches!(self, Self::Intercepted { request: RequestName::AuthenticateByName, status: 401 })
    }
}

/// The error of a single request that got no response: for drivers.
impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::NoAnswer { failure }
    }
}
