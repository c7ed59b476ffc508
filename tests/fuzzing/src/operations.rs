use std::time::Duration;

use http::{Request, Response};
use jellyfin_auth::{
    Error, Failure, Login, LoginRecord, Machine, Policy, Renewals, ServerUrl, Session, Step, Ticket,
};

use super::{
    assert_fit_to_be_shown, device,
    message::{response, split_at},
};
use jellyfin_auth_testkit::{
    Clock,
    fake_server::{FakeServer, Version},
};

const PASSWORD: &str = "cAnArY-password";
const HOST: &str = "nas.example";

/// What happens to a login, a paragraph each, with `---` between them:
///
/// ```text
/// quick connect, renew, verify
/// ---
/// ok
/// ---
/// wait 5000
/// ---
/// 503 marked
/// retry-after: 7
/// ```
///
/// The first says how to sign in. `ok`: the server answers; `lose` and `fail` with a failure's number:
/// its answer is lost, or the request is; `wait` and `back` with milliseconds: time passes, or the clock
/// goes back; `save` with seconds: the program stops and goes on from its record after them; `next`,
/// `drop`, `approve`, `restart`, `cancel`; all else is a response that the server didn't give.
pub fn operations(input: &[u8]) {
    let (way, mut rest) = split_at(input, b"\n---\n");
    let mut world = World::new(&String::from_utf8_lossy(way));
    // What stands in an answer may be shown, even if it is the password by chance.
    world.input_has_password = holds(input, PASSWORD);
    world.look();
    // The rest of an endless input shows nothing new.
    for _ in 0..200 {
        if rest.is_empty() {
            break;
        }
        let (operation, next) = split_at(rest, b"\n---\n");
        world.perform(operation);
        world.look();
        rest = next;
    }
}

struct World {
    login: Login,
    policy: Policy,
    server: FakeServer,
    clock: Clock,
    in_flight: Option<(Request<Vec<u8>>, Ticket)>,
    ended: Option<Result<Session, Error>>,
    was_https: bool,
    password_is_out: bool,
    /// How often a response said that the password wasn't looked at.
    passwords_refused: u32,
    input_has_password: bool,
    /// Requests since time last passed.
    burst: u32,
}

impl World {
    fn new(way: &str) -> Self {
        let at = ServerUrl::parse(&format!("http://{HOST}/jf")).expect("an address");
        let mut policy = Policy::default();
        policy.probe = !way.contains("blind");
        policy.verify_token = way.contains("verify");
        if way.contains("renew") {
            policy.renewals = Renewals::Unlimited;
        }
        let login = if way.contains("password") {
            Login::password(at, device(), "alice", PASSWORD).expect("a user name")
        } else {
            Login::quick_connect(at, device())
        };
        let version = if way.contains("old") { Version::V10_8 } else { Version::V12 };
        let mut server = FakeServer::new(version);
        server.add_user("alice", PASSWORD);
        "/jf".clone_into(&mut server.settings_mut().base_url);
        Self {
            login: login.with_policy(policy.clone()),
            policy,
            server,
            clock: Clock::default(),
            in_flight: None,
            ended: None,
            was_https: false,
            password_is_out: false,
            passwords_refused: 0,
            input_has_password: false,
            burst: 0,
        }
    }

    fn perform(&mut self, operation: &[u8]) {
        let text = String::from_utf8_lossy(operation);
        let mut words = text.split(' ');
        let word = words.next().unwrap_or_default();
        let number = words.next().and_then(|number| number.parse().ok()).unwrap_or(0_u64);
        let now = self.clock.now().since_origin();
        match word {
            "wait" => {
                self.clock.advance(Duration::from_millis(number.min(100_000_000)));
                self.burst = 0;
            }
            "back" => self.clock.go_back(Duration::from_millis(number)),
            "next" => drop(self.login.check_now()),
            "drop" => self.in_flight = None,
            "cancel" => self.login.cancel(),
            "restart" => self.server.restart(),
            "approve" => {
                let code = self.login.code().unwrap_or_default().to_owned();
                // A code that the server doesn't know is the user's to notice.
                let _ = self.server.approve(now, &code, "alice");
            }
            "save" => self.save_and_resume(Duration::from_secs(number)),
            _ => {
                if let Some((request, ticket)) = self.in_flight.take() {
                    self.answer(operation, word, number, &request, ticket);
                }
            }
        }
    }

