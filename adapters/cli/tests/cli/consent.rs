//! Nothing secret goes where the user didn't send it.

use std::{
    io,
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    thread,
};

use jellyfin_auth_testkit::{
    listen::Listening,
    raw_server::{Conduct, Identity, Move},
};

use crate::{lan::Network, run::run, server, terminal::Terminal};

/// The address without its scheme, so that https is tried first.
fn typed(server: &Listening) -> String {
    server.url().trim_start_matches("http://").to_owned()
}

fn was_sent_no_secret(server: &Listening) -> bool {
    server.requests().iter().all(|request| request.uri().path() == "/System/Info/Public")
}

#[test]
fn a_script_signs_in_over_a_guessed_http_only_when_it_says_so() {
    let server = server();
    for way in [&["--user", "alice"][..], &[]] {
        for json in [false, true] {
            let mut arguments = way.to_vec();
            let address = typed(&server);
            arguments.push(&address);
            if json {
                arguments.push("--json");
            }
            let ran = run(&arguments, "wonderland\n");

            assert_eq!(ran.status, 4, "{}", ran.err);
            assert!(ran.err.contains("is not encrypted"), "{}", ran.err);
            assert!(ran.err.contains("--allow-http"), "{}", ran.err);
            assert!(was_sent_no_secret(&server));
        }
    }
    let ran = run(&["--allow-http", "--user", "alice", &typed(&server)], "wonderland\n");

    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.err.contains("Warning: "), "{}", ran.err);
}

#[test]
fn a_terminal_is_asked_before_a_guessed_http_gets_a_password() {
    let server = server();
    let mut terminal = Terminal::new(&["--user", "alice", &typed(&server)]);
    let before = terminal.expect("Sign in over http all the same? [y/N] ");
    assert!(before.contains("nothing answers there over https"), "{before}");
    assert!(was_sent_no_secret(&server));
    terminal.type_line("y");
    terminal.expect("Password of alice: ");
    terminal.type_line("wonderland");
    assert_eq!(terminal.status().status, 0);
}

#[test]
fn anything_but_yes_sends_nothing() {
    for answer in ["", "n", "maybe"] {
        let server = server();
        let mut terminal = Terminal::new(&[&typed(&server)]);
        terminal.expect("[y/N] ");
        terminal.type_line(answer);
        terminal.expect("nothing was sent");
        assert_eq!(terminal.status().status, 130, "{answer}");
        assert!(was_sent_no_secret(&server), "{answer}");
    }
}

#[test]
fn ctrl_c_at_the_question_sends_nothing() {
    let server = server();
    let mut terminal = Terminal::new(&[&typed(&server)]);
    terminal.expect("[y/N] ");
    terminal.press_ctrl('c');
    assert_eq!(terminal.status().status, 130);
    assert!(was_sent_no_secret(&server));
}

/// One port for both: what begins as TLS does goes to `tls`.
fn one_port(tls: SocketAddr, plain: SocketAddr) -> SocketAddr {
    const HANDSHAKE: u8 = 22;
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let mut first = [0];
            if client.peek(&mut first).is_err() {
                continue;
            }
            let server = TcpStream::connect(if first == [HANDSHAKE] { tls } else { plain });
            let server = server.expect("it is there");
            for (mut from, mut to) in
                [(client.try_clone(), server.try_clone()), (Ok(server), Ok(client))]
                    .map(|(from, to)| (from.expect("a socket"), to.expect("a socket")))
            {
                thread::spawn(move || {
                    let _ = io::copy(&mut from, &mut to);
                    let _ = to.shutdown(Shutdown::Write);
                });
            }
        }
    });
    address
}

