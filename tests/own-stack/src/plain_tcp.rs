//! The smallest driver: `std::net::TcpStream` and `httparse`. http only, one connection a request.

mod framing;
mod line;

use std::{
    cell::Cell,
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Instant,
};

use http::{Request, Response};
use jellyfin_auth::{Error, Failure, Limits, Login, Session, Timestamp, Wait, WakeReason, drive};

use line::Line;

/// What the user wants meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Give up.
    Cancel,
    /// Look now.
    CheckNow,
}

/// Runs a login to its end; `show` gets each wait, with the code.
///
/// # Errors
///
/// What the login ended with.
pub fn sign_in(
    login: Login,
    commands: &Receiver<Command>,
    mut show: impl FnMut(&Wait),
) -> Result<Session, Error> {
    let start = Instant::now();
    let cancelled = Cell::new(false);
    let result = drive(
        login,
        |request, limits| {
            exchange(&request, limits, || {
                let cancels = commands.try_iter().any(|command| command == Command::Cancel);
                cancelled.replace(cancelled.get() || cancels) || cancels
            })
        },
        |wait| {
            if cancelled.get() {
                return WakeReason::Cancel;
            }
            let begun = Instant::now();
            show(wait);
            match commands.recv_timeout(wait.delay().saturating_sub(begun.elapsed())) {
                Ok(Command::Cancel) | Err(RecvTimeoutError::Disconnected) => WakeReason::Cancel,
                Ok(Command::CheckNow) => WakeReason::CheckNow,
                Err(RecvTimeoutError::Timeout) => WakeReason::TimeOver,
            }
        },
        || Timestamp::new(start.elapsed()),
    );
    // An exchange that was given up is an interrupted one to the login, which may end with that.
    result.map_err(|error| if cancelled.get() { Error::Cancelled } else { error })
}

/// Sends a request and reads the answer, within `limits`.
///
/// # Errors
///
/// What to report to the login in place of an answer.
pub fn exchange(
    request: &Request<Vec<u8>>,
    limits: Limits,
    cancelled: impl FnMut() -> bool,
) -> Result<Response<Vec<u8>>, Failure> {
    let deadline = Instant::now() + limits.timeout;
    let mut line = Line::connect(request.uri(), deadline, cancelled)?;
    line.send(&framing::to_bytes(request))?;
    let mut read = Vec::new();
    let mut response = loop {
        match framing::head(&read)? {
            Some((end, _)) if end > framing::MOST_HEAD => return Err(Failure::TooLarge),
            Some((end, response)) => {
                read.drain(..end);
                match response.status().as_u16() {
                    101 => return Err(Failure::Other),
                    100..200 => {}
                    _ => break response,
                }
            }
            None if read.len() > framing::MOST_HEAD => return Err(Failure::TooLarge),
            None => drop(line.more(&mut read)?.ok_or(Failure::Interrupted)?),
        }
    };
    *response.body_mut() = framing::body(&response, read, limits.max_body, &mut line)?;
    Ok(response)
}
