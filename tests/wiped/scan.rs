//! Programs that have signed in, and what is found in their memory.

use std::{
    env,
    io::Write as _,
    process::{Child, Command, Stdio},
    time::Duration,
};

use jellyfin_auth_both_drivers::Adapter;
use jellyfin_auth_testkit::{
    answer,
    raw_server::{Authority, Conduct, Move, RawServer, wire},
    test_program::{Need, TestProgram},
};

use crate::{
    child::{self, ADAPTER, CERTIFICATE, SERVER},
    memory,
};

const SOON: Duration = Duration::from_secs(20);

pub(crate) fn tests(program: &mut TestProgram, memory: Need) {
    macro_rules! tests {
        ($($name:ident)+) => { $(program.test(stringify!($name), &[memory], $name);)+ };
    }
    tests! {
        ureq_leaves_the_token_to_the_session_alone
        async_std_leaves_the_last_heads_and_answers_in_hypers_buffers
        over_tls_no_password_is_left_either_and_some_copies_that_rustls_made
        a_secret_that_is_kept_is_found
    }
}

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
fn server(token: &str, secret: &str, authority: Option<&Authority>) -> RawServer {
    let (token, secret) = (token.to_owned(), secret.to_owned());
    let conduct = Conduct::new(move |request| {
        let response = match request.path() {
            "/System/Info/Public" => answer::server_info("ab12", "12.0.0"),
            "/QuickConnect/Enabled" => json("true"),
            "/QuickConnect/Initiate" => answer::quick_connect("123456", &secret, false),
            "/QuickConnect/Connect" => answer::quick_connect("123456", &secret, true),
            "/Users/AuthenticateByName" | "/Users/AuthenticateWithQuickConnect" => {
                answer::authentication(&token, "u1", "ab12")
            }
            "/Users/Me" => json(r#"{"Id":"u1","Name":"alice"}"#),
            _ => return vec![Move::Hold],
        };
        vec![Move::Send(wire::with_length(&response))]
    });
    match authority {
        Some(authority) => conduct.tls(&authority.identity(&["127.0.0.1"])).start(),
        None => conduct.start(),
    }
}

fn json(text: &str) -> http::Response<Vec<u8>> {
    let mut response = answer::marked(200);
    text.as_bytes().clone_into(response.body_mut());
    response
}

/// How often secrets are found in a program that has signed in by a code and by a password, and whose
/// token was in a request: the password, the Quick Connect secret, the token.
fn found(adapter: Adapter, authority: Option<&Authority>) -> [usize; 3] {
    let (password, quick_connect, token) = (secret(), secret(), secret());
    let server = server(&token, &quick_connect, authority);
    let mut program = Command::new(env::current_exe().expect("this is a program"));
    program.stdout(Stdio::null());
    program.env(ADAPTER, adapter.name()).env(SERVER, server.url()).stdin(Stdio::piped());
    if let Some(authority) = authority {
        program.env(CERTIFICATE, authority.pem());
    }
    let mut program = Program(program.spawn().expect("it can be started again"));
    let mut input = program.0.stdin.take().expect("it is a pipe");
    writeln!(input, "{password}").expect("it reads");

    let hangs = server.traffic().wait_for_request(SOON, child::LAST);

    assert!(hangs, "{adapter}: {}", server.traffic());
    let secrets = [&*password, &quick_connect, &token];
    memory::count(program.0.id(), secrets).expect("its memory can be read")
}

fn ureq_leaves_the_token_to_the_session_alone() {
    assert_eq!(found(Adapter::Ureq, None), [0, 0, 1]);
}

fn async_std_leaves_the_last_heads_and_answers_in_hypers_buffers() {
    let [passwords, secrets, tokens] = found(Adapter::AsyncStd, None);
    assert_eq!(passwords, 0);
    assert!(secrets <= 1 && (1..=3).contains(&tokens), "{secrets} secrets, {tokens} tokens");
}

fn over_tls_no_password_is_left_either_and_some_copies_that_rustls_made() {
    let authority = Authority::new();
    for (adapter, most) in [(Adapter::Ureq, 3), (Adapter::AsyncStd, 6)] {
        let [passwords, secrets, tokens] = found(adapter, Some(&authority));
        assert_eq!(passwords, 0, "{adapter}");
        let in_bounds = secrets <= 2 && (1..=most).contains(&tokens);
        assert!(in_bounds, "{adapter}: {secrets} secrets, {tokens} tokens");
    }
}

fn a_secret_that_is_kept_is_found() {
    let kept = secret();
    let upper = kept.to_ascii_uppercase();
    let found = memory::count(std::process::id(), [&upper, &kept]).expect("it can be read");
    assert!(found[0] >= 1 && found[1] >= 1, "{found:?}");
}
