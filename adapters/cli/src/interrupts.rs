//! Ctrl-C, and the other ways to end a program from outside.

use std::{
    fmt,
    process::exit,
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
};

use jellyfin_auth_ureq::Handle;

use crate::failed::{Exit, Failed};

/// What to do when the user gives up.
#[derive(Clone)]
pub(crate) struct Interrupts {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    is_over: bool,
    /// Of the driver's run, under way or ended.
    run: Option<Handle>,
    /// Wakes what can't be interrupted itself.
    wake: Option<Box<dyn Fn() + Send>>,
}

impl Interrupts {
    /// From now on Ctrl-C, a closed terminal and `SIGTERM` cancel what runs and every
    /// [`wait_for`](Self::wait_for). The second time they end the program at once.
    pub(crate) fn listen() -> Result<Self, Failed> {
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        ctrlc::set_handler(move || {
            let mut state = lock(&shared);
            if state.is_over {
                exit(Exit::Cancelled as i32);
            }
            state.is_over = true;
            if let Some(run) = state.run.take() {
                run.cancel();
            }
            if let Some(wake) = state.wake.take() {
                wake();
            }
        })
        .map_err(|error| Failed::here(format!("Ctrl-C can't be listened to: {error}")))?;
        Ok(Self { state })
    }

    /// From now on the run of `handle` is cancelled: at once, when the user has given up already.
    pub(crate) fn follow(&self, handle: Handle) {
        let mut state = lock(&self.state);
        if state.is_over {
            handle.cancel();
        } else {
            state.run = Some(handle);
        }
    }

    /// Does what nothing can interrupt (reading a terminal, a file that is a pipe), on a thread that
    /// is left behind when the user gives up.
    pub(crate) fn wait_for<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failed> {
        let (sender, receiver) = mpsc::channel();
        {
            let mut state = lock(&self.state);
            if state.is_over {
                return Err(Failed::cancelled());
            }
            let wake = sender.clone();
            state.wake = Some(Box::new(move || drop(wake.send(None))));
        }
        thread::spawn(move || drop(sender.send(Some(work()))));
        let outcome = receiver.recv().ok().flatten();
        lock(&self.state).wake = None;
        outcome.ok_or_else(Failed::cancelled)
    }
}

impl fmt::Debug for Interrupts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupts").finish_non_exhaustive()
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