#[test]
fn it_asks_more_sharply_when_https_answered() {
    let server = server();
    let https = Conduct::new(|_| vec![Move::Close]).tls(&Identity::self_signed(&["127.0.0.1"]));
    let https = https.start();
    let plain = SocketAddr::from(([127, 0, 0, 1], server.port()));
    let address = one_port(https.address(), plain).to_string();
    let mut terminal = Terminal::new(&["--user", "alice", &address]);
    terminal.expect("compare all of it and type yes. [no] ");
    terminal.type_line("");
    let before = terminal.expect("[y/N] ");
    assert!(before.contains("certificate is not trusted"), "{before}");
    assert!(before.contains("may be an attempt to read your password"), "{before}");
    terminal.type_line("n");
    assert_eq!(terminal.status().status, 130);
    assert!(was_sent_no_secret(&server));
}

#[test]
fn http_is_no_way_around_a_certificate_that_has_changed() {
    let server = server();
    let https = Conduct::new(|_| vec![Move::Close]).tls(&Identity::self_signed(&["127.0.0.1"]));
    let https = https.start();
    let plain = SocketAddr::from(([127, 0, 0, 1], server.port()));
    let address = one_port(https.address(), plain).to_string();
    let other = "AB".repeat(32);
    let mut terminal = Terminal::new(&["--user", "alice", "--trust", &other, &address]);

    let ended = terminal.status();

    assert_eq!(ended.status, 4, "{}", ended.last_words);
    assert!(ended.last_words.contains("another certificate"), "{}", ended.last_words);
    assert!(!ended.last_words.contains("[y/N]"), "{}", ended.last_words);
    assert!(was_sent_no_secret(&server));
}

#[test]
fn a_typed_http_is_warned_about_and_not_asked_about() {
    let server = server();
    let mut terminal = Terminal::new(&[&server.url()]);
    let before = terminal.expect("Quick Connect code: ");
    assert!(before.contains("isn't encrypted"), "{before}");
    terminal.press_ctrl('c');
    terminal.status();
}

#[test]
fn what_is_shown_to_all_needs_no_consent() {
    let server = server();
    for command in ["info", "users"] {
        let ran = run(&[command, &typed(&server)], "");
        assert_eq!(ran.status, 0, "{}", ran.err);
    }
}

#[test]
fn a_server_of_the_local_network_is_shown_and_asked_about() {
    let server = server();
    let network = Network::of(&[&server]);
    let mut terminal = Terminal::new(&["--user", "alice", "--ask", &network.address()]);
    let before = terminal.expect("[y/N] ");
    assert!(before.contains(&format!("Server: {}", server.url())), "{before}");
    assert!(was_sent_no_secret(&server));
    terminal.type_line("yes");
    terminal.expect("Password of alice: ");
    terminal.type_line("wonderland");
    assert_eq!(terminal.status().status, 0);
}

#[test]
fn consent_to_http_is_none_to_whatever_server_the_local_network_shows() {
    let server = server();
    let network = Network::of(&[&server]);
    let asked = network.address();
    let mut terminal = Terminal::new(&["--user", "alice", "--allow-http", "--ask", &asked]);
    let before = terminal.expect(&format!("Sign in to {}? [y/N] ", server.url()));
    assert!(before.contains("is not encrypted"), "{before}");
    terminal.type_line("n");
    assert_eq!(terminal.status().status, 130);
    assert!(was_sent_no_secret(&server));
}

#[test]
fn a_script_signs_in_at_the_only_server_of_the_local_network_when_it_says_so() {
    let server = server();
    let network = Network::of(&[&server]);
    let sign_in = |consent: &[&str]| {
        let network = network.address();
        let mut arguments = vec!["--user", "alice", "--ask", &network];
        arguments.extend(consent);
        run(&arguments, "wonderland\n")
    };
    for (too_little, wanted) in
        [(&[][..], "--allow-http"), (&["--yes"], "--allow-http"), (&["--allow-http"], "--yes")]
    {
        let ran = sign_in(too_little);
        assert_eq!(ran.status, 4, "{}", ran.err);
        assert!(ran.err.contains(wanted), "{}", ran.err);
        assert!(was_sent_no_secret(&server));
    }
    let ran = sign_in(&["--yes", "--allow-http"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
}
