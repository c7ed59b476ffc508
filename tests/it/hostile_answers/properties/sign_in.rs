//! Tokens and users that no server hands out.

use super::{Row, no_token, of};

pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (endpoint, refused) in [
        ("AuthenticateByName", "! Malformed { step: Authenticate }"),
        ("AuthenticateWithQuickConnect", "! Malformed { step: Exchange }"),
    ] {
        rows.extend(of(endpoint, bodies(refused)));
    }
    rows
}

fn bodies(refused: &str) -> Vec<(String, &str)> {
    let mut rows: Vec<(String, &str)> = Vec::new();
    for bad in no_token() {
        rows.push((format!(r#"{{"AccessToken":{bad},"User":{{"Id":"u"}}}}"#), refused));
        rows.push((format!(r#"{{"AccessToken":"t","User":{{"Id":{bad}}}}}"#), refused));
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
            (r#"{"AccessToken":"t","User":{"Id":"u"},"ServerId":7}"#, "server_id: None"),
            (r#"{"AccessToken":"t","User":{"Id":"u"},"ServerId":"a b"}"#, "server_id: None"),
            (r#"{"AccessToken":"t","User":{"Id":"u"},"ServerId":"\u001b"}"#, "server_id: None"),
            (r#"{"AccessToken":"t","User":{"Id":"u"},"ServerId":""}"#, "server_id: None"),
            (r#"{"AccessToken":"t","User":{"Id":"u"},"ServerId":"ab"}"#, "server_id: Some(\"ab\")"),
            (r#"{"AccessToken":"t","User":{"Id":"u"},"SessionInfo":1e999}"#, "id: \"u\""),
        ]
        .map(|(body, expected)| (body.to_owned(), expected)),
    );
    let token = "t".repeat(512);
    rows.push((format!(r#"{{"AccessToken":"{token}","User":{{"Id":"u"}}}}"#), "id: \"u\""));
    let long = "i".repeat(129);
    rows.push((format!(r#"{{"AccessToken":"t","User":{{"Id":"{long}"}}}}"#), refused));
    let server = format!(r#"{{"AccessToken":"t","User":{{"Id":"u"}},"ServerId":"{long}"}}"#);
    rows.push((server, "server_id: None"));
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
