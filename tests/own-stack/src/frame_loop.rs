//! A frame loop, as a game or a GUI has one: nothing on the main thread ever blocks. Requests run on a
//! thread of their own, and answers come back by channel.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Instant,
};

use http::{Request, Response};
use jellyfin_auth::{
    Error, Failure, Limits, Login, Machine, Session, Step, Ticket, Timestamp, Wait,
};

use crate::plain_tcp;

/// What the player pressed since the last frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// "Next": look now.
    Next,
    /// Back to the menu.
    Escape,
}

/// What the frame draws.
#[derive(Debug)]
pub enum Scene {
    /// A request is under way: a spinner.
    Busy,
    /// The code, the reason and the time that is left.
    Waiting(Wait),
    /// The game goes on, signed in.
    SignedIn(Session),
    /// Why not.
    Failed(Error),
}

type Question = (Request<Vec<u8>>, Limits);
type Answer = Result<Response<Vec<u8>>, Failure>;

/// A sign-in that is a part of somebody's frames.
#[derive(Debug)]
pub struct SignIn {
    login: Login,
    start: Instant,
    asked: Option<Ticket>,
    questions: Sender<Question>,
    answers: Receiver<Answer>,
    cancelled: Arc<AtomicBool>,
}

impl SignIn {
    /// Begins. The thread that sends requests ends with this value.
    #[must_use]
    pub fn new(login: Login) -> Self {
        let (questions, to_answer) = mpsc::channel::<Question>();
        let (answered, answers) = mpsc::channel();
        let cancelled = Arc::<AtomicBool>::default();
        let stop = Arc::clone(&cancelled);
        thread::spawn(move || {
            for (request, limits) in to_answer {
                // Any HTTP stack does that blocks.
                let answer = plain_tcp::exchange(&request, limits, || stop.load(Ordering::Relaxed));
                if answered.send(answer).is_err() {
                    return;
                }
            }
        });
        Self { login, start: Instant::now(), asked: None, questions, answers, cancelled }
    }

    /// One frame: takes in the key and the answer that came, and says what to draw. Never blocks.
    pub fn frame(&mut self, key: Option<Key>) -> Scene {
        match key {
            Some(Key::Next) => drop(self.login.check_now()),
            Some(Key::Escape) => self.cancel(),
            None => {}
        }
        if let Ok(answer) = self.answers.try_recv() {
            if let Some(ticket) = self.asked.take() {
                match &answer {
                    Ok(response) => self.login.handle(ticket, Ok(response)),
                    Err(failure) => self.login.handle(ticket, Err(*failure)),
                };
            }
        }
        match self.login.poll(Timestamp::new(self.start.elapsed())) {
            Ok(Step::Done(session)) => Scene::SignedIn(session),
            Ok(Step::Wait(wait)) => Scene::Waiting(wait),
            Ok(Step::Pending) => Scene::Busy,
            Err(error) => Scene::Failed(error),
            Ok(Step::Send(request)) => {
                let (request, ticket, limits) = request.into_parts();
                // Without the thread the ticket is dropped, and the login knows what to do.
                let sent = self.questions.send((request, limits));
                self.asked = sent.is_ok().then_some(ticket);
                Scene::Busy
            }
        }
    }

    fn cancel(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.login.cancel();
    }
}

impl Drop for SignIn {
    fn drop(&mut self) {
        self.cancel();
    }
}
