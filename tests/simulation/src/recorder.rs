//! What must never happen, whatever befalls the program.

use std::{fmt::Write as _, time::Duration};

use http::{Request, header};
use jellyfin_auth::{RequestName, Wait};

use super::{
    agenda::Outcome,
    client::Client,
    reply::{Meaning, Reply},
};

/// The host that the program was given; nothing may go anywhere else.
pub(super) const HOST: &str = "nas.example";
pub(super) const PASSWORD: &str = "cAnArY-password";

const SECOND: Duration = Duration::from_secs(1);

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("seed {seed}: {what}")]
#[non_exhaustive]
pub struct Violation {
    /// What to replay.
    pub seed: u64,
    /// What happened.
    pub what: String,
}

pub(super) type Check = Result<(), String>;

/// Records what one machine sends and shows. All times are those of the program's clock.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that was seen")]
pub(super) struct Recorder {
    /// Several addresses are asked at the same time, each at its own pace.
    is_search: bool,
    last_sent: Option<Duration>,
    last_reply: Option<Duration>,
    last_poll: Option<Duration>,
    /// The end of the server's `Retry-After`.
    not_before: Duration,
    /// It waited since the last reply.
    waited: bool,
    next_pressed: bool,
    was_https: bool,
    password_is_out: bool,
    /// How often a response said that the password wasn't looked at.
    passwords_refused: u32,
    /// The server that said last who it is, and the one that a secret belongs to.
    probed_id: Option<String>,
    expected_id: Option<String>,
    /// What the server handed out, and the password.
    secrets: Vec<String>,
    shown: String,
}

pub(super) fn check(holds: bool, what: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { Err(what()) }
}

impl Recorder {
    pub(super) fn new(is_search: bool) -> Self {
        Self { secrets: vec![PASSWORD.to_owned()], is_search, ..Self::default() }
    }

    /// Another machine, or the same one again: it may begin at once, and the password is typed anew.
    pub(super) fn begin(&mut self, expected_id: Option<&str>) {
        let secrets = std::mem::take(&mut self.secrets);
        *self = Self { secrets, is_search: self.is_search, ..Self::default() };
        self.expected_id = expected_id.map(str::to_owned);
    }

    pub(super) fn next_was_pressed(&mut self) {
        self.next_pressed = true;
    }

    pub(super) fn take_reply(&mut self, request: RequestName, outcome: &Outcome, now: Duration) {
        self.last_reply = Some(now);
        self.waited = false;
        let reply = Reply::read(request, outcome, false);
        let retry_after = match outcome {
            Outcome::Response { response, .. } => response.headers().get(header::RETRY_AFTER),
            Outcome::None(_) => None,
        };
        let seconds: Option<u64> = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
        if matches!(reply.meaning, Meaning::Starting | Meaning::TooManyRequests | Meaning::Busy) {
            self.not_before = now + Duration::from_secs(seconds.unwrap_or(0).min(60));
        }
        if request == RequestName::GetServerInfo && reply.meaning == Meaning::Success {
            let id = reply.body["Id"].as_str().map(str::to_owned);
            // Of several addresses one is enough that shows the right id.
            let is_found = self.is_search && self.probed_id == self.expected_id;
            self.probed_id = if is_found { self.probed_id.take() } else { id };
        }
        // The new code belongs to whoever drew it.
        if request == RequestName::InitiateQuickConnect && reply.meaning == Meaning::Success {
            self.expected_id = None;
        }
        if request == RequestName::AuthenticateByName {
            match reply.meaning {
                Meaning::Unreachable => self.password_is_out = false,
                Meaning::Starting | Meaning::TooManyRequests => {
                    self.password_is_out = false;
                    self.passwords_refused += 1;
                }
                _ => {}
            }
        }
    }

    pub(super) fn learn(&mut self, body: &[u8]) {
        let Ok(text) = std::str::from_utf8(body) else { return };
        for name in ["\"Secret\":\"", "\"AccessToken\":\""] {
            let value = text.find(name).map(|at| &text[at + name.len()..]);
            if let Some(secret) = value.and_then(|value| value.split('"').next()) {
                self.learn_secret(secret);
            }
        }
    }

    pub(super) fn learn_secret(&mut self, secret: &str) {
        if !self.secrets.iter().any(|known| known == secret) {
            self.secrets.push(secret.to_owned());
        }
    }

