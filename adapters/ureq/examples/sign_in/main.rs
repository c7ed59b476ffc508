//! Signs in to a Jellyfin server from a terminal.
//!
//! ```text
//! cargo run --example sign_in                                            against a fake server
//! cargo run --example sign_in -- https://media.example.com --user alice  by password
//! cargo run --example sign_in -- https://media.example.com               by Quick Connect
//! ```

mod arguments;
mod demonstration;
mod screen;
mod session;
mod setup;
mod terminal;

use std::{error::Error as _, process::ExitCode};

use arguments::{Command, HELP};
use jellyfin_auth_ureq as adapter;

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
            print!("{HELP}");
            Ok(())
        }
        Command::Demonstrate => demonstration::run(),
        Command::SignIn(request) => session::sign_in(&request),
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
