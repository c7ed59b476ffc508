use std::time::Duration;

use http::{Request, Response};
use jellyfin_auth::{Error, Failure, Login, Policy, Renewals, Session, Step, Ticket};
use jellyfin_auth_testkit::{
    Clock,
    answer::{self, ResponseExt as _},
    fake_server::{FakeServer, Version},
};
use proptest::prelude::*;

use super::operations::{Lie, Operation};
use crate::given::{AUTHENTICATE, device, url};

const PASSWORD: &str = "cAnArY-password";
const ORIGIN: &str = "nas.example";
const INTERVAL: Duration = Duration::from_secs(5);

type Check = Result<(), TestCaseError>;

#[derive(Clone, Copy, Debug)]
pub enum Flow {
    Password,
    QuickConnect { renew: bool },
}

/// A login, a server and what has been seen of both.
pub struct Harness {
    flow: Flow,
    login: Login,
    server: FakeServer,
    clock: Clock,
    /// The time that a machine may know of: clocks that go back don't undo it.
    passed: Duration,
    in_flight: Option<(Request<Vec<u8>>, Ticket)>,
    ended: Option<Result<Session, Error>>,
    last_request: Option<Duration>,
    last_poll: Option<Duration>,
    next_pressed: bool,
    /// The password was sent, and the server may have looked at it.
    password_is_out: bool,
    /// Something spoke in the server's name: the login may end for good.
    misled: bool,
    was_https: bool,
    /// When the server last showed a code alive, and whether the last request was about it.
    code_alive: Duration,
    about_the_code: bool,
    /// What the server handed out.
    secrets: Vec<String>,
}

impl Harness {
    pub fn new(flow: Flow, seed: u64) -> Self {
        let version = [Version::V10_8, Version::V10_11, Version::V12][(seed % 3) as usize];
        let mut server = FakeServer::new(version);
        server.add_user("alice", PASSWORD);
        let at = url("http://nas.example");
        let login = match flow {
            Flow::Password => {
                Login::password(at, device(), "alice", PASSWORD).expect("a user name")
            }
            Flow::QuickConnect { .. } => Login::quick_connect(at, device()),
        };
        Self {
            flow,
            login: login.with_policy(policy(flow)),
            server,
            clock: Clock::default(),
            passed: Duration::ZERO,
            in_flight: None,
            ended: None,
            last_request: None,
            last_poll: None,
            next_pressed: false,
            password_is_out: false,
            misled: false,
            was_https: false,
            code_alive: Duration::ZERO,
            about_the_code: false,
            secrets: vec![PASSWORD.to_owned()],
        }
    }

    pub fn perform(&mut self, operation: &Operation) -> Check {
        match operation {
            Operation::AnswerCorrectly => {
                if let Some((request, ticket)) = self.in_flight.take() {
                    let response = self.server.handle(self.passed, &request);
                    self.learn_secrets(&response);
                    if response.status() == 200 && request.uri().path().contains("QuickConnect/") {
                        self.code_alive = self.passed;
                    }
                    self.answer(ticket, response)?;
                }
            }
            Operation::LoseTheAnswer(failure) => {
                if let Some((request, ticket)) = self.in_flight.take() {
                    // In doubt a driver never says that nothing was sent.
                    let failure = match failure {
                        Failure::Unreachable => Failure::Interrupted,
                        other => *other,
                    };
                    self.server.handle(self.passed, &request);
                    self.fail(ticket, failure)?;
                }
            }
            Operation::Fail(failure) => {
                if let Some((request, ticket)) = self.in_flight.take() {
                    if *failure == Failure::Unreachable && request.uri().path() == AUTHENTICATE {
                        self.password_is_out = false;
                    }
                    self.fail(ticket, *failure)?;
                }
            }
            Operation::Answer(lie) => {
                if let Some((request, ticket)) = self.in_flight.take() {
                    self.misled |= !lie.is_noise();
                    if matches!(lie.status, 429 | 503) && request.uri().path() == AUTHENTICATE {
                        self.password_is_out = false;
                    }
                    self.answer(ticket, response(lie))?;
                }
            }
            Operation::LetTimePass(time) => {
                self.clock.advance(*time);
                self.passed += *time;
            }
            Operation::GoBackInTime(time) => self.clock.go_back(*time),
            Operation::PressNext => self.next_pressed |= self.login.check_now(),
            Operation::DropTheTicket => self.in_flight = None,
            Operation::UseAForeignTicket => self.use_a_foreign_ticket()?,
            Operation::SaveAndResume => self.save_and_resume(),
            Operation::Approve => self.approve(),
            Operation::Cancel => {
                self.login.cancel();
                if self.ended.is_none() {
                    self.in_flight = None;
                }
            }
        }
        self.look()
    }

