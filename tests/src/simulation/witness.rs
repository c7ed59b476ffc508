//! What must never happen.

use std::{fmt::Write as _, time::Duration};

use http::Request;
use jellyfin_auth::{Login, Wait};

use super::facts::{Asked, Facts, News};

/// The name of the host that the login was told; nothing may go anywhere else.
pub(super) const HOST: &str = "nas.example";
pub(super) const PASSWORD: &str = "cAnArY-password";

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

/// Watches one program's login.
#[derive(Debug, Default)]
pub(super) struct Witness {
    last_sent: Option<Duration>,
    last_told: Option<Duration>,
    last_poll: Option<Duration>,
    next_pressed: bool,
    was_https: bool,
    password_is_out: bool,
    /// What the server handed out, and the password.
    secrets: Vec<String>,
    shown: String,
}

fn check(holds: bool, what: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { Err(what()) }
}

impl Witness {
    pub(super) fn new() -> Self {
        Self { secrets: vec![PASSWORD.to_owned()], ..Self::default() }
    }

    /// Another program, or the same one again: it may begin at once, and the password is typed anew.
    pub(super) fn begin(&mut self) {
        let secrets = std::mem::take(&mut self.secrets);
        *self = Self { secrets, ..Self::default() };
    }

    pub(super) fn next_was_pressed(&mut self) {
        self.next_pressed = true;
    }

    pub(super) fn told(&mut self, facts: &Facts, now: Duration) {
        self.last_told = Some(now);
        let Some(told) = facts.last else { return };
        let unread = match told.news {
            News::Nothing(failure) => failure == jellyfin_auth::Failure::Unreachable,
            News::Server { status, .. } | News::Front { status } => matches!(status, 429 | 503),
        };
        if told.stage == Asked::Authenticate && unread {
            self.password_is_out = false;
        }
    }

    pub(super) fn learn(&mut self, body: &[u8]) {
        let Ok(text) = std::str::from_utf8(body) else { return };
        for name in ["\"Secret\":\"", "\"AccessToken\":\""] {
            let value = text.find(name).map(|at| &text[at + name.len()..]);
            if let Some(secret) = value.and_then(|value| value.split('"').next()) {
                if !self.secrets.iter().any(|known| known == secret) {
                    self.secrets.push(secret.to_owned());
                }
            }
        }
    }

    /// A request is handed out.
    pub(super) fn sends(
        &mut self,
        request: &Request<Vec<u8>>,
        stage: Asked,
        login: &Login,
        facts: &Facts,
        interval: Duration,
        now: Duration,
    ) -> Check {
        let uri = request.uri();
        check(uri.host() == Some(HOST), || format!("a request to {:?}", uri.host()))?;
        let https = uri.scheme_str() == Some("https");
        check(https || !self.was_https, || "http after https".to_owned())?;
        self.was_https = https;
        check(uri.to_string().starts_with(login.server_url().as_str()), || {
            format!("a request to {} outside {}", uri.path(), login.server_url())
        })?;
        self.gap(stage, facts, interval, now)?;
        if stage == Asked::Authenticate {
            check(!self.password_is_out, || "the password was sent twice".to_owned())?;
            self.password_is_out = true;
        } else {
            let password = PASSWORD.as_bytes();
            let holds = request.body().windows(password.len()).any(|window| window == password)
                || uri.query().is_some_and(|query| query.contains(PASSWORD));
            check(!holds, || format!("the password went to {}", uri.path()))?;
        }
        self.last_sent = Some(now);
        Ok(())
    }

    /// Requests follow each other no faster than a second, unless a success brings the next one on.
    fn gap(&mut self, stage: Asked, facts: &Facts, interval: Duration, now: Duration) -> Check {
        const SECOND: Duration = Duration::from_secs(1);
        let since_sent = self.last_sent.map(|sent| now.saturating_sub(sent));
        let since_told = self.last_told.map(|told| now.saturating_sub(told));
        let follows = facts.last.is_some_and(|told| match (told.stage, told.news) {
            (Asked::Poll, News::Server { status: 200, .. }) => stage == Asked::Exchange,
            (Asked::Exchange, News::Server { status: 200, .. }) => stage == Asked::Me,
            (Asked::Poll | Asked::Exchange, News::Server { status, .. }) => {
                status == 404 && stage == Asked::Initiate
            }
            // Without signatures a router's 404 is taken for the server's.
            (Asked::Poll | Asked::Exchange, News::Front { status: 404 }) => {
                !facts.signs && stage == Asked::Initiate
            }
            (Asked::Initiate, News::Server { status, .. }) => {
                status == 405 && stage == Asked::Initiate
            }
            (Asked::Probe, News::Server { status, .. }) => matches!(status, 200 | 301 | 302 | 307),
            (Asked::Probe, News::Front { .. }) => stage == Asked::Probe,
            (before, News::Server { status, .. }) => status == 200 && before != stage,
            _ => false,
        });
        if !follows {
            check(since_sent.is_none_or(|gap| gap >= SECOND), || {
                format!("{stage:?} is sent {since_sent:?} after the last request")
            })?;
            check(self.next_pressed || since_told.is_none_or(|gap| gap >= SECOND), || {
                format!("{stage:?} is sent {since_told:?} after the last answer")
            })?;
        }
        if stage == Asked::Poll {
            if let Some(last) = self.last_poll {
                let gap = now.saturating_sub(last);
                check(gap >= interval || self.next_pressed, || format!("polls {gap:?} apart"))?;
            }
            self.last_poll = Some(now);
        }
        self.next_pressed = false;
        Ok(())
    }

    /// Nothing that can be shown holds a secret.
    pub(super) fn looks(&mut self, what: &dyn std::fmt::Debug) -> Check {
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

/// A wait is one that a program can keep, and shows the code.
pub(super) fn check_wait(wait: &Wait, login: &Login) -> Check {
    let delay = wait.delay();
    check(!delay.is_zero() && delay <= Duration::from_secs(60), || format!("a wait of {delay:?}"))?;
    check(wait.code() == login.code(), || "a wait without the code".to_owned())
}