    fn answer(
        &mut self,
        operation: &[u8],
        word: &str,
        number: u64,
        request: &Request<Vec<u8>>,
        ticket: Ticket,
    ) {
        // Once it is over, by a cancel too, every ticket is stale.
        let was_over = self.ended.is_some();
        let now = self.clock.now().since_origin();
        let taken = match word {
            "ok" => self.login.handle(ticket, Ok(&self.server.handle(now, request))),
            "lose" => {
                self.server.handle(now, request);
                // In doubt a driver never reports that nothing was sent.
                let failure = Some(failure(number)).filter(|it| !was_not_sent(*it));
                self.login.handle(ticket, Err(failure.unwrap_or(Failure::Interrupted)))
            }
            "fail" => {
                let failure = failure(number);
                self.password_is_out &= !was_not_sent(failure);
                self.login.handle(ticket, Err(failure))
            }
            _ => {
                let response = response(operation);
                if self.password_is_out && was_not_looked_at(&response) {
                    self.password_is_out = false;
                    self.passwords_refused += 1;
                }
                self.login.handle(ticket, Ok(&response))
            }
        };
        assert_eq!(taken, !was_over, "a ticket is good until the end");
    }

    /// A code outlasts an end that has nothing to do with it, too.
    fn save_and_resume(&mut self, pause: Duration) {
        let Some(record) = self.login.to_record() else { return };
        let wall_clock = Duration::from_secs(1_800_000_000);
        let kept = serde_json::to_string(&record.as_of(wall_clock)).expect("a record is JSON");
        let record: LoginRecord = serde_json::from_str(&kept).expect("it was just written");
        let resumed = Login::resume(record.as_of(wall_clock.saturating_add(pause)));
        self.login = resumed.expect("what is kept can be resumed").with_policy(self.policy.clone());
        self.in_flight = None;
        self.ended = None;
        self.was_https = false;
        self.burst = 0;
    }

    /// Asks what is next, and checks what holds at any time.
    fn look(&mut self) {
        match self.login.poll(self.clock.now()) {
            Ok(Step::Send(request)) => {
                assert!(self.in_flight.is_none() && self.ended.is_none());
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
            Ok(Step::Done(session)) => self.end(&Ok(session)),
            Err(error) => {
                assert_fit_to_be_shown(&error.to_string());
                self.end(&Err(error));
            }
        }
        let shown = format!("{:?} {:?} {:?}", self.login, self.login.to_record(), self.ended);
        assert!(self.input_has_password || !shown.contains(PASSWORD), "the password is shown");
    }

    fn end(&mut self, end: &Result<Session, Error>) {
        let before = self.ended.get_or_insert_with(|| end.clone());
        assert_eq!(before, end, "the end stays");
    }

    fn check_request(&mut self, request: &Request<Vec<u8>>) {
        let uri = request.uri();
        assert_eq!(uri.host(), Some(HOST));
        let https = uri.scheme_str() == Some("https");
        assert!(https || !self.was_https, "http after https");
        self.was_https = https;
        assert!(uri.to_string().starts_with(self.login.server_url().as_str()));
        self.burst += 1;
        assert!(self.burst < 20, "it doesn't wait");
        if uri.path().ends_with("/Users/AuthenticateByName") {
            assert!(!self.password_is_out, "the password was sent twice");
            let most = self.policy.retries;
            assert!(self.passwords_refused <= most, "the password was sent too often");
            self.password_is_out = true;
        } else {
            let is_there = holds(request.body(), PASSWORD) || uri.to_string().contains(PASSWORD);
            assert!(self.input_has_password || !is_there, "the password went to {}", uri.path());
        }
    }
}

/// 429, and 503 by the server itself or with the time to come again. Any other 503 may stand for a
/// reply that was lost on its way back.
fn was_not_looked_at(response: &Response<Vec<u8>>) -> bool {
    let is_marked = response.headers().contains_key("x-response-time-ms");
    match response.status().as_u16() {
        429 => true,
        503 if is_marked => !response.body().is_empty(),
        503 => response.headers().contains_key("retry-after"),
        _ => false,
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn failure(number: u64) -> Failure {
    match number % 10 {
        0 => Failure::Unreachable,
        1 => Failure::Interrupted,
        2 => Failure::Timeout,
        3 => Failure::Tls,
        4 => Failure::TooLarge,
        5 => Failure::Proxy,
        6 => Failure::Redirected,
        7 => Failure::Other,
        8 => Failure::HostNotFound,
        _ => Failure::NoTls,
    }
}

fn was_not_sent(failure: Failure) -> bool {
    matches!(failure, Failure::Unreachable | Failure::HostNotFound)
}
