//! What must hold at any time, and at the end.

use std::time::Duration;

use http::{Request, Response, header::RETRY_AFTER};
use jellyfin_auth::{Error, Machine as _, Session, Step};

use super::{
    BODIES, HEADERS, Operation, Way,
    harness::{HOST, Harness, PASSWORD},
};
use crate::assert_fit_to_be_shown;

const INTERVAL: Duration = Duration::from_secs(5);
/// More requests at once than any chain of redirects is long.
const BURST: u32 = 20;

/// What was seen of a login and its server.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that was seen")]
pub(super) struct Seen {
    /// Requests since time last passed.
    pub(super) burst: u32,
    pub(super) next_pressed: bool,
    /// The password was sent, and the server may have looked at it.
    pub(super) password_is_out: bool,
    pub(super) restarted: bool,
    /// How often a response said that the password wasn't looked at.
    passwords_refused: u32,
    /// Something spoke in the server's name: the login may end for good.
    misled: bool,
    was_https: bool,
    is_resumed: bool,
    last_request: Option<Duration>,
    last_poll: Option<Duration>,
    /// When the server last showed a code alive, and whether the last request was about it.
    code_alive: Duration,
    about_the_code: bool,
    /// What must not be shown.
    secrets: Vec<String>,
    /// An answer has the password by chance, and may be shown.
    password_is_in_answers: bool,
}

impl Seen {
    pub(super) fn before(operations: &[Operation]) -> Self {
        let holds_password = |operation: &Operation| match operation {
            Operation::Answer(response) => {
                holds(response.body(), PASSWORD)
                    || response.headers().values().any(|value| holds(value.as_bytes(), PASSWORD))
            }
            _ => false,
        };
        let password_is_in_answers = operations.iter().any(holds_password);
        let secrets = if password_is_in_answers { vec![] } else { vec![PASSWORD.to_owned()] };
        Self { secrets, password_is_in_answers, ..Self::default() }
    }

    pub(super) fn something_else_answered(
        &mut self,
        response: &Response<Vec<u8>>,
        is_password: bool,
    ) {
        self.misled |= !is_noise(response);
        if is_password && was_not_looked_at(response) {
            self.password_is_out = false;
            self.passwords_refused += 1;
        }
    }

    pub(super) fn the_server_answered(
        &mut self,
        request: &Request<Vec<u8>>,
        response: &Response<Vec<u8>>,
        at: Duration,
    ) {
        let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap_or_default();
        for name in ["Secret", "AccessToken"] {
            self.secrets.extend(body[name].as_str().map(str::to_owned));
        }
        if response.status() == 200 && request.uri().path().contains("QuickConnect/") {
            self.code_alive = at;
        }
    }

    /// It begins at once, at the address that the first one was at.
    pub(super) fn another_program_goes_on(&mut self) {
        (self.last_request, self.last_poll) = (None, None);
        (self.is_resumed, self.burst) = (true, 0);
    }
}

impl Harness {
    /// Asks what is next, and checks what must hold at any time.
    pub(super) fn look(&mut self) {
        let step = self.login.poll(self.clock.now());
        let shown = format!("{:?} {step:?} {step:#?} {:?}", self.login, self.login.to_record());
        self.check_secrets(&shown);
        match step {
            Ok(Step::Send(request)) => {
                assert!(self.in_flight.is_none(), "two requests at once");
                assert!(self.ended.is_none(), "a request after the end");
                let (request, ticket, _) = request.into_parts();
                self.check_request(&request);
                self.in_flight = Some((request, ticket));
            }
            Ok(Step::Wait(wait)) => {
                assert!(self.in_flight.is_none() && self.ended.is_none());
                let delay = wait.delay();
                assert!(!delay.is_zero() && delay <= Duration::from_secs(60), "{delay:?}");
                assert_eq!(wait.code(), self.login.code());
                wait.code().into_iter().for_each(assert_fit_to_be_shown);
            }
            Ok(Step::Pending) => assert!(self.in_flight.is_some(), "it waits for nothing"),
            Ok(Step::Done(session)) => self.end(Ok(session)),
            Err(error) => {
                let text = error.to_string();
                assert_fit_to_be_shown(&text);
                self.check_secrets(&text);
                self.end(Err(error));
            }
        }
    }

    fn end(&mut self, end: Result<Session, Error>) {
        if let Some(before) = &self.ended {
            assert_eq!(before, &end, "the end stays");
            return;
        }
        if let Err(error) = &end {
            self.check_that_a_live_code_outlasts(error);
        }
        self.ended = Some(end);
    }

    /// While a code can be alive, only the server, the user or twenty minutes of silence end a login.
    fn check_that_a_live_code_outlasts(&self, error: &Error) {
        let by_the_server_or_user = matches!(
            error,
            Error::CodeLost | Error::CodeExpired | Error::QuickConnectDisabled | Error::Cancelled
        );
        let silence = self.passed.saturating_sub(self.seen.code_alive);
        assert!(
            !self.seen.about_the_code
                || by_the_server_or_user
                || silence >= Duration::from_secs(1200),
            "a live code outlasts {error:?} after {silence:?}"
        );
    }

