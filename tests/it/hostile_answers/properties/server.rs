//! Who the server claims to be, its users, and the reset of a password.

use super::{Row, no_id, no_text, no_token, of};

pub fn rows() -> Vec<Row> {
    [server_info(), users(), password_reset()].into_iter().flatten().collect()
}

fn server_info() -> Vec<Row> {
    const NOT: &str = "! NotJellyfin";
    let longest = "a".repeat(128);
    let mut rows: Vec<(String, &str)> = Vec::new();
    rows.extend(no_id().iter().map(|bad| (format!(r#"{{"Id":{bad},"Version":"1"}}"#), NOT)));
    let versions = no_token(64);
    rows.extend(versions.iter().map(|bad| (format!(r#"{{"Id":"ab","Version":{bad}}}"#), NOT)));
    rows.extend(
        [
            (r#"{"Id":"a","id":"b","Version":"1"}"#, NOT),
            (r#"{"Id":"a","Id":"a","Version":"1"}"#, NOT),
            (r#"{"Id":"a","Version":"1","version":"2"}"#, NOT),
            (r#"{"Id":"a","VERSION":"1"}"#, NOT),
            (r#"{"Id":7,"Version":"1"}"#, "id: \"7\""),
            (r#"{"Id":"a b","Version":"1"}"#, "id: \"a b\""),
            (r#"{"Id":"a","Id":null,"Version":"1"}"#, NOT),
            (r#"{"Id":"a","Version":"1","\ud800":1}"#, NOT),
            (r#"{"Id":"a","Version":"1",}"#, NOT),
            (r#"{"I\u0064":"a","Version":"1"}"#, "id: \"a\""),
            (r#"{"Id":"\u0061\u0062","Version":"\u0031"}"#, "id: \"ab\""),
            // What isn't needed may be anything.
            (r#"{"Id":"a","Version":"1","ServerName":7}"#, "name: None"),
            (r#"{"Id":"a","Version":"1","ServerName":["x",{"y":1}]}"#, "name: None"),
            (r#"{"Id":"a","Version":"1","ServerName":{"Name":"x"}}"#, "name: None"),
            (r#"{"Id":"a","Version":"1","ProductName":[]}"#, "product: None"),
            (r#"{"Id":"a","Version":"1","ProductName":"x\u001b"}"#, "product: Some(\"x\u{fffd}\")"),
            (
                r#"{"Id":"a","Version":"1","ProductName":"\u202eyniffylleJ"}"#,
                "product: Some(\"yniffylleJ\")",
            ),
            (
                r#"{"Id":"a","Version":"1","ServerName":"\u2066s\u00ada\u200bn\u2028\udb40\udc41 \u00fc"}"#,
                "name: Some(\"san\u{fffd} ü\")",
            ),
            (
                r#"{"Id":"a","Version":"1","ServerName":"x\u001b]0;evil\u0007"}"#,
                "x\u{fffd}]0;evil\u{fffd}",
            ),
            (
                r#"{"Id":"a","Version":"1","ServerName":"a\r\nb\u009bc\u007f"}"#,
                "a\u{fffd}\u{fffd}b\u{fffd}c\u{fffd}",
            ),
            (r#"{"Id":"a","Version":"1","ServerName":""}"#, "name: Some(\"\")"),
            (r#"{"Id":"a","Version":"1","x":1e999,"y":"\ud800"}"#, "id: \"a\""),
            (r#"{"Id":"a","Version":"1","":{"Id":"b"}}"#, "id: \"a\""),
            (r#"{"Id":"a","Version":"1","ServerName":1e999}"#, "name: None"),
            (r#"{"Id":"a","Version":"1","ServerName":"a\ud800b"}"#, "name: None"),
            // But not twice.
            (r#"{"Id":"a","Version":"1","ServerName":null,"ServerName":"n"}"#, NOT),
            (r#"{"Id":"a","Version":"1","ServerName":"n","serverName":"n"}"#, NOT),
            // A truth that is no boolean isn't one.
            (r#"{"Id":"a","Version":"1","StartupWizardCompleted":"no"}"#, "id: \"a\""),
            (r#"{"Id":"a","Version":"1","StartupWizardCompleted":"false"}"#, "! ServerNotSetUp"),
            (r#"{"Id":"a","Version":"1","StartupWizardCompleted":0}"#, "id: \"a\""),
            (r#"{"Id":"a","Version":"1","StartupWizardCompleted":null}"#, "id: \"a\""),
            (r#"{"Id":"a","Version":"1","STARTUPWIZARDCOMPLETED":false}"#, "id: \"a\""),
            (r#"{"StartupWizardCompleted":false}"#, "! ServerNotSetUp"),
            (r#"{"StartupWizardCompleted":true,"StartupWizardCompleted":false}"#, NOT),
        ]
        .map(|(body, expected)| (body.to_owned(), expected)),
    );
    rows.push((format!(r#"{{"Id":"{longest}","Version":"1"}}"#), "id: \"aaa"));
    rows.push((format!(r#"{{"Id":"{longest}a","Version":"1"}}"#), NOT));
    rows.push((format!(r#"{{"Id":"a","Version":"{}"}}"#, &longest[..64]), "version: \"aaa"));
    rows.push((format!(r#"{{"Id":"a","Version":"{}"}}"#, &longest[..65]), NOT));
    let name = format!("name: Some(\"{}\")", "é".repeat(256));
    let deep =
        format!(r#"{{"Id":"a","Version":"1","x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    rows.push((deep, "id: \"a\""));
    let mut rows = of("GetServerInfo", rows);
    let long = format!(r#"{{"Id":"a","Version":"1","ServerName":"{}"}}"#, "é".repeat(100_000));
    rows.extend(of("GetServerInfo", vec![(long, name.as_str())]));
    rows
}

fn users() -> Vec<Row> {
    let mut rows = Vec::new();
    for (endpoint, refused, before, after) in [
        ("GetCurrentUser", "! Malformed { request: GetCurrentUser }", "", ""),
        ("GetPublicUsers", "! Malformed { request: GetPublicUsers }", "[{\"Id\":\"ok\"},", "]"),
    ] {
        let around = |body: &str| format!("{before}{body}{after}");
        let mut bodies: Vec<(String, &str)> = no_id()
            .into_iter()
            .map(|bad| (around(&format!(r#"{{"Name":"alice","Id":{bad}}}"#)), refused))
            .collect();
        bodies.extend(
            [
                ("null", refused),
                ("7", refused),
                ("[]", refused),
                ("[[]]", refused),
                (r#"{"Name":"alice"}"#, refused),
                (r#"{"Id":"a","id":"a"}"#, refused),
                (r#"{"ID":"a"}"#, refused),
                (r#"{"Id":42}"#, "id: \"42\""),
                (
                    r#"{"Id":"u","Name":7,"HasPassword":"yes"}"#,
                    "id: \"u\", name: None, is_administrator: None, has_password: None",
                ),
                (r#"{"Id":"u","Name":{"x":[]},"HasPassword":1}"#, "has_password: None"),
                (r#"{"Id":"u","HasPassword":"true"}"#, "has_password: Some(true)"),
                (
                    r#"{"Id":"u","Name":"\ud800","PrimaryImageTag":1e999}"#,
                    "primary_image_tag: None",
                ),
                (r#"{"Id":"u","Policy":{"IsAdministrator":true}}"#, "is_administrator: Some(true)"),
                (r#"{"Id":"u","Policy":7}"#, "is_administrator: None"),
                (r#"{"Id":"u","Policy":"IsAdministrator"}"#, "is_administrator: None"),
                (r#"{"Id":"u","Policy":[true]}"#, "is_administrator: None"),
                (r#"{"Id":"u","Policy":[[1],{"IsAdministrator":true}]}"#, "is_administrator: None"),
                (r#"{"Id":"u","Policy":null}"#, "is_administrator: None"),
                (r#"{"Id":"u","Policy":true}"#, "is_administrator: None"),
                (r#"{"Id":"u","Policy":-7}"#, "is_administrator: None"),
                (r#"{"Id":"u","Policy":1.5}"#, "is_administrator: None"),
                (r#"{"Id":"u","Policy":{"x":1e999,"y":"\ud800"}}"#, "is_administrator: None"),
                (
                    r#"{"Id":"u","Name":"\u001b[31mred\u001b[0m\u0000"}"#,
                    "\u{fffd}[31mred\u{fffd}[0m\u{fffd}",
                ),
                (r#"{"Id":"u","Name":"\u202eecila\u202c\u2029"}"#, "name: Some(\"ecila\u{fffd}\")"),
                (r#"{"Id":"u","Name":"a","Name":"b"}"#, refused),
                (
                    r#"{"Id":"u","PrimaryImageTag":"a\nb"}"#,
                    "primary_image_tag: Some(\"a\u{fffd}b\")",
                ),
                (r#"{"Id":"\"';--<b>"}"#, r#"id: "\"';--<b>""#),
            ]
            .map(|(body, expected)| (around(body), expected)),
        );
        rows.extend(of(endpoint, bodies));
    }
    let many = format!("[{}{{\"Id\":\"last\"}}]", "{\"Id\":\"u\"},".repeat(50_000));
    rows.extend(of(
        "GetPublicUsers",
        vec![
            (many.as_str(), "id: \"last\""),
            ("{\"Items\":[]}", "! Malformed { request: GetPublicUsers }"),
            ("[{\"Id\":\"u\"},]", "! Malformed { request: GetPublicUsers }"),
            ("[{\"Id\":\"u\"}", "! Malformed { request: GetPublicUsers }"),
            ("[]", "[]"),
        ],
    ));
    rows
}

fn password_reset() -> Vec<Row> {
    const FORGOT: &str = "! Malformed { request: RequestPasswordReset }";
    const PIN: &str = "! Malformed { request: RedeemPin }";
    let mut forgot: Vec<(String, &str)> =
        no_text(10).into_iter().map(|bad| (format!(r#"{{"Action":{bad}}}"#), FORGOT)).collect();
    forgot.extend(
        [
            (r#"{"Action":"pincode"}"#, FORGOT),
            (r#"{"Action":"PinCode","action":"PinCode"}"#, FORGOT),
            (
                r#"{"Action":"PinCode","PinFile":7,"PinExpirationDate":[]}"#,
                "pin_file: None, pin_expiration_date: None",
            ),
            (r#"{"Action":"PinCode","PinFile":"/a\u001b[2J/b"}"#, "/a\u{fffd}[2J/b"),
            (r#"{"Action":"PinCode","PinExpirationDate":"\u0007soon"}"#, "\u{fffd}soon"),
        ]
        .map(|(body, expected)| (body.to_owned(), expected)),
    );
    let mut rows = of("RequestPasswordReset", forgot);
    rows.extend(of(
        "RedeemPin",
        vec![
            (r#"{"Success":"yes"}"#, PIN),
            (r#"{"Success":"true"}"#, "[]"),
            (r#"{"Success":1}"#, PIN),
            (r#"{"Success":null}"#, PIN),
            (r#"{"Success":true,"success":true}"#, PIN),
            (r#"{"Success":true,"UsersReset":null}"#, "[]"),
            (r#"{"Success":true,"UsersReset":"alice"}"#, "[]"),
            (r#"{"Success":true,"UsersReset":[7]}"#, "[]"),
            (r#"{"Success":true,"UsersReset":["\ud800"]}"#, "[]"),
            (r#"{"Success":true,"UsersReset":[],"UsersReset":[]}"#, PIN),
            (
                r#"{"Success":true,"UsersReset":["a\u001b[2Jb\r\n"]}"#,
                "[\"a\u{fffd}[2Jb\u{fffd}\u{fffd}\"]",
            ),
            (r#"{"Success":false,"UsersReset":["alice"]}"#, "! PinRefused"),
        ],
    ));
    rows
}
