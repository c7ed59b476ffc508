use std::time::Duration;

use http::{Request, Response};
use jellyfin_auth::{
    Error, Failure, Login, LoginRecord, Machine as _, Policy, Renewals, ServerUrl, Session, Step,
    Ticket,
};
use jellyfin_auth_testkit::{Clock, fake_server::FakeServer};

use super::{Operation, Start, Way, promises::Seen};
use crate::device;

pub(super) const PASSWORD: &str = "cAnArY-password";
pub(super) const HOST: &str = "nas.example";
const AUTHENTICATE: &str = "/Users/AuthenticateByName";

/// A login, its server and the time.
pub(super) struct Harness {
    pub(super) way: Way,
    pub(super) policy: Policy,
    pub(super) login: Login,
    pub(super) server: FakeServer,
    pub(super) clock: Clock,
    /// The time that has really passed: a clock that goes back doesn't undo it.
    pub(super) passed: Duration,
    pub(super) in_flight: Option<(Request<Vec<u8>>, Ticket)>,
    pub(super) ended: Option<Result<Session, Error>>,
    pub(super) seen: Seen,
}

impl Harness {
    pub(super) fn new(start: Start, operations: &[Operation]) -> Self {
        let Start { way, version, base_path, probe, verify } = start;
        let mut server = FakeServer::new(version);
        server.add_user("alice", PASSWORD);
        let base_path = if base_path { "/jf" } else { "" };
        base_path.clone_into(&mut server.settings_mut().base_url);
        let at = ServerUrl::parse(&format!("http://{HOST}{base_path}")).expect("an address");
        let login = match way {
            Way::Password => Login::password(at, device(), "alice", PASSWORD).expect("a user name"),
            Way::QuickConnect { .. } => Login::quick_connect(at, device()),
        };
        let mut policy = Policy::default();
        policy.probe = probe;
        policy.verify_token = verify;
        if way == (Way::QuickConnect { renew: true }) {
            policy.renewals = Renewals::Unlimited;
        }
        Self {
            way,
            login: login.with_policy(policy.clone()),
            policy,
            server,
            clock: Clock::default(),
            passed: Duration::ZERO,
            in_flight: None,
            ended: None,
            seen: Seen::before(operations),
        }
    }

    pub(super) fn perform(&mut self, operation: &Operation) {
        match operation {
            Operation::LetTimePass(time) => {
                self.clock.advance(*time);
                self.passed = self.passed.saturating_add(*time);
                self.seen.burst = 0;
            }
            Operation::GoBackInTime(time) => self.clock.go_back(*time),
            Operation::PressNext => self.seen.next_pressed |= self.login.check_now(),
            Operation::DropTheTicket => self.in_flight = None,
            Operation::UseAForeignTicket => self.use_a_foreign_ticket(),
            Operation::SaveAndResume(pause) => self.save_and_resume(*pause),
            Operation::Approve => self.approve(),
            Operation::Restart => {
                self.server.restart();
                self.seen.restarted = true;
            }
            Operation::Cancel => self.login.cancel(),
            Operation::AnswerCorrectly
            | Operation::LoseTheAnswer(_)
            | Operation::Fail(_)
            | Operation::Answer(_) => {
                if let Some((request, ticket)) = self.in_flight.take() {
                    self.end_request(operation, &request, ticket);
                }
            }
        }
    }

    fn end_request(&mut self, operation: &Operation, request: &Request<Vec<u8>>, ticket: Ticket) {
        // Once it is over, by a cancel too, every ticket is stale.
        let was_over = self.ended.is_some();
        let is_password = request.uri().path().ends_with(AUTHENTICATE);
        let taken = match operation {
            Operation::LoseTheAnswer(failure) => {
                self.server.handle(self.passed, request);
                // In doubt a driver never reports that nothing was sent.
                let failure = if was_not_sent(*failure) { Failure::Interrupted } else { *failure };
                self.login.handle(ticket, Err(failure))
            }
            Operation::Fail(failure) => {
                self.seen.password_is_out &= !(is_password && was_not_sent(*failure));
                self.login.handle(ticket, Err(*failure))
            }
            Operation::Answer(response) => {
                self.seen.something_else_answered(response, is_password);
                self.login.handle(ticket, Ok(response))
            }
            _ => {
                let response: Response<_> = self.server.handle(self.passed, request);
                self.seen.the_server_answered(request, &response, self.passed);
                self.login.handle(ticket, Ok(&response))
            }
        };
        assert_eq!(taken, !was_over, "a ticket is good until the end");
    }

    /// From here on the server answers correctly and the user approves: the login ends well.
    pub(super) fn heal(&mut self) {
        for _ in 0..400 {
            if let Some(end) = &self.ended {
                return self.check_end(end);
            }
            self.approve();
            if self.in_flight.is_some() {
                self.perform(&Operation::AnswerCorrectly);
            } else if let Ok(Step::Wait(wait)) = self.login.poll(self.clock.now()) {
                self.perform(&Operation::LetTimePass(wait.delay()));
            }
            self.look();
        }
        panic!("it should have ended by now");
    }

    fn use_a_foreign_ticket(&mut self) {
        let at = ServerUrl::parse("http://other.example").expect("an address");
        let mut other = Login::quick_connect(at, device());
        let Ok(Step::Send(request)) = other.poll(self.clock.now()) else {
            panic!("a fresh login sends");
        };
        let (_, ticket, _) = request.into_parts();
        assert!(!self.login.handle(ticket, Err(Failure::Timeout)), "a foreign ticket is taken");
    }

    /// A code outlasts an end that has nothing to do with it, too.
    fn save_and_resume(&mut self, pause: Option<Duration>) {
        const WALL_CLOCK: Duration = Duration::from_secs(1_800_000_000);
        const LONGEST: Duration = Duration::from_secs(100_000_000);
        let Some(mut record) = self.login.to_record() else { return };
        if pause.is_some() {
            record = record.as_of(WALL_CLOCK);
        }
        let kept = serde_json::to_string(&record).expect("a record is JSON");
        let mut record: LoginRecord = serde_json::from_str(&kept).expect("it was just written");
        if let Some(pause) = pause {
            record = record.as_of(WALL_CLOCK.saturating_add(pause));
            self.passed = self.passed.saturating_add(pause.min(LONGEST));
        }
        let resumed = Login::resume(record).expect("what is kept can be resumed");
        self.login = resumed.with_policy(self.policy.clone());
        (self.in_flight, self.ended) = (None, None);
        self.seen.another_program_goes_on();
    }

    fn approve(&mut self) {
        if let Some(code) = self.login.code().map(str::to_owned) {
            // A code that the server doesn't know is the user's to notice.
            let _ = self.server.approve(self.passed, &code, "alice");
        }
    }
}

pub(super) fn was_not_sent(failure: Failure) -> bool {
    matches!(failure, Failure::Unreachable | Failure::HostNotFound)
}
