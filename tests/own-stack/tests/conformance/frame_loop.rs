use std::{sync::mpsc, thread, time::Duration};

use jellyfin_auth::{Login, Session, Wait};
use jellyfin_auth_own_stack::frame_loop::{Key, Scene, SignIn};
use jellyfin_auth_testkit::conformance::{Command, Controls, Driver, Ended, Environment, Suite};

struct FrameLoop;

impl Driver for FrameLoop {
    fn name(&self) -> String {
        "frame loop".to_owned()
    }

    fn run(&self, login: Login, _: &Environment, controls: &Controls) -> Result<Session, Ended> {
        let (keyboard, keys) = mpsc::channel();
        controls.obey(move |command| {
            // A game that is over reads no keys.
            let _ = keyboard.send(match command {
                Command::Cancel => Key::Escape,
                Command::CheckNow => Key::Next,
            });
        });
        let mut sign_in = SignIn::new(login);
        let mut shown: Option<Wait> = None;
        loop {
            match sign_in.frame(keys.try_recv().ok()) {
                Scene::Busy => shown = None,
                Scene::Waiting(wait) => {
                    if shown.is_none() {
                        controls.show(&wait);
                    }
                    shown = Some(wait);
                }
                Scene::SignedIn(session) => return Ok(session),
                Scene::Failed(error) => return Err(error.into()),
            }
            // What is left of the time of a frame.
            thread::sleep(Duration::from_millis(8));
        }
    }
}

pub(crate) fn suite() -> Suite {
    Suite::new(FrameLoop)
        .leave_out("https_", "plain_tcp sends its requests, which speaks http only")
        .leave_out("a_proxy", "left to whoever copies it")
        .leave_out("the_cause_", "its errors are the core's, which have no cause")
        .except("a_login_keeps_its_connection_between_polls", "each request has its own")
        .leave_out("endless_informational_answers_are_refused", "left to whoever copies it")
}