    /// The server answers correctly from here on, and the user approves: the login ends well.
    pub fn heal(&mut self) -> Check {
        for _ in 0..400 {
            if let Some(end) = &self.ended {
                return self.check_end(end.clone());
            }
            self.approve();
            if self.in_flight.is_some() {
                self.perform(&Operation::AnswerCorrectly)?;
            } else if let Ok(Step::Wait(wait)) = self.login.poll(self.clock.now()) {
                self.perform(&Operation::LetTimePass(wait.delay()))?;
            } else {
                self.look()?;
            }
        }
        Err(TestCaseError::fail("it should have ended by now"))
    }

    fn check_end(&self, end: Result<Session, Error>) -> Check {
        match end {
            Ok(session) => {
                let token = session.access_token().expose();
                prop_assert!(self.misled || self.server.is_token_valid(token), "a wrong token");
            }
            Err(Error::Cancelled { .. }) => {}
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
            Error::NoAnswer { .. } | Error::ServerBusy { .. } | Error::ServerStarting { .. } => {
                true
            }
            Error::Intercepted { .. } | Error::ServerFault { .. } => true,
            Error::CodeExpired { .. } | Error::CodeLost { .. } => {
                matches!(self.flow, Flow::QuickConnect { renew: false })
                    && self.passed >= Duration::from_secs(600)
            }
            _ => false,
        }
    }

    /// Asks the login what is next, and checks everything that must hold at any time.
    fn look(&mut self) -> Check {
        let step = self.login.poll(self.clock.now());
        let shown = format!("{:?} {step:?} {:?}", self.login, self.login.saved());
        self.check_secrets(&shown)?;
        match step {
            Ok(Step::Send(request)) => {
                prop_assert!(self.in_flight.is_none(), "two requests at once");
                prop_assert!(self.ended.is_none(), "a request after the end");
                let parts = request.into_parts();
                self.check_request(&parts.0)?;
                self.in_flight = Some(parts);
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
            Error::CodeLost { .. }
                | Error::CodeExpired { .. }
                | Error::QuickConnectDisabled { .. }
                | Error::Cancelled { .. }
        );
        let silence = self.passed - self.code_alive;
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
        prop_assert!(https || !self.was_https, "http after https");
        self.was_https = https;
        prop_assert!(uri.to_string().starts_with(self.login.server_url().as_str()));

        if let Some(last) = self.last_request {
            let probing = uri.path().ends_with("/System/Info/Public");
            let waited = self.passed - last >= Duration::from_secs(1);
            prop_assert!(waited || self.follows_at_once(uri.path()) || probing, "too soon");
        }
        if uri.path().ends_with("/QuickConnect/Connect") {
            if let Some(last) = self.last_poll {
                let gap = self.passed - last;
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

    fn learn_secrets(&mut self, response: &Response<Vec<u8>>) {
        let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap_or_default();
        for name in ["Secret", "AccessToken"] {
            self.secrets.extend(body[name].as_str().map(str::to_owned));
        }
    }

    fn answer(&mut self, ticket: Ticket, response: Response<Vec<u8>>) -> Check {
        prop_assert!(self.login.handle_response(ticket, response).is_ok());
        Ok(())
    }

    fn fail(&mut self, ticket: Ticket, failure: Failure) -> Check {
        prop_assert!(self.login.handle_failure(ticket, failure).is_ok());
        Ok(())
    }

    fn use_a_foreign_ticket(&mut self) -> Check {
        let mut other = Login::quick_connect(url("http://other.example"), device());
        let Ok(Step::Send(request)) = other.poll(self.clock.now()) else {
            return Err(TestCaseError::fail("a fresh login sends"));
        };
        let (_, ticket) = request.into_parts();
        prop_assert!(self.login.handle_failure(ticket, Failure::Timeout).is_err());
        Ok(())
    }

    fn save_and_resume(&mut self) {
        let Some(saved) = self.login.saved() else { return };
        let kept = serde_json::to_string(&saved).expect("a record is JSON");
        let saved = serde_json::from_str(&kept).expect("it was just written");
        self.login = Login::resume(saved, policy(self.flow)).expect("a fresh record");
        self.in_flight = None;
        // Another program: it begins at once.
        (self.last_request, self.last_poll) = (None, None);
    }

    fn approve(&mut self) {
        if let Some(code) = self.login.code().map(str::to_owned) {
            // An unknown or expired code is the user's to notice.
            let _ = self.server.approve(self.passed, &code, "alice");
        }
    }
}

fn policy(flow: Flow) -> Policy {
    let mut policy = Policy::default();
    if matches!(flow, Flow::QuickConnect { renew: true }) {
        policy.renewals = Renewals::Unlimited;
    }
    policy
}

fn response(lie: &Lie) -> Response<Vec<u8>> {
    let response =
        if lie.signed { answer::signed(lie.status) } else { answer::unsigned(lie.status) };
    let response = response.with_body(&lie.body);
    match lie.header {
        Some((name, value)) => response.with_header(name, value),
        None => response,
    }
}