    /// A login sends a request.
    pub(super) fn sends(
        &mut self,
        (name, request): (RequestName, &Request<Vec<u8>>),
        client: &Client,
        policy: &jellyfin_auth::Policy,
        now: Duration,
    ) -> Check {
        let uri = request.uri();
        check(uri.host() == Some(HOST), || format!("a request to {:?}", uri.host()))?;
        let https = uri.scheme_str() == Some("https");
        let secret = name != RequestName::GetServerInfo;
        check(https || !self.was_https || !secret, || "http after https".to_owned())?;
        self.was_https |= https && !self.is_search;
        if let Some(server) = client.server_url().filter(|_| !self.is_search) {
            check(uri.to_string().starts_with(server.as_str()), || {
                format!("a request to {} outside {server}", uri.path())
            })?;
        }
        check(secret || !request.headers().contains_key(header::AUTHORIZATION), || {
            "the probe says who asks".to_owned()
        })?;
        self.keeps_to_its_server(name)?;
        if !self.is_search {
            self.keeps_gaps(name, policy.poll_interval, now)?;
        }
        self.keeps_password(name, request, policy.retries)?;
        self.last_sent = Some(now);
        Ok(())
    }

    /// A token, and the secret of a kept code, go to the server that showed its id.
    fn keeps_to_its_server(&self, name: RequestName) -> Check {
        let Some(expected) = &self.expected_id else { return Ok(()) };
        let tells_nothing =
            matches!(name, RequestName::GetServerInfo | RequestName::InitiateQuickConnect);
        check(tells_nothing || self.probed_id.as_ref() == Some(expected), || {
            format!("{name:?} to {:?}, not to {expected}", self.probed_id)
        })
    }

    /// After a wait the next request comes a second or more after the last one, after what the server
    /// asked for, and unless the user pressed "next" after the whole wait.
    fn keeps_gaps(&mut self, name: RequestName, interval: Duration, now: Duration) -> Check {
        if std::mem::take(&mut self.waited) {
            let gap = self.last_sent.map(|sent| now.saturating_sub(sent));
            check(gap.is_none_or(|gap| gap >= SECOND), || {
                format!("{name:?} is sent {gap:?} after the last request")
            })?;
            check(now >= self.not_before, || format!("{name:?} is sent before Retry-After"))?;
            let gap = self.last_reply.map(|at| now.saturating_sub(at));
            check(self.next_pressed || gap.is_none_or(|gap| gap >= SECOND), || {
                format!("{name:?} is sent {gap:?} after the last response")
            })?;
        }
        if name == RequestName::GetQuickConnectState {
            if let Some(last) = self.last_poll.replace(now) {
                let gap = now.saturating_sub(last);
                check(gap >= interval || self.next_pressed, || format!("polls {gap:?} apart"))?;
            }
        }
        self.next_pressed = false;
        Ok(())
    }

    fn keeps_password(
        &mut self,
        name: RequestName,
        request: &Request<Vec<u8>>,
        retries: u32,
    ) -> Check {
        if name == RequestName::AuthenticateByName {
            check(!self.password_is_out, || "the password was sent twice".to_owned())?;
            self.password_is_out = true;
            return check(self.passwords_refused <= retries, || {
                format!("the password was sent again {} times", self.passwords_refused)
            });
        }
        let password = PASSWORD.as_bytes();
        let holds = request.body().windows(password.len()).any(|window| window == password)
            || request.uri().query().is_some_and(|query| query.contains(PASSWORD));
        check(!holds, || format!("the password went with {name:?}"))
    }

    /// A wait is one that a program can keep, and shows the code.
    pub(super) fn waits(&mut self, wait: &Wait, client: &Client) -> Check {
        self.waited = true;
        let delay = wait.delay();
        check(!delay.is_zero() && delay <= Duration::from_secs(60), || {
            format!("a wait of {delay:?}")
        })?;
        check(wait.code() == client.code(), || "a wait without the code".to_owned())
    }

    /// Nothing that can be shown holds a secret.
    pub(super) fn check_shown(&mut self, what: &dyn std::fmt::Debug) -> Check {
        let mut shown = std::mem::take(&mut self.shown);
        shown.clear();
        write!(shown, "{what:?}").expect("a string takes all text");
        let secret = self.secrets.iter().find(|secret| shown.contains(secret.as_str()));
        let holds = secret.is_none();
        let result = check(holds, || format!("a secret is shown: {shown}"));
        self.shown = shown;
        result
    }
}
