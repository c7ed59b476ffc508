//! Codes that would be shown, secrets that would be sent, and truths that are none.

use super::{Row, no_token, of};

pub fn rows() -> Vec<Row> {
    [codes(), truths()].into_iter().flatten().collect()
}

fn codes() -> Vec<Row> {
    const REFUSED: &str = "! Malformed { request: InitiateQuickConnect }";
    let mut rows: Vec<(String, &str)> = Vec::new();
    let code = |code: &str| format!(r#"{{"Code":{code},"Secret":"5EC4E7"}}"#);
    let secret = |secret: &str| format!(r#"{{"Code":"123456","Secret":{secret}}}"#);
    rows.extend(no_token(32).iter().map(|bad| (code(bad), REFUSED)));
    rows.extend(no_token(512).iter().map(|bad| (secret(bad), REFUSED)));
    for bad in [
        "12 34",
        "12\u{a0}34",
        "１２３",
        "١٢٣",
        "12_34",
        "12.34",
        "12/34",
        "<b>1</b>",
        "'1'",
        "%31",
        "a&b",
        "1\u{200b}2",
        "1\u{202e}2",
        "1\u{301}",
        "🔑",
        "123456!",
        "&#49;",
        "$(id)",
        "`id`",
    ] {
        rows.push((code(&serde_json::to_string(bad).expect("JSON")), REFUSED));
    }
    let (longest, too_long) = ("1".repeat(32), "1".repeat(33));
    rows.push((code(&format!("\"{longest}\"")), "code: \"1111"));
    rows.push((code(&format!("\"{too_long}\"")), REFUSED));
    rows.extend(
        [
            (r#"{"Code":"123456"}"#, REFUSED),
            (r#"{"Secret":"5EC4E7"}"#, REFUSED),
            (r#"{"Code":"1","code":"2","Secret":"s"}"#, REFUSED),
            (r#"{"Code":"1","Secret":"s","secret":"s"}"#, REFUSED),
            (r#"{"Code":"1","SECRET":"s"}"#, REFUSED),
            (r#"{"Code":123456,"Secret":"s"}"#, REFUSED),
            (r#"{"Code":["1"],"Secret":"s"}"#, REFUSED),
            (r#"{"Code":"AB-12","Secret":"s"}"#, "code: \"AB-12\""),
            (r#"{"Code":"-","Secret":"s"}"#, "code: \"-\""),
            (
                r#"{"Code":"1","Secret":"a&b#c?d=e/%00\"'"}"#,
                "secret: QuickConnectSecret([redacted])",
            ),
            (r#"{"Code":"1","Secret":"s","Authenticated":"\u001b"}"#, "code: \"1\""),
            (r#"{"Code":"1","Secret":"s","DeviceName":1e999}"#, "code: \"1\""),
        ]
        .map(|(body, expected)| (body.to_owned(), expected)),
    );
    let secret = format!(r#"{{"Code":"1","Secret":"{}"}}"#, "s".repeat(512));
    rows.push((secret, "code: \"1\""));
    of("InitiateQuickConnect", rows)
}

fn truths() -> Vec<Row> {
    const POLL: &str = "! Malformed { request: GetQuickConnectState }";
    let mut rows = of(
        "GetQuickConnectState",
        vec![
            ("true", POLL),
            (r#"{"Authenticated":"yes"}"#, POLL),
            (r#"{"Authenticated":"TRUE"}"#, POLL),
            (r#"{"Authenticated":"\"true\""}"#, POLL),
            (r#"{"Authenticated":"true"}"#, "true"),
            (r#"{"authenticated":"false"}"#, "false"),
            (r#"{"Authenticated":1}"#, POLL),
            (r#"{"Authenticated":null}"#, POLL),
            (r#"{"Authenticated":[true]}"#, POLL),
            (r#"{"Authenticated":{}}"#, POLL),
            (r#"{"Authenticated":True}"#, POLL),
            (r#"{"Authenticated":true,"Authenticated":true}"#, POLL),
            (r#"{"Authenticated":false,"authenticated":true}"#, POLL),
            (r#"{"Authenticated ":true}"#, POLL),
            (r#"{"Code":"123456"}"#, POLL),
            (r#"{"Authenticated":true,"Code":"\u001b[2J","Secret":7}"#, "true"),
            (r#"{"AUTHENTICATED":false}"#, POLL),
        ],
    );
    for (endpoint, refused) in [
        ("GetQuickConnectEnabled", "! Malformed { request: GetQuickConnectEnabled }"),
        ("AuthorizeQuickConnect", "! Malformed { request: AuthorizeQuickConnect }"),
    ] {
        let bodies = [
            "TRUE",
            "True",
            "tru",
            "1",
            "0",
            "\"yes\"",
            "\"\"true\"\"",
            "[true]",
            "{\"Enabled\":true}",
            "true true",
            "truefalse",
            "true\0",
            "t",
            "yes",
        ];
        rows.extend(of(endpoint, bodies.map(|body| (body, refused)).into()));
    }
    let truths = vec![("false", "false"), ("\ttrue\n", "true"), ("\"true\"", "true")];
    rows.extend(of("GetQuickConnectEnabled", truths));
    rows.extend(of(
        "AuthorizeQuickConnect",
        vec![
            ("false", "! Malformed { request: AuthorizeQuickConnect }"),
            ("\ttrue\n", "()"),
            ("\"True\"", "()"),
        ],
    ));
    rows
}
