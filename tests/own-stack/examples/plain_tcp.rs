//! Signs in by Quick Connect over a plain `TcpStream`, to an http address. `plain_tcp [ADDRESS]`

mod demonstration;

use std::{process::ExitCode, sync::mpsc};

use jellyfin_auth_own_stack::plain_tcp;

use demonstration::Demonstration;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let demonstration = Demonstration::new()?;
    // Whoever holds the sender may press "next" or give up; when it is dropped, the login gives up.
    let (_orders, commands) = mpsc::channel();
    let end =
        plain_tcp::sign_in(demonstration.login()?, &commands, |wait| demonstration.show(wait));
    Ok(Demonstration::report(end))
}
