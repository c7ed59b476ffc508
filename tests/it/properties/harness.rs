use std::time::Duration;

use http::{Request, Response};
use jellyfin_auth::{Error, Failure, Login, Machine as _, Policy, Renewals, Session, Step, Ticket};
use jellyfin_auth_testkit::{
    Clock,
    answer::{self, ResponseExt as _},
    fake_server::{FakeServer, Version},
};
use proptest::prelude::*;

use super::operations::{Lie, Operation};
use crate::given::{AUTHENTICATE, device, url};

pub(super) const PASSWORD: &str = "cAnArY-password";

pub(super) type Check = Result<(), TestCaseError>;

#[derive(Clone, Copy, Debug)]
pub enum Flow {
    Password,
    QuickConnect { renew: bool },
}

/// A login, a server and what has been seen of both.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that was seen")]
pub struct Harness {
    pub(super) flow: Flow,
    pub(super) login: Login,
    pub(super) server: FakeServer,
    pub(super) clock: Clock,
    /// The time that a machine may know of: clocks that go back don't undo it.
    pub(super) passed: Duration,
    pub(super) in_flight: Option<(Request<Vec<u8>>, Ticket)>,
    pub(super) ended: Option<Result<Session, Error>>,
    pub(super) last_request: Option<Duration>,
    pub(super) last_poll: Option<Duration>,
    pub(super) next_pressed: bool,
    /// The password was sent, and the server may have looked at it.
    pub(super) password_is_out: bool,
    /// Something spoke in the server's name: the login may end for good.
    pub(super) misled: bool,
    pub(super) was_https: bool,
    pub(super) is_resumed: bool,
    /// When the server last showed a code alive, and whether the last request was about it.
    pub(super) code_alive: Duration,
    pub(super) about_the_code: bool,
    /// What the server handed out.
    pub(super) secrets: Vec<String>,
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
            is_resumed: false,
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
                    self.answer(ticket, &response)?;
                }
            }
            Operation::LoseTheAnswer(failure) => {
                if let Some((request, ticket)) = self.in_flight.take() {
                    // In doubt a driver never reports that nothing was sent.
                    let failure = match failure {
                        Failure::Unreachable | Failure::HostNotFound => Failure::Interrupted,
                        other => *other,
                    };
                    self.server.handle(self.passed, &request);
                    self.fail(ticket, failure)?;
                }
            }
            Operation::Fail(failure) => {
                if let Some((request, ticket)) = self.in_flight.take() {
                    let was_not_sent =
                        matches!(failure, Failure::Unreachable | Failure::HostNotFound);
                    if was_not_sent && request.uri().path() == AUTHENTICATE {
                        self.password_is_out = false;
                    }
                    self.fail(ticket, *failure)?;
                }
            }
            Operation::Answer(lie) => {
                if let Some((request, ticket)) = self.in_flight.take() {
                    self.misled |= !lie.is_noise();
                    if lie.says_that_nobody_looked() && request.uri().path() == AUTHENTICATE {
                        self.password_is_out = false;
                    }
                    self.answer(ticket, &response(lie))?;
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

    fn answer(&mut self, ticket: Ticket, response: &Response<Vec<u8>>) -> Check {
        prop_assert!(self.login.handle(ticket, Ok(response)));
        Ok(())
    }

    fn fail(&mut self, ticket: Ticket, failure: Failure) -> Check {
        prop_assert!(self.login.handle(ticket, Err(failure)));
        Ok(())
    }

    fn use_a_foreign_ticket(&mut self) -> Check {
        let mut other = Login::quick_connect(url("http://other.example"), device());
        let Ok(Step::Send(request)) = other.poll(self.clock.now()) else {
            return Err(TestCaseError::fail("a fresh login sends"));
        };
        let (_, ticket, _) = request.into_parts();
        prop_assert!(!self.login.handle(ticket, Err(Failure::Timeout)));
        Ok(())
    }

    fn save_and_resume(&mut self) {
        let Some(saved) = self.login.to_record() else { return };
        let kept = serde_json::to_string(&saved).expect("a record is JSON");
        let saved = serde_json::from_str(&kept).expect("it was just written");
        let login = Login::resume(saved).expect("a fresh record");
        self.login = login.with_policy(policy(self.flow));
        (self.in_flight, self.ended) = (None, None);
        // Another program: it begins at once, at the address that the first one was at.
        (self.last_request, self.last_poll) = (None, None);
        self.is_resumed = true;
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
        if lie.marked { answer::marked(lie.status) } else { answer::unmarked(lie.status) };
    let response = response.with_body(&lie.body);
    match lie.header {
        Some((name, value)) => response.with_header(name, value),
        None => response,
    }
}
