//! The smallest driver: `std::net::TcpStream` and `httparse`. http only, one connection a request.

mod framing;
mod line;

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use http::{Request, Response};
use jellyfin_auth::{Error, Failure, Login, Session, Step, Timestamp, Wait};

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
    mut login: Login,
    commands: &Receiver<Command>,
    mut show: impl FnMut(&Wait),
) -> Result<Session, Error> {
    let start = Instant::now();
    loop {
        match login.poll(Timestamp::new(start.elapsed()))? {
            Step::Done(session) => return Ok(session),
            Step::Pending => unreachable!("every request is answered before the next poll"),
            Step::Wait(wait) => {
                show(&wait);
                match commands.recv_timeout(wait.delay()) {
                    Ok(Command::Cancel) | Err(RecvTimeoutError::Disconnected) => login.cancel(),
                    Ok(Command::CheckNow) => drop(login.check_now()),
                    Err(RecvTimeoutError::Timeout) => {}
                }
            }
            Step::Send(request) => {
                let limits = (request.timeout(), request.max_body());
                let (request, ticket) = request.into_parts();
                let mut cancelled = false;
                let answer = exchange(&request, limits, || {
                    cancelled |= commands.try_iter().any(|one| one == Command::Cancel);
                    cancelled
                });
                if cancelled {
                    login.cancel();
                } else {
                    let told = match answer {
                        Ok(response) => login.handle_response(ticket, response),
                        Err(failure) => login.handle_failure(ticket, failure),
                    };
                    told.expect("the login waits for the ticket of its last request");
                }
            }
        }
    }
}

/// Sends a request and reads the answer, in the time and up to the size that `limits` say.
///
/// # Errors
///
/// What to tell the login in place of an answer.
pub fn exchange(
    request: &Request<Vec<u8>>,
    limits: (Duration, usize),
    cancelled: impl FnMut() -> bool,
) -> Result<Response<Vec<u8>>, Failure> {
    let deadline = Instant::now() + limits.0;
    let mut line = Line::connect(request.uri(), deadline, cancelled)?;
    line.send(&framing::to_bytes(request))?;
    let mut read = Vec::new();
    let mut response = loop {
        match framing::head(&read)? {
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
    *response.body_mut() = framing::body(&response, read, limits.1, &mut line)?;
    Ok(response)
}
