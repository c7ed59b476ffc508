//! The loop of every driver, written once: around a blocking HTTP client and around an async one.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

use http::Response;

use crate::{Error, Failure, Limits, Machine, Step, Ticket, Timestamp, Wait, WaitReason};

/// Why a wait ended. `()` converts into [`WakeReason::TimeOver`], for programs that just sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WakeReason {
    /// The time is over. Waking up too early counts as this, too.
    TimeOver,
    /// The user pressed "next": [`Machine::check_now`] is called.
    CheckNow,
    /// The user gave up: [`Machine::cancel`] is called.
    Cancel,
}

impl From<()> for WakeReason {
    fn from((): ()) -> Self {
        Self::TimeOver
    }
}

/// Runs a machine to its end with a blocking HTTP client.
///
/// * `send` sends one request within the [`Limits`], without following redirects, and returns the
///   response whatever its status, or why there is none.
/// * `wait` shows the [`Wait`] and sleeps for [`Wait::delay`]. It returns `()`, or a [`WakeReason`] when
///   it can be woken up.
/// * `now` is the time since any fixed moment.
///
/// ```
/// use std::{thread, time::{Duration, Instant}};
/// use jellyfin_auth::{Device, DeviceFields, DeviceId, Failure, Limits, Login, ServerUrl, Timestamp, drive};
///
/// /// Your HTTP client: no redirects, no error for any status, a fresh connection for a request that
/// /// isn't replayable.
/// fn send(
///     request: http::Request<Vec<u8>>,
///     limits: Limits,
/// ) -> Result<http::Response<Vec<u8>>, Failure> {
/// #   let (_, _) = (request, limits);
/// #   if true { return Err(Failure::Tls); }
///     // client.timeout(limits.timeout).max_body(limits.max_body).send(request)
///     Err(Failure::Unreachable)
/// }
///
/// let device = Device::new(DeviceFields {
///     client: "Example Player",
///     version: "1.4.0",
///     name: "Living room",
///     id: DeviceId::from_random([7; 16]),
/// })?;
/// let login = Login::quick_connect(ServerUrl::parse("media.example.com")?, device);
/// let start = Instant::now();
/// let result = drive(
///     login,
///     send,
///     |wait| {
///         println!("{} {}", wait.code().unwrap_or_default(), wait.reason());
///         thread::sleep(wait.delay());
///     },
///     || Timestamp::new(start.elapsed()),
/// );
/// # assert!(result.is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The [`Error`] that the machine ended with.
pub fn drive<M: Machine, B: AsRef<[u8]>, W: Into<WakeReason>>(
    mut machine: M,
    mut send: impl FnMut(http::Request<Vec<u8>>, Limits) -> Result<Response<B>, Failure>,
    mut wait: impl FnMut(&Wait) -> W,
    mut now: impl FnMut() -> Timestamp,
) -> Result<M::Output, Error> {
    loop {
        match machine.poll(now())? {
            Step::Send(request) => {
                let (request, ticket, limits) = request.into_parts();
                hand_in(&mut machine, ticket, send(request, limits));
            }
            Step::Wait(step) => wake(&mut machine, wait(&step).into()),
            // Only for a machine that came with a request of somebody else's under way.
            Step::Pending => wake(&mut machine, wait(&ELSEWHERE).into()),
            Step::Done(output) => return Ok(output),
        }
    }
}

/// Runs a machine to its end with an async HTTP client, in any executor. Requests that the machine
/// wants to have under way at the same time are sent at the same time.
///
/// The arguments are those of [`drive`]. Dropping the future drops the requests that are under way and
/// the machine with it.
///
/// # Errors
///
/// The [`Error`] that the machine ended with.
pub async fn drive_async<M, B, W, Sent, Waited>(
    mut machine: M,
    mut send: impl FnMut(http::Request<Vec<u8>>, Limits) -> Sent,
    mut wait: impl FnMut(Wait) -> Waited,
    mut now: impl FnMut() -> Timestamp,
) -> Result<M::Output, Error>
where
    M: Machine,
    B: AsRef<[u8]>,
    W: Into<WakeReason>,
    Sent: Future<Output = Result<Response<B>, Failure>>,
    Waited: Future<Output = W>,
{
    let mut under_way: Vec<(Ticket, Pin<Box<Sent>>)> = Vec::new();
    loop {
        let delay = match machine.poll(now())? {
            Step::Send(request) => {
                let (request, ticket, limits) = request.into_parts();
                under_way.push((ticket, Box::pin(send(request, limits))));
                continue;
            }
            Step::Done(output) => return Ok(output),
            Step::Wait(wait) => Some(wait),
            Step::Pending if under_way.is_empty() => Some(ELSEWHERE),
            Step::Pending => None,
        };
        let mut timer = pin!(delay.map(&mut wait).map(Box::pin));
        let event = poll_fn(|context| {
            for (index, (_, sent)) in under_way.iter_mut().enumerate() {
                if let Poll::Ready(result) = sent.as_mut().poll(context) {
                    return Poll::Ready(Event::Answered(index, result));
                }
            }
            match timer.as_mut().as_pin_mut() {
                Some(timer) => timer.poll(context).map(|reason| Event::WaitOver(reason.into())),
                None => Poll::Pending,
            }
        })
        .await;
        match event {
            Event::Answered(index, result) => {
                let (ticket, _) = under_way.swap_remove(index);
                hand_in(&mut machine, ticket, result);
            }
            Event::WaitOver(reason) => wake(&mut machine, reason),
        }
    }
}

enum Event<B> {
    Answered(usize, Result<Response<B>, Failure>),
    WaitOver(WakeReason),
}

/// What is waited for when somebody else has the ticket of the only request that is under way.
const ELSEWHERE: Wait = Wait {
    delay: Duration::from_secs(1),
    code: None,
    code_expires_in: None,
    reason: WaitReason::Other,
};

fn hand_in<B: AsRef<[u8]>>(
    machine: &mut impl Machine,
    ticket: Ticket,
    result: Result<Response<B>, Failure>,
) {
    match result {
        Ok(response) => machine.handle(ticket, Ok(&response)),
        Err(failure) => machine.handle(ticket, Err(failure)),
    };
}

fn wake(machine: &mut impl Machine, reason: WakeReason) {
    match reason {
        WakeReason::TimeOver => {}
        WakeReason::CheckNow => {
            machine.check_now();
        }
        WakeReason::Cancel => machine.cancel(),
    }
}
