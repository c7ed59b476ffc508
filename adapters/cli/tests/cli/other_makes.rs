//! Servers of other makes that speak the same interface.

use http::Response;
use jellyfin_auth_testkit::{
    answer::{self, ResponseExt as _},
    raw_server::{Conduct, Move, RawServer, wire},
};
use serde_json::json;

use crate::run::{path, run, signed_in};

fn sends(response: &Response<Vec<u8>>) -> Vec<Move> {
    vec![Move::Send(wire::with_length(response))]
}

/// Lets everybody in by password, and nobody out.
fn server() -> RawServer {
    Conduct::new(|request| match request.path() {
        "/System/Info/Public" => sends(&answer::unmarked(200).with_json(&json!({
            "Id": "other-1", "Version": "4.9.0", "ServerName": "attic", "ProductName": "Emby Server",
        }))),
        "/Users/AuthenticateByName" => sends(&answer::unmarked(200).with_json(&json!({
            "User": { "Name": "alice", "Id": 7 }, "AccessToken": "t-1",
        }))),
        _ => sends(&answer::unmarked(404)),
    })
    .start()
}

#[test]
fn a_server_is_shown_as_what_it_is() {
    let server = server();

    let text = run(&["info", &server.url()], "");
    let data = run(&["--json", "info", &server.url()], "");

    assert!(text.out.contains("Product:        Emby Server\n"), "{}", text.out);
    assert!(text.out.contains("Quick Connect:  off\n"), "{}", text.out);
    let shown = format!("Server: {}, Emby Server 4.9.0, attic\n", server.url());
    assert!(text.err.contains(&shown), "{}", text.err);
    let data: serde_json::Value = serde_json::from_str(&data.out).unwrap();
    assert_eq!(data["product"], "Emby Server");
}

#[test]
fn a_server_that_cant_sign_out_leaves_no_file_and_no_failure() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let file = folder.path().join("session.json");
    signed_in(&server.url(), &file);

    let ran = run(&["logout", "--session", path(&file)], "");

    assert_eq!(ran.status, 0, "{}", ran.err);
    let line = "Forgotten. This server can't sign out: the token stays valid there.\n";
    assert_eq!(ran.err, line);
    assert!(!file.exists());
}

#[test]
fn a_program_reads_that_the_token_stays_valid() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let file = folder.path().join("session.json");
    signed_in(&server.url(), &file);

    let ran = run(&["--json", "logout", "--session", path(&file)], "");

    assert_eq!(ran.status, 0, "{}", ran.err);
    let event: serde_json::Value = serde_json::from_str(ran.err.trim()).unwrap();
    assert_eq!(event, json!({ "event": "signed_out", "token_stays_valid": true }));
}
