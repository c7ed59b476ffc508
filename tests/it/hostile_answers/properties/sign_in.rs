//! Tokens and users that no server hands out.

use super::{Row, no_id, no_token, of};

pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (endpoint, refused) in [
        ("AuthenticateByName", "! Malformed { request: AuthenticateByName }"),
        ("AuthenticateWithQuickConnect", "! Malformed { request: AuthenticateWithQuickConnect }"),
    ] {
        rows.extend(of(endpoint, bodies(refused)));
    }
    rows
}

fn bodies(refused: &str) -> Vec<(String, &str)> {
    let mut rows: Vec<(String, &str)> = Vec::new();
    for bad in no_token(4096) {
        rows.push((format!(r#"{{"AccessToken":{bad},"User":{{"Id":"u"}}}}"#), refused));
    }
    for bad in no_id() {
        rows.push((format!(r#"{{"AccessToken":"t","User":{{"Id":{bad}}}}}"#), refused));
        let server = format!(r#"{{"AccessToken":"t","User":{{"Id":"u"}},"ServerId":{bad}}}"#);
        // What isn't JSON at all fails the whole.
        let is_json = serde_json::from_str::<&serde_json::value::RawValue>(&bad).is_ok();
        rows.push((server, if is_json { "server_id: None" } else { refused }));
    }
    rows.extend(
        [
            (r#"{"User":{"Id":"u"}}"#, refused),
            (r#"{"AccessToken":"t"}"#, refused),
            (r#"{"AccessToken":"t","User":null}"#, refused),
            (r#"{"AccessToken":"t","User":"u"}"#, refused),
            (r#"{"AccessToken":"t","User":[{"Id":"u"}]}"#, refused),
            (r#"{"AccessToken":"t","User":{}}"#, refused),
            (r#"{"AccessToken":"t","accessToken":"t","User":{"Id":"u"}}"#, refused),
            (r#"{"AccessToken":"t","AccessToken":null,"User":{"Id":"u"}}"#, refused),
            (r#"{"AccessToken":null,"AccessToken":"t","User":{"Id":"u"}}"#, refused),
            (r#"{"AccessToken":"t","User":{"Id":"u"},"user":{"Id":"v"}}"#, refused),
            (r#"{"AccessToken":"t","User":{"Id":"u","id":"v"}}"#, refused),
            (r#"{"AccessToken":"t","User":{"Id":"u"},"x":1e5"#, refused),
            // Odd, and no harm: it is escaped wherever it goes.
            (r#"{"AccessToken":"\"',%+=;\\","User":{"Id":"u"}}"#, "AccessToken([redacted])"),
            (r#"{"AccessToken":"t&a#b?c","User":{"Id":"../x"}}"#, "id: \"../x\""),
            (
                r#"{"AccessToken":"t","User":{"Id":"u","Name":"\u001b]52;c;evil\u0007"}}"#,
                "\u{fffd}]52;c;evil\u{fffd}",
            ),
            (r#"{"AccessToken":"t","User":{"Id":"u","Name":{"deep":[1]}}}"#, "name: None"),
            (r#"{"AccessToken":"t","User":["u"]}"#, refused),
            (r#"{"AccessToken":"t","User":{"Id":7},"ServerId":8}"#, "server_id: Some(\"8\")"),
            (r#"{"AccessToken":"t","User":{"Id":"a b"},"ServerId":"a b"}"#, "id: \"a b\""),
            (r#"{"AccessToken":"t","User":{"Id":"u"},"ServerId":"a","serverId":"a"}"#, refused),
            (r#"{"AccessToken":"t","User":{"Id":"u"},"ServerId":"ab"}"#, "server_id: Some(\"ab\")"),
            (r#"{"AccessToken":"t","User":{"Id":"u"},"SessionInfo":1e999}"#, "id: \"u\""),
        ]
        .map(|(body, expected)| (body.to_owned(), expected)),
    );
    let token = "t".repeat(4096);
    rows.push((format!(r#"{{"AccessToken":"{token}","User":{{"Id":"u"}}}}"#), "id: \"u\""));
    let deep = "{\"x\":".repeat(50_000) + "1" + &"}".repeat(50_000);
    rows.push((
        format!(r#"{{"SessionInfo":{deep},"AccessToken":"t","User":{{"Id":"u"}}}}"#),
        "id: \"u\"",
    ));
    rows.push((
        format!(r#"{{"AccessToken":"t","User":{{"Id":"u","Policy":{deep}}}}}"#),
        "id: \"u\"",
    ));
    rows
}
