//! After a sign-in, the password is nowhere in the program's memory, and the token in its session alone.
//!
//! The program is this one again, as a child: what the server and the test know is in another
//! process. Its memory is read while its next request hangs, where `/proc` allows that.
#![cfg(target_os = "linux")]

mod child;
mod memory;

use std::{
    env,
    io::Write as _,
    process::{Child, Command, Stdio},
    time::Duration,
};

use jellyfin_auth_testkit::{
    answer,
    raw_server::{Authority, Conduct, Move, RawServer, wire},
};

use child::{ADAPTER, CERTIFICATE, SERVER};
use jellyfin_auth_both_drivers::Adapter;

const SOON: Duration = Duration::from_secs(20);

/// Ends the child however the test ends.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A secret that nobody else has: not even this program's own file.
fn secret() -> String {
    let mut bytes = [0; 16];
    let random = std::fs::File::open("/dev/urandom");
    random.and_then(|mut file| std::io::Read::read_exact(&mut file, &mut bytes)).expect("random");
    bytes.iter().map(|byte| char::from(b'a' + byte % 26)).collect()
}

/// Answers everything but the last request.
fn server(token: &str, authority: Option<&Authority>) -> RawServer {
    let token = token.to_owned();
    let conduct = Conduct::new(move |request| {
        let response = match request.path() {
            "/System/Info/Public" => answer::server_info("ab12", "12.0.0"),
            "/Users/AuthenticateByName" => answer::authentication(&token, "u1", "ab12"),
            _ => return vec![Move::Hold],
        };
        vec![Move::Send(wire::with_length(&response))]
    });
    match authority {
        Some(authority) => conduct.tls(&authority.identity(&["127.0.0.1"])).start(),
        None => conduct.start(),
    }
}

/// How often the password and the token are found in a program that has signed in.
fn found(adapter: Adapter, authority: Option<&Authority>) -> Option<(usize, usize)> {
    let (password, token) = (secret(), secret());
    let server = server(&token, authority);
    let mut program = Command::new(env::current_exe().expect("this is a program"));
    program.args(["--exact", "child::signs_in", "--nocapture"]).stdout(Stdio::null());
    program.env(ADAPTER, adapter.name()).env(SERVER, server.url()).stdin(Stdio::piped());
    if let Some(authority) = authority {
        program.env(CERTIFICATE, authority.pem());
    }
    let mut program = Program(program.spawn().expect("it can be started again"));
    let mut input = program.0.stdin.take().expect("it is a pipe");
    writeln!(input, "{password}").expect("it reads");

    let hangs = server.traffic().wait_for_request(SOON, child::LAST);

    assert!(hangs, "{adapter}: {}", server.traffic());
    let found = memory::count(program.0.id(), [&password, &token])?;
    Some((found[0], found[1]))
}

#[test]
fn ureq_leaves_the_token_to_the_session_alone() {
    if let Some(found) = found(Adapter::Ureq, None) {
        assert_eq!(found, (0, 1), "passwords and tokens");
    }
}

#[test]
fn async_std_leaves_no_password_and_one_token_in_hypers_read_buffer() {
    if let Some((passwords, tokens)) = found(Adapter::AsyncStd, None) {
        assert_eq!(passwords, 0);
        assert!((1..=2).contains(&tokens), "{tokens} tokens");
    }
}

#[test]
fn over_tls_no_password_is_left_either_and_two_tokens_in_rustls_buffers() {
    let authority = Authority::new();
    for (adapter, most) in [(Adapter::Ureq, 3), (Adapter::AsyncStd, 4)] {
        if let Some((passwords, tokens)) = found(adapter, Some(&authority)) {
            assert_eq!(passwords, 0, "{adapter}");
            assert!((1..=most).contains(&tokens), "{adapter}: {tokens} tokens");
        }
    }
}

#[test]
fn a_secret_that_is_kept_is_found() {
    let kept = secret();
    let upper = kept.to_ascii_uppercase();
    let Some(found) = memory::count(std::process::id(), [&upper, &kept]) else { return };
    assert!(found[0] >= 1 && found[1] >= 1, "{found:?}");
}
