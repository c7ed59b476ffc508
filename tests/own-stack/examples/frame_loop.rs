//! Signs in by Quick Connect in a frame loop, to an http address. `frame_loop [ADDRESS]`
//! Enter looks at once, `q` and Enter give up.

mod demonstration;

use std::{
    io,
    process::ExitCode,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use jellyfin_auth_own_stack::frame_loop::{Key, Scene, SignIn};

use demonstration::Demonstration;

const FRAME: Duration = Duration::from_millis(16);

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let demonstration = Demonstration::new()?;
    let mut sign_in = SignIn::new(demonstration.login()?);
    let keys = keyboard();
    let mut drawn = Instant::now();
    loop {
        let begun = Instant::now();
        match sign_in.frame(keys.try_recv().ok()) {
            // A terminal scrolls where a screen would be drawn again: once a second does.
            Scene::Waiting(wait) if drawn.elapsed() > Duration::from_secs(1) => {
                demonstration.show(&wait);
                drawn = Instant::now();
            }
            Scene::Busy | Scene::Waiting(_) => {}
            Scene::SignedIn(session) => return Ok(Demonstration::report(Ok(session))),
            Scene::Failed(error) => return Ok(Demonstration::report(Err(error))),
        }
        thread::sleep(FRAME.saturating_sub(begun.elapsed()));
    }
}

fn keyboard() -> mpsc::Receiver<Key> {
    let (pressed, keys) = mpsc::channel();
    thread::spawn(move || {
        for line in io::stdin().lines().map_while(Result::ok) {
            let key = if line.trim() == "q" { Key::Escape } else { Key::Next };
            if pressed.send(key).is_err() {
                return;
            }
        }
    });
    keys
}
