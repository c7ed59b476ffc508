//! Giving up, wherever the program is: status 130, at once, and a terminal as it was.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use crate::{
    lan::{Network, another_server},
    server,
    terminal::{Ended, Terminal},
};

fn assert_given_up(ended: &Ended) {
    assert_eq!(ended.status, 130, "{ended:?}");
    assert!(ended.last_words.contains("cancelled"), "{ended:?}");
    assert!(ended.has_echo, "{ended:?}");
}

fn press_ctrl_c(terminal: &mut Terminal) -> Ended {
    let begun = Instant::now();
    terminal.press_ctrl('c');
    let ended = terminal.status();
    assert!(begun.elapsed() < Duration::from_secs(2), "it took {:?}", begun.elapsed());
    ended
}

#[test]
fn at_the_password_prompt() {
    let server = server();
    let mut terminal = Terminal::new(&["--user", "alice", &server.url()]);
    terminal.expect("Password of alice: ");

    assert_given_up(&press_ctrl_c(&mut terminal));
    assert_eq!(terminal.out(), "");
    assert_eq!(server.server().tokens().count(), 0);
}

#[test]
fn in_the_middle_of_a_password() {
    let server = server();
    let mut terminal = Terminal::new(&["--user", "alice", &server.url()]);
    terminal.expect("Password of alice: ");
    terminal.type_text("wonder");

    assert_given_up(&press_ctrl_c(&mut terminal));
}

#[test]
fn while_a_code_is_shown() {
    let server = server();
    let mut terminal = Terminal::new(&[&server.url()]);
    terminal.code();
    terminal.expect("Waiting for the approval");

    assert_given_up(&press_ctrl_c(&mut terminal));
    assert_eq!(terminal.out(), "");
}

#[test]
fn ctrl_d_gives_up_while_a_code_is_shown() {
    let server = server();
    let mut terminal = Terminal::new(&[&server.url()]);
    terminal.code();
    terminal.expect("Waiting for the approval");

    terminal.press_ctrl('d');

    assert_given_up(&terminal.status());
}

#[test]
fn while_the_local_network_is_searched() {
    let silent = Network::silent();
    let mut terminal = Terminal::new(&["--ask", &silent.address()]);
    terminal.expect("Looking for servers");
    silent.wait_for_a_question();

    assert_given_up(&press_ctrl_c(&mut terminal));
}

#[test]
fn at_the_choice_of_a_server() {
    let (one, two) = (server(), another_server());
    let network = Network::of(&[&one, &two]);
    let mut terminal = Terminal::new(&["--ask", &network.address()]);
    terminal.expect("Which one? [1] ");

    assert_given_up(&press_ctrl_c(&mut terminal));
}

#[test]
fn while_a_server_thinks() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let mut terminal = Terminal::new(&["info", &url]);
    let _connection = silent.accept().unwrap();

    assert_given_up(&press_ctrl_c(&mut terminal));
}

#[test]
fn while_the_doctor_looks_at_a_server() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let mut terminal = Terminal::new(&["doctor", &url]);
    let _connection = silent.accept().unwrap();

    assert_given_up(&press_ctrl_c(&mut terminal));
    assert_eq!(terminal.out(), "");
}

#[test]
fn the_end_from_outside_leaves_the_echo_on() {
    let server = server();
    let mut terminal = Terminal::new(&["--user", "alice", &server.url()]);
    terminal.expect("Password of alice: ");

    terminal.terminate();

    assert_given_up(&terminal.status());
}
