//! What the user is asked at the terminal.

use std::{
    io::{self, IsTerminal as _, Write as _},
    thread,
};

use jellyfin_auth::Password;
use jellyfin_auth_ureq::Handle;

use crate::{
    failed::{Exit, Failed},
    interrupts::Interrupts,
};

/// Asks for the password of `user` without echo, or reads it as a line when nobody sits there.
pub(crate) fn password(interrupts: &Interrupts, user: &str) -> Result<Password, Failed> {
    let prompt = format!("Password of {user}: ");
    let echo = Echo::now();
    let read = interrupts.wait_for(move || read_password(&prompt));
    if read.is_err() {
        // The prompt was left behind in the middle.
        echo.restore();
    }
    match read? {
        Ok(Some(password)) => Ok(password),
        Ok(None) => Err(Failed::new(Exit::System, "no password came: standard input was closed")),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(Failed::cancelled()),
        Err(error) => Err(Failed::here(format!("the password can't be read: {error}"))),
    }
}

/// Asks for a number from 1 to `last`; Enter alone is 1. Only for a terminal.
pub(crate) fn number(interrupts: &Interrupts, last: usize) -> Result<usize, Failed> {
    loop {
        let line = line(interrupts, "Which one? [1] ")?;
        match line.trim().parse() {
            Ok(number) if (1..=last).contains(&number) => return Ok(number),
            _ if line.trim().is_empty() => return Ok(1),
            _ => {
                let _ = writeln!(io::stderr(), "Type a number from 1 to {last}.");
            }
        }
    }
}

/// Asks a question; all but "y" and "yes" is no. Only for a terminal.
pub(crate) fn yes(interrupts: &Interrupts, question: &str) -> Result<bool, Failed> {
    let line = line(interrupts, &format!("{question} [y/N] "))?;
    Ok(matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

/// Asks for a line. Only for a terminal.
pub(crate) fn line(interrupts: &Interrupts, prompt: &str) -> Result<String, Failed> {
    let _ = write!(io::stderr(), "{prompt}");
    let line = interrupts.wait_for(|| {
        let mut line = String::new();
        io::stdin().read_line(&mut line).map(|length| (length > 0).then_some(line))
    })?;
    match line {
        Ok(Some(line)) => Ok(line),
        Ok(None) => Err(Failed::cancelled()),
        Err(error) => Err(Failed::here(format!("the answer can't be read: {error}"))),
    }
}

/// Whether somebody sits there who can answer.
pub(crate) fn is_somebody_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// From now on, Enter presses "next", and a terminal that was closed gives up. Without a terminal,
/// and in a shell's background, nothing is read.
pub(crate) fn check_on_enter(handle: Handle) -> bool {
    if !is_somebody_there() || !is_in_foreground() {
        return false;
    }
    thread::spawn(move || {
        for line in io::stdin().lines() {
            if line.is_err() {
                break;
            }
            handle.check_now();
        }
        handle.cancel();
    });
    true
}

/// `None` when standard input was closed before anything came.
fn read_password(prompt: &str) -> io::Result<Option<Password>> {
    if io::stdin().is_terminal() {
        return match rpassword::prompt_password(prompt) {
            Ok(password) => Ok(Some(password.into())),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        };
    }
    let mut line = String::new();
    if io::stdin().read_line(&mut line)? == 0 {
        return Ok(None);
    }
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(Some(line.into()))
}

/// Reading in the background would stop the program.
#[cfg(unix)]
fn is_in_foreground() -> bool {
    rustix::termios::tcgetpgrp(io::stdin())
        .is_ok_and(|foreground| foreground == rustix::process::getpgrp())
}

#[cfg(not(unix))]
fn is_in_foreground() -> bool {
    true
}

/// How the terminal was before a prompt switched its echo off.
#[cfg(unix)]
struct Echo(Option<rustix::termios::Termios>);

#[cfg(unix)]
impl Echo {
    fn now() -> Self {
        Self(rustix::termios::tcgetattr(io::stdin()).ok())
    }

    fn restore(&self) {
        if let Some(before) = &self.0 {
            use rustix::termios::{OptionalActions, tcsetattr};
            // A terminal that has been closed needs no echo.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
            let _ = writeln!(io::stderr());
        }
    }
}

#[cfg(not(unix))]
struct Echo;

#[cfg(not(unix))]
impl Echo {
    fn now() -> Self {
        Self
    }

    fn restore(&self) {}
}
