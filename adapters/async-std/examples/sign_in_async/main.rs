//! Signs in to a Jellyfin server from a terminal, as the example `sign_in` of the blocking driver
//! does.
//!
//! ```text
//! cargo run -p jellyfin-auth-async-std --example sign_in_async               against a fake server
//! … -- https://media.example.com --user alice                                by password
//! … -- https://media.example.com                                             by Quick Connect
//! ```

// What is read from the command line and what is shown are the same, word by word.
#[path = "../../../ureq/examples/sign_in/arguments.rs"]
mod arguments;
mod demonstration;
#[path = "../../../ureq/examples/sign_in/screen.rs"]
mod screen;
mod session;
#[path = "../../../ureq/examples/sign_in/setup.rs"]
mod setup;
// Nothing else runs while the user is asked, so that this may block.
#[path = "../../../ureq/examples/sign_in/terminal.rs"]
mod terminal;

use std::{error::Error as _, process::ExitCode};

use arguments::{Command, HELP};
use async_std::task;
use jellyfin_auth_async_std as adapter;

/// What the program ends with when it wasn't called as it must be.
const USAGE: u8 = 2;

/// Why the program failed, as one sentence.
struct Failed(String);

fn main() -> ExitCode {
    let command = match arguments::read() {
        Ok(command) => command,
        Err(error) => {
            eprintln!("{error}; see --help");
            return ExitCode::from(USAGE);
        }
    };
    let done = match command {
        Command::Help => {
            print!("{}", HELP.replace("sign_in", "sign_in_async"));
            Ok(())
        }
        Command::Demonstrate => task::block_on(demonstration::run()),
        Command::SignIn(request) => task::block_on(session::sign_in(&request)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(why)) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

impl From<adapter::Error> for Failed {
    fn from(error: adapter::Error) -> Self {
        Self(match error.source() {
            Some(source) => format!("{error} ({source})"),
            None => error.to_string(),
        })
    }
}
