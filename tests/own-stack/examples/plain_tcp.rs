//! Signs in by Quick Connect over a plain `TcpStream`, to an http address. `plain_tcp [ADDRESS]`

mod stage;

use std::{process::ExitCode, sync::mpsc};

use jellyfin_auth_own_stack::plain_tcp;

use stage::Stage;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let stage = Stage::new()?;
    // Whoever holds the sender may press "next" or give up; when it is dropped, the login gives up.
    let (_orders, commands) = mpsc::channel();
    let end = plain_tcp::sign_in(stage.login()?, &commands, |wait| stage.show(wait));
    Ok(Stage::report(end))
}
