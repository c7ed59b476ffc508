//! The fake server on a socket of this machine, for clients in any language:
//! `fake_server 12|10.11|10.10|10.9|10.8|10.7 USER PASSWORD` prints its address and serves until it is
//! stopped.

use std::{env, process::ExitCode, thread};

use jellyfin_auth_testkit::fake_server::{FakeServer, Version};

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [version, user, password] = arguments.as_slice() else {
        eprintln!("usage: fake_server VERSION USER PASSWORD");
        return ExitCode::FAILURE;
    };
    let Some(version) = Version::ALL.into_iter().find(|known| known.number().starts_with(version))
    else {
        eprintln!("no such version: {version}");
        return ExitCode::FAILURE;
    };
    let mut server = FakeServer::new(version);
    server.add_user(user, password);
    match server.listen() {
        Ok(listening) => {
            println!("{}", listening.url());
            loop {
                thread::park();
            }
        }
        Err(error) => {
            eprintln!("the server can't listen: {error}");
            ExitCode::FAILURE
        }
    }
}
