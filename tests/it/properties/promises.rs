//! What must hold at any time, and at the end.

use std::time::Duration;

use http::{Request, Response};
use jellyfin_auth::{Error, Machine as _, Session, Step};
use proptest::prelude::*;

use super::harness::{Check, Flow, Harness, PASSWORD};
use crate::given::AUTHENTICATE;

const ORIGIN: &str = "nas.example";
const INTERVAL: Duration = Duration::from_secs(5);

impl Harness {
    /// Asks the login what is next, and checks everything that must hold at any time.
    pub(super) fn look(&mut self) -> Check {
        let step = self.login.poll(self.clock.now());
        let shown = format!("{:?} {step:?} {:?}", self.login, self.login.to_record());
        self.check_secrets(&shown)?;
        match step {
            Ok(Step::Send(request)) => {
                prop_assert!(self.in_flight.is_none(), "two requests at once");
                prop_assert!(self.ended.is_none(), "a request after the end");
                let (request, ticket, _) = request.into_parts();
                self.check_request(&request)?;
                self.in_flight = Some((request, ticket));
            }
            Ok(Step::Wait(wait)) => {
                prop_assert!(self.in_flight.is_none() && self.ended.is_none());
                prop_assert!(!wait.delay().is_zero());
                prop_assert!(wait.delay() <= Duration::from_secs(60), "{:?}", wait.delay());
                prop_assert_eq!(wait.code(), self.login.code());
            }
            Ok(Step::Pending) => prop_assert!(self.in_flight.is_some(), "waiting for nothing"),
            Ok(Step::Done(session)) => self.end(Ok(session))?,
            Err(error) => {
                let text = format!("{error} {error:?} {error:#?}");
                self.check_secrets(&text)?;
                self.end(Err(error))?;
            }
        }
        Ok(())
    }

    fn end(&mut self, end: Result<Session, Error>) -> Check {
        match &self.ended {
            None => {
                if let Err(error) = &end {
                    self.check_that_a_live_code_outlasts(error)?;
                }
                self.ended = Some(end);
            }
            Some(before) => prop_assert_eq!(before, &end, "the end stays"),
        }
        Ok(())
    }

    /// While a code can be alive, only the server, the user or twenty minutes of silence end a login.
    fn check_that_a_live_code_outlasts(&self, error: &Error) -> Check {
        let by_the_server_or_user = matches!(
            error,
            Error::CodeLost | Error::CodeExpired | Error::QuickConnectDisabled | Error::Cancelled
        );
        let silence = self.passed.saturating_sub(self.code_alive);
        prop_assert!(
            !self.about_the_code || by_the_server_or_user || silence >= Duration::from_secs(1200),
            "a live code outlasts {error:?} after {silence:?}"
        );
        Ok(())
    }

    fn check_request(&mut self, request: &Request<Vec<u8>>) -> Check {
        let uri = request.uri();
        self.about_the_code = uri.path().ends_with("/QuickConnect/Connect")
            || uri.path().ends_with("/AuthenticateWithQuickConnect");
        prop_assert_eq!(uri.host(), Some(ORIGIN), "another host");
        let https = uri.scheme_str() == Some("https");
        // A resumed login goes back to where it was when a redirect has led it nowhere.
        let goes_back = self.is_resumed && uri.path().ends_with("/System/Info/Public");
        prop_assert!(https || !self.was_https || goes_back, "http after https");
        self.was_https = https;
        prop_assert!(uri.to_string().starts_with(self.login.server_url().as_str()));

        if let Some(last) = self.last_request {
            let probing = uri.path().ends_with("/System/Info/Public");
            let waited = self.passed.saturating_sub(last) >= Duration::from_secs(1);
            prop_assert!(waited || self.follows_at_once(uri.path()) || probing, "too soon");
        }
        if uri.path().ends_with("/QuickConnect/Connect") {
            if let Some(last) = self.last_poll {
                let gap = self.passed.saturating_sub(last);
                prop_assert!(gap >= Duration::from_secs(1), "polls {gap:?} apart");
                prop_assert!(gap >= INTERVAL || self.next_pressed, "polls {gap:?} apart");
            }
            self.last_poll = Some(self.passed);
            self.next_pressed = false;
        }
        if uri.path().ends_with(AUTHENTICATE) {
            prop_assert!(!self.password_is_out, "the password was sent twice");
            self.password_is_out = true;
        } else {
            let all = format!("{uri} {:?}", request.body());
            prop_assert!(!all.contains(PASSWORD), "the password went elsewhere");
        }
        self.last_request = Some(self.passed);
        Ok(())
    }

    /// The requests that a success of the one before brings on at once.
    fn follows_at_once(&self, path: &str) -> bool {
        ["AuthenticateByName", "Enabled", "Initiate", "AuthenticateWithQuickConnect"]
            .iter()
            .any(|name| path.ends_with(name))
            || (path.ends_with("Connect") && self.last_poll.is_none())
    }

    fn check_secrets(&self, shown: &str) -> Check {
        for secret in &self.secrets {
            prop_assert!(!shown.contains(secret), "a secret is shown: {shown}");
        }
        Ok(())
    }

    pub(super) fn learn_secrets(&mut self, response: &Response<Vec<u8>>) {
        let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap_or_default();
        for name in ["Secret", "AccessToken"] {
            self.secrets.extend(body[name].as_str().map(str::to_owned));
        }
    }

    pub(super) fn check_end(&self, end: Result<Session, Error>) -> Check {
        match end {
            Ok(session) => {
                let token = session.access_token().expose();
                prop_assert!(self.misled || self.server.is_token_valid(token), "a wrong token");
            }
            Err(Error::Cancelled) => {}
            Err(error) => {
                let may_fail = self.misled || self.may_fail_honestly(&error);
                prop_assert!(may_fail, "a sign-in that can succeed does: {error:?}");
            }
        }
        Ok(())
    }

    /// The errors that a network alone can cause.
    fn may_fail_honestly(&self, error: &Error) -> bool {
        match error {
            Error::NoAnswer { .. }
            | Error::PasswordTimeout
            | Error::ServerBusy { .. }
            | Error::ServerStarting
            | Error::Intercepted { .. }
            | Error::ServerFault { .. } => true,
            Error::CodeExpired | Error::CodeLost => {
                matches!(self.flow, Flow::QuickConnect { renew: false })
                    && self.passed >= Duration::from_secs(600)
            }
            _ => false,
        }
    }
}