    fn check_request(&mut self, request: &Request<Vec<u8>>) {
        let (uri, seen, passed) = (request.uri(), &mut self.seen, self.passed);
        let path = uri.path();
        let is = |name: &str| path.ends_with(name);
        let (is_probe, is_poll) = (is("/System/Info/Public"), is("/QuickConnect/Connect"));
        seen.about_the_code = is_poll || is("/AuthenticateWithQuickConnect");
        assert_eq!(uri.host(), Some(HOST), "another host");
        let https = uri.scheme_str() == Some("https");
        // A resumed login goes back to where it was when a redirect has led it nowhere.
        assert!(https || !seen.was_https || seen.is_resumed && is_probe, "http after https");
        seen.was_https = https;
        assert!(uri.to_string().starts_with(self.login.server_url().as_str()));

        seen.burst += 1;
        assert!(seen.burst < BURST, "it doesn't wait");
        let since = |before: Option<Duration>| before.map(|before| passed.saturating_sub(before));
        let too_soon = since(seen.last_request).is_some_and(|gap| gap < Duration::from_secs(1));
        // What a success brings on at once.
        let follows =
            ["AuthenticateByName", "Enabled", "Initiate", "AuthenticateWithQuickConnect", "Me"]
                .into_iter()
                .any(is)
                || is("Connect") && seen.last_poll.is_none();
        assert!(!too_soon || follows || is_probe, "{path} comes too soon");
        seen.last_request = Some(passed);
        if is_poll {
            if let Some(gap) = since(seen.last_poll) {
                assert!(gap >= Duration::from_secs(1), "polls {gap:?} apart");
                assert!(gap >= INTERVAL || seen.next_pressed, "polls {gap:?} apart");
            }
            seen.last_poll = Some(passed);
            seen.next_pressed = false;
        }
        if is("/Users/AuthenticateByName") {
            assert!(!seen.password_is_out, "the password was sent twice");
            let most = self.policy.retries;
            assert!(seen.passwords_refused <= most, "the password was sent too often");
            seen.password_is_out = true;
        } else if !seen.password_is_in_answers {
            let is_there = holds(request.body(), PASSWORD) || uri.to_string().contains(PASSWORD);
            assert!(!is_there, "the password went to {path}");
        }
    }

    fn check_secrets(&self, shown: &str) {
        for secret in &self.seen.secrets {
            assert!(!shown.contains(secret), "a secret is shown: {shown}");
        }
    }

    pub(super) fn check_end(&self, end: &Result<Session, Error>) {
        match end {
            Ok(session) => {
                let token = session.access_token().expose();
                assert!(self.seen.misled || self.server.is_token_valid(token), "a wrong token");
            }
            Err(error) => assert!(
                self.seen.misled || self.may_fail_honestly(error),
                "a sign-in that can succeed does: {error:?}"
            ),
        }
    }

    /// The errors that a network, a restart and a user can cause.
    fn may_fail_honestly(&self, error: &Error) -> bool {
        match error {
            Error::Cancelled
            | Error::NoAnswer { .. }
            | Error::PasswordTimeout
            | Error::ServerBusy { .. }
            | Error::ServerStarting
            | Error::Intercepted { .. }
            | Error::ServerFault { .. } => true,
            Error::CodeExpired | Error::CodeLost => {
                let can_be_over = self.passed >= Duration::from_secs(600) || self.seen.restarted;
                self.way == (Way::QuickConnect { renew: false }) && can_be_over
            }
            _ => false,
        }
    }
}

/// Whether the server can't have said so, and nothing may end for good by it. An unmarked 408 is
/// Kestrel's own.
fn is_noise(response: &Response<Vec<u8>>) -> bool {
    let (status, body) = (response.status().as_u16(), response.body());
    let mut headers = response.headers().iter();
    matches!(status, 425 | 429 | 500 | 502 | 503 | 504 | 520)
        && headers.all(|(name, value)| HEADERS.iter().any(|known| (name.as_str(), value.as_bytes()) == (known.0, known.1.as_bytes())))
        // A longer one may be a gateway's.
        && (body.len() < 40 && !body.starts_with(b"{\"error") || BODIES.contains(&body.as_slice()))
}

/// 429, and 503 by the server itself or with the time to come again. Any other 503 may stand for a
/// reply that was lost on its way back.
fn was_not_looked_at(response: &Response<Vec<u8>>) -> bool {
    match response.status().as_u16() {
        429 => true,
        503 if response.headers().contains_key("x-response-time-ms") => !response.body().is_empty(),
        503 => response.headers().contains_key(RETRY_AFTER),
        _ => false,
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
