//! What the user is asked at the terminal.

use std::{
    fs::File,
    io::{self, IsTerminal as _, Read, Write as _},
    thread,
};

use jellyfin_auth::Password;
use jellyfin_auth_ureq::Handle;
use zeroize::Zeroizing;

use crate::{
    failed::{Exit, Failed},
    interrupts::Interrupts,
};

/// The longest password that is read from a pipe or a file.
const LONGEST_PASSWORD: usize = 4096;

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
    read_line(unbuffered_input()?)
}

/// One line, byte by byte, which leaves no copy behind.
fn read_line(mut input: impl Read) -> io::Result<Option<Password>> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST_PASSWORD));
    let mut byte = Zeroizing::new([0]);
    loop {
        match input.read(&mut *byte) {
            Ok(0) if line.is_empty() => return Ok(None),
            Ok(0) => break,
            Ok(_) if *byte == *b"\n" => break,
            Ok(_) if line.len() < LONGEST_PASSWORD => line.push(byte[0]),
            Ok(_) => {
                let text = format!("it is longer than {LONGEST_PASSWORD} bytes");
                return Err(io::Error::new(io::ErrorKind::InvalidData, text));
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let end = line.iter().rposition(|byte| *byte != b'\r').map_or(0, |last| last + 1);
    match std::str::from_utf8(&line[..end]) {
        Ok(line) => Ok(Some(line.into())),
        Err(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "it is no UTF-8")),
    }
}

/// Standard input without the standard library's buffer, which keeps what it has read.
fn unbuffered_input() -> io::Result<File> {
    #[cfg(unix)]
    let input = std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned()?;
    #[cfg(windows)]
    let input = std::os::windows::io::AsHandle::as_handle(&io::stdin()).try_clone_to_owned()?;
    Ok(File::from(input))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &[u8]) -> io::Result<Option<String>> {
        Ok(read_line(input)?.map(|password| password.expose().to_owned()))
    }

    #[test]
    fn a_password_is_one_line_without_its_end() {
        for (input, password) in [
            (b"wonder land\nmore".as_slice(), Some("wonder land")),
            (b"wonderland\r\n", Some("wonderland")),
            (b"\xc3\xbcber", Some("\u{fc}ber")),
            (b"\n", Some("")),
            (b"", None),
        ] {
            assert_eq!(read(input).expect("it can be read").as_deref(), password, "{input:?}");
        }
    }

    #[test]
    fn what_no_password_is_is_an_error_that_does_not_quote_it() {
        let long = [b'x'; LONGEST_PASSWORD + 1];
        assert!(read(&long[1..]).is_ok());
        for input in [&long[..], b"\xff\xfe\n"] {
            let error = read(input).expect_err("it is refused");
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
            assert!(!error.to_string().contains("xx"), "{error}");
        }
    }
}
