//! Signing in by Quick Connect.

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
    time::Duration,
};

use serde_json::Value;

use crate::{run::program, server, terminal::Terminal, tokens};

const BLOCK: char = '█';
const HALF_BLOCK: char = '▀';

#[test]
fn an_approved_code_ends_with_the_session_on_standard_output() {
    let server = server();
    let mut terminal = Terminal::new(&[&server.url()]);

    let code = terminal.code();
    terminal.expect("Press Enter to check now");
    server.approve(&code, "alice").unwrap();
    terminal.type_line("");

    assert_eq!(terminal.status().status, 0);
    let session = terminal.session();
    assert_eq!(session["user_name"], "alice");
    assert_eq!(session["server"], server.url());
    assert!(tokens(&server).contains(&session["access_token"].as_str().unwrap().to_owned()));
}

#[test]
fn the_page_and_the_time_left_are_shown_below_the_code() {
    let server = server();
    let mut terminal = Terminal::new(&[&server.url()]);

    let code = terminal.code();

    terminal.expect(&format!("{}/web/#/quickconnect?code={code}", server.url()));
    terminal.expect("Waiting for the approval, 9:5");
    // It is drawn again while nothing happens.
    terminal.expect("Waiting for the approval, 9:5");
    terminal.press_ctrl('c');
    terminal.status();
}

#[test]
fn a_wide_terminal_gets_a_qr_code_and_big_digits() {
    let server = server();
    let mut terminal = Terminal::with_columns(100, &[&server.url()]);

    let drawn = terminal.expect("Quick Connect code: ");

    assert!(drawn.contains(HALF_BLOCK), "{drawn}");
    assert!(drawn.contains("\u{1b}[97m\u{1b}[40m"), "{drawn:?}");
    assert!(drawn.contains(&BLOCK.to_string().repeat(6)), "{drawn}");
    terminal.press_ctrl('c');
    terminal.status();
}

#[test]
fn a_narrow_terminal_gets_the_code_alone() {
    let server = server();
    let mut terminal = Terminal::with_columns(30, &[&server.url()]);

    let drawn = terminal.expect("Quick Connect code: ");

    assert!(!drawn.contains([BLOCK, HALF_BLOCK, '#']), "{drawn}");
    terminal.press_ctrl('c');
    terminal.status();
}

#[test]
fn a_terminal_without_utf_8_gets_plain_characters() {
    let server = server();
    let mut terminal = Terminal::with(100, &[("LC_ALL", "C")], &[&server.url()]);

    let drawn = terminal.expect("Quick Connect code: ");

    assert!(drawn.contains("##"), "{drawn}");
    assert!(!drawn.contains([BLOCK, HALF_BLOCK]), "{drawn}");
    terminal.press_ctrl('c');
    terminal.status();
}

#[test]
fn a_terminal_that_can_do_nothing_gets_lines() {
    let server = server();
    let mut terminal = Terminal::with(100, &[("TERM", "dumb"), ("CI", "true")], &[&server.url()]);

    let code = terminal.code();
    let rest = terminal.expect("Waiting for the approval");
    server.approve(&code, "alice").unwrap();
    terminal.type_line("");
    let ended = terminal.status();

    assert_eq!(ended.status, 0);
    let text = rest + &ended.last_words;
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn no_color_is_heeded_at_a_terminal() {
    let server = server();
    let mut terminal = Terminal::with(100, &[("NO_COLOR", "1")], &[&server.url()]);

    let drawn = terminal.expect("Quick Connect code: ");

    assert!(drawn.contains(HALF_BLOCK), "{drawn}");
    assert!(!drawn.contains("\u{1b}[97m"), "{drawn:?}");
    terminal.press_ctrl('c');
    terminal.status();
}

#[test]
fn an_expired_code_is_replaced_by_a_new_one() {
    let server = server();
    let mut terminal = Terminal::new(&[&server.url()]);
    let first = terminal.code();
    terminal.expect("Press Enter");

    server.advance(Duration::from_secs(11 * 60));
    terminal.expect("That code has expired; here is a new one.");
    let second = terminal.code();
    terminal.expect("Press Enter");
    server.approve(&second, "alice").unwrap();
    terminal.type_line("");

    assert_ne!(first, second);
    assert_eq!(terminal.status().status, 0);
    assert_eq!(terminal.session()["user_name"], "alice");
}

#[test]
fn a_pipe_gets_plain_lines_without_colour() {
    let server = server();
    let mut child = program()
        .arg(server.url())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut text = String::new();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);

    let code = loop {
        let line = lines.next().expect("a code is shown");
        text.push_str(&line);
        if let Some(code) = line.strip_prefix("Quick Connect code: ") {
            break code.to_owned();
        }
    };
    server.approve(&code, "alice").unwrap();
    text.extend(lines);

    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{text}");
    assert!(!text.contains(['\u{1b}', '\r', BLOCK, HALF_BLOCK]), "{text}");
    assert!(!text.contains("Press Enter"), "{text}");
    let session: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(session["user_name"], "alice");
}

#[test]
fn another_program_reads_the_code_as_json() {
    let server = server();
    let mut child = program()
        .args(["--json", &server.url()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut events = BufReader::new(child.stderr.take().unwrap())
        .lines()
        .map(|line| serde_json::from_str::<Value>(&line.unwrap()).expect("each line is JSON"));

    let shown = events.find(|event| event["event"] == "code").expect("a code is shown");
    server.approve(shown["code"].as_str().unwrap(), "alice").unwrap();
    let last = events.last().unwrap();

    assert!((590..=600).contains(&shown["expires_in"].as_u64().unwrap()), "{shown}");
    assert!(shown["page"].as_str().unwrap().starts_with(&server.url()), "{shown}");
    assert_eq!(last["event"], "signed_in");
    assert_eq!(last["user_name"], "alice");
    assert!(child.wait().unwrap().success());
}

#[test]
fn no_secret_is_shown_on_the_way() {
    let server = server();
    let mut terminal = Terminal::new(&[&server.url()]);
    let code = terminal.code();
    terminal.expect("Press Enter");
    server.approve(&code, "alice").unwrap();
    terminal.type_line("");

    let shown = terminal.status().last_words;

    for token in tokens(&server) {
        assert!(!shown.contains(&token), "{shown}");
    }
}
