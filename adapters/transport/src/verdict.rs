use jellyfin_auth::{Device, DeviceId, Failure, Login, Policy, ServerUrl, Step, Timestamp};

use crate::{Error, TransportError};

/// Keeps what the transport said last and makes the [`Error`] of a run from it.
#[derive(Debug, Default)]
pub struct Verdict {
    last: Option<TransportError>,
}

impl Verdict {
    /// No request has failed yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An answer came: what failed before has no say any more.
    pub fn answered(&mut self) {
        self.last = None;
    }

    /// A request failed. Returns what to tell the machine.
    pub fn failed(&mut self, error: TransportError) -> Failure {
        let failure = error.failure();
        self.last = Some(error);
        failure
    }

    /// The end of a run: the core's verdict, or what must be put right when that was in the way.
    #[must_use]
    pub fn end(self, error: jellyfin_auth::Error) -> Error {
        match self.last {
            None => Error::from(error),
            Some(last) => match (last.set_up(), &error) {
                (Some(set_up), jellyfin_auth::Error::NoAnswer { .. }) => {
                    Error::from(set_up.clone())
                }
                _ => Error::new(error, Some(Box::new(last))),
            },
        }
    }

    /// The end of a single request that got no answer.
    #[must_use]
    pub fn no_answer(error: TransportError) -> Error {
        let mut verdict = Self::new();
        let failure = verdict.failed(error);
        let judged = of_core(|login| {
            if let Ok(Step::Send(request)) = login.poll(Timestamp::ORIGIN) {
                let (_, ticket) = request.into_parts();
                login.handle_failure(ticket, failure).expect("the ticket was handed out just now");
            }
        });
        verdict.end(judged)
    }

    /// The end of what was cancelled before it began.
    #[must_use]
    pub fn cancelled() -> Error {
        Error::from(of_core(Login::cancel))
    }
}

/// What the core says about a login that has no second try. Its errors can't be built outside it, so
/// that what a failure means is said in one place only.
fn of_core(ending: impl FnOnce(&mut Login)) -> jellyfin_auth::Error {
    let server = ServerUrl::parse("http://localhost").expect("a plain address is taken");
    let device = DeviceId::from_random([0; 16]);
    let device = Device::new("driver", "1", "driver", device).expect("no field is blank");
    let mut policy = Policy::default();
    policy.retries = 0;
    let mut login = Login::quick_connect(server, device).with_policy(policy);
    ending(&mut login);
    login.poll(Timestamp::ORIGIN).expect_err("a login without a second try has ended")
}
