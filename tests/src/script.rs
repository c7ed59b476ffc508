use std::{fmt::Debug, time::Duration};

use http::{Request, Response};
use jellyfin_auth::{Error, Failure, Machine, Step, Ticket, Wait};

use crate::Clock;

/// A test of a machine, line by line: it sends this, gets that answer, waits so long.
///
/// Every step is asserted, and so is every delay: the clock is virtual and moves by exactly the
/// waits.
///
/// ```
/// use jellyfin_auth::{Device, DeviceFields, DeviceId, Failure, Login, ServerUrl};
/// use jellyfin_auth_testkit::{Script, answer};
///
/// let device = Device::new(DeviceFields {
///     client: "Example",
///     version: "1.0",
///     name: "Test",
///     id: DeviceId::new("d-1")?,
/// })?;
/// let login = Login::password(ServerUrl::parse("nas.example")?, device, "alice", "pw")?;
///
/// let mut script = Script::new(login);
/// script.sends("GET", "/System/Info/Public").fails(Failure::Timeout);
/// script.waits(1);
/// script.sends("GET", "/System/Info/Public").answers(answer::server_info("ab12", "12.0.0"));
/// script.sends("POST", "/Users/AuthenticateByName").answers(answer::authentication("t", "u", "s"));
/// assert_eq!(script.ends().access_token().expose(), "t");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Script<M> {
    /// The machine.
    pub machine: M,
    /// The time.
    pub clock: Clock,
}

/// A request that was sent and is to be answered.
#[derive(Debug)]
#[must_use = "say what comes of the request"]
pub struct Exchange<'s, M> {
    script: &'s mut Script<M>,
    request: Request<Vec<u8>>,
    ticket: Ticket,
}

impl<M: Machine> Script<M>
where
    M::Output: Debug,
{
    /// Starts at the clock's origin.
    pub fn new(machine: M) -> Self {
        Self { machine, clock: Clock::default() }
    }

    /// The machine sends this now. `target` is the path, with the query if there is one.
    ///
    /// # Panics
    ///
    /// When it does anything else.
    #[track_caller]
    pub fn sends(&mut self, method: &str, target: &str) -> Exchange<'_, M> {
        match self.machine.poll(self.clock.now()) {
            Ok(Step::Send(request)) => {
                let (request, ticket, _) = request.into_parts();
                let uri = request.uri();
                let sent = uri.path_and_query().map_or("", |path| path.as_str());
                assert_eq!((request.method().as_str(), sent), (method, target), "it sends");
                Exchange { script: self, request, ticket }
            }
            other => panic!("it should send {method} {target}, but: {other:?}"),
        }
    }

    /// The machine waits for so many seconds, which then pass.
    ///
    /// # Panics
    ///
    /// When it does anything else, or waits for another time.
    #[track_caller]
    pub fn waits(&mut self, seconds: u64) -> Wait {
        let wait = self.is_waiting();
        assert_eq!(wait.delay(), Duration::from_secs(seconds), "it waits, {}", wait.reason());
        self.clock.advance(wait.delay());
        wait
    }

    /// The machine waits; no time passes.
    ///
    /// # Panics
    ///
    /// When it does anything else.
    #[track_caller]
    pub fn is_waiting(&mut self) -> Wait {
        match self.machine.poll(self.clock.now()) {
            Ok(Step::Wait(wait)) => wait,
            other => panic!("it should wait, but: {other:?}"),
        }
    }

    /// The machine has ended, with this.
    ///
    /// # Panics
    ///
    /// When it does anything else.
    #[track_caller]
    pub fn ends(&mut self) -> M::Output {
        match self.machine.poll(self.clock.now()) {
            Ok(Step::Done(output)) => output,
            other => panic!("it should be done, but: {other:?}"),
        }
    }

    /// The machine has ended, with this error, and stays so.
    ///
    /// # Panics
    ///
    /// When it does anything else.
    #[track_caller]
    pub fn fails(&mut self) -> Error {
        match self.machine.poll(self.clock.now()) {
            Err(error) => {
                let again = self.machine.poll(self.clock.now());
                assert!(again.is_err_and(|again| again == error), "an error stays");
                error
            }
            Ok(step) => panic!("it should fail, but: {step:?}"),
        }
    }
}

impl<M: Machine> Exchange<'_, M> {
    /// The request.
    #[must_use]
    pub fn request(&self) -> &Request<Vec<u8>> {
        &self.request
    }

    /// It is answered.
    ///
    /// # Panics
    ///
    /// When the machine doesn't take the answer.
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "so that a script reads like one")]
    pub fn answers(self, response: Response<Vec<u8>>) {
        assert!(self.script.machine.handle(self.ticket, Ok(&response)), "the ticket is current");
    }

    /// It gets no answer.
    ///
    /// # Panics
    ///
    /// When the machine doesn't take the failure.
    #[track_caller]
    pub fn fails(self, failure: Failure) {
        assert!(self.script.machine.handle(self.ticket, Err(failure)), "the ticket is current");
    }

    /// It takes so many seconds until what comes next.
    #[must_use = "say what comes of the request"]
    pub fn takes(self, seconds: u64) -> Self {
        self.script.clock.advance(Duration::from_secs(seconds));
        self
    }

    /// Nothing is ever reported: the ticket is dropped.
    pub fn is_forgotten(self) {
        drop(self.ticket);
    }

    /// The ticket, to be answered later or elsewhere.
    pub fn into_ticket(self) -> Ticket {
        self.ticket
    }
}
