//! The user's side: the password, Enter and Ctrl-C.

use std::{
    io::{self, IsTerminal as _},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Duration,
};

use crate::{Failed, adapter::Handle};
use jellyfin_auth::{Password, Unencrypted};

/// What the user does.
pub(crate) struct Terminal {
    sender: Sender<Input>,
    input: Receiver<Input>,
    run: Arc<Mutex<Run>>,
}

/// What Ctrl-C ends.
#[derive(Default)]
struct Run {
    is_over: bool,
    handle: Option<Handle>,
}

enum Input {
    Password(io::Result<Option<Password>>),
    Line(io::Result<String>),
    Interrupted,
}

impl Terminal {
    /// From now on, Ctrl-C gives up in order: the run that is [watched](Self::watch) is cancelled, and
    /// what waits here ends.
    pub(crate) fn new() -> Result<Self, Failed> {
        let (sender, input) = mpsc::channel();
        let run = Arc::<Mutex<Run>>::default();
        let (interrupted, interrupted_run) = (sender.clone(), Arc::clone(&run));
        ctrlc::set_handler(move || {
            let mut run = interrupted_run.lock().unwrap_or_else(PoisonError::into_inner);
            run.is_over = true;
            if let Some(handle) = run.handle.take() {
                handle.cancel();
            }
            let _ = interrupted.send(Input::Interrupted);
        })
        .map_err(|error| Failed(format!("Ctrl-C can't be listened to: {error}")))?;
        Ok(Self { sender, input, run })
    }

    /// A driver's next run is the one that Ctrl-C cancels.
    pub(crate) fn watch(&self, handle: Handle) {
        let mut run = self.run.lock().unwrap_or_else(PoisonError::into_inner);
        if run.is_over {
            handle.cancel();
        } else {
            run.handle = Some(handle);
        }
    }

    /// Asks for the password of `user`, without echo.
    pub(crate) fn password(&self, user: &str) -> Result<Password, Failed> {
        let prompt = format!("Password of {user}: ");
        let sender = self.sender.clone();
        // Reading can't be interrupted, so that a thread does it and is left behind after Ctrl-C.
        thread::spawn(move || drop(sender.send(Input::Password(read_password(&prompt)))));
        match self.input.recv().unwrap_or(Input::Interrupted) {
            Input::Password(Ok(Some(password))) => Ok(password),
            Input::Password(Ok(None)) => {
                Err(Failed("no password came: standard input was closed".to_owned()))
            }
            Input::Password(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {
                Err(Failed("cancelled".to_owned()))
            }
            Input::Password(Err(error)) => {
                Err(Failed(format!("the password can't be read: {error}")))
            }
            Input::Interrupted | Input::Line(_) => {
                // A moment for the prompt to put the terminal's echo back.
                let _ = self.input.recv_timeout(Duration::from_millis(200));
                Err(Failed("cancelled".to_owned()))
            }
        }
    }

    /// Asks whether to go on all the same; without a terminal nobody does.
    pub(crate) fn agrees(&self, unencrypted: &Unencrypted) -> Result<bool, Failed> {
        if !io::stdin().is_terminal() {
            return Ok(false);
        }
        eprintln!("{unencrypted}.");
        if unencrypted.reason().https_answered() {
            eprintln!("https did answer, so this may be an attempt to read your password.");
        }
        eprint!("Sign in over http all the same? [y/N] ");
        let sender = self.sender.clone();
        thread::spawn(move || {
            let mut line = String::new();
            drop(sender.send(Input::Line(io::stdin().read_line(&mut line).map(|_| line))));
        });
        match self.input.recv() {
            Ok(Input::Line(Ok(line))) => Ok(line.trim().eq_ignore_ascii_case("y")),
            _ => Err(Failed("cancelled".to_owned())),
        }
    }
}

/// From now on, Enter presses "next", and a terminal that was closed gives up. Without a terminal
/// nothing is read.
pub(crate) fn check_on_enter(handle: Handle) -> bool {
    if !io::stdin().is_terminal() {
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
