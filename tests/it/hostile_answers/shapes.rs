//! Bodies that are no JSON, or too much of it, at every endpoint.

use jellyfin_auth_testkit::{answer, answer::ResponseExt as _};

use super::Row;
use crate::endpoints::NAMES;

/// What an honest server says.
fn honest(endpoint: &str) -> &'static str {
    match endpoint {
        "GetServerInfo" => r#"{"Id":"ab","Version":"12.0.0","ServerName":"nas"}"#,
        "GetBranding" => r#"{"LoginDisclaimer":"Hello","CustomCss":""}"#,
        "GetPublicUsers" => r#"[{"Id":"u1","Name":"alice"}]"#,
        "AuthenticateByName" | "AuthenticateWithQuickConnect" => {
            r#"{"AccessToken":"t0k3n","User":{"Id":"u1"},"ServerId":"ab"}"#
        }
        "GetQuickConnectEnabled" | "AuthorizeQuickConnect" => "true",
        "InitiateQuickConnect" => r#"{"Code":"123456","Secret":"5EC4E7","Authenticated":false}"#,
        "GetQuickConnectState" => r#"{"Authenticated":true,"Code":"123456"}"#,
        "GetCurrentUser" => r#"{"Id":"u1","Name":"alice"}"#,
        "RequestPasswordReset" => r#"{"Action":"PinCode"}"#,
        "RedeemPin" => r#"{"Success":true,"UsersReset":["alice"]}"#,
        other => panic!("{other} is answered without a body"),
    }
}

fn utf_16(text: &str, mark: &[u8], bytes: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
    mark.iter().copied().chain(text.encode_utf16().flat_map(bytes)).collect()
}

/// The honest text made hostile.
fn shapes(honest: &str) -> Vec<Vec<u8>> {
    let text = |text: String| text.into_bytes();
    let around = |before: &[u8], after: &[u8]| [before, honest.as_bytes(), after].concat();
    vec![
        // Encodings.
        around(b"\xEF\xBB\xBF\xEF\xBB\xBF", b""),
        utf_16(honest, b"\xFF\xFE", u16::to_le_bytes),
        utf_16(honest, b"\xFE\xFF", u16::to_be_bytes),
        utf_16(honest, b"", u16::to_le_bytes),
        utf_16(honest, b"", u16::to_be_bytes),
        honest.chars().flat_map(|letter| u32::from(letter).to_be_bytes()).collect(),
        around(b"\0", b""),
        around(b"", b"\0"),
        around(b"\xFF", b""),
        around(b"", b"\xC3"),
        around(b"\x1F\x8B\x08\0", b""),
        // Something else around or instead.
        around(b"", b","),
        around(b"", honest.as_bytes()),
        around(b"callback(", b")"),
        around(b"/* */", b""),
        around(b"", b"// x"),
        around(b"4\r\n", b"\r\n0\r\n\r\n"),
        around(b"<script>", b"</script>"),
        around(b"\x0B", b""),
        around(b")]}',\n", b""),
        around(b"[[", b"]]"),
        text(format!("[{honest}, 1]")),
        text(format!("{{\"Result\":{honest}}}")),
        text(honest[..honest.len() - 1].to_owned()),
        text(honest.replace('"', "'") + ";"),
        b"<!DOCTYPE html><title>Jellyfin</title>".to_vec(),
        b"<?xml version=\"1.0\"?><AuthenticationResult/>".to_vec(),
        // Properties by their place, without their names.
        b"[\"ab\",\"12.0.0\",[\"u1\"]]".to_vec(),
        b"[\"t0k3n\",[\"u1\"],\"ab\"]".to_vec(),
        b"[true,[\"alice\"]]".to_vec(),
        b"[\"u1\",\"alice\"]".to_vec(),
        b"[\"PinCode\"]".to_vec(),
        b"[[\"u1\"]]".to_vec(),
        // Values of other kinds.
        b"null".to_vec(),
        b"NaN".to_vec(),
        b"1e999".to_vec(),
        b"-".to_vec(),
        b"\"\\ud800\"".to_vec(),
        b"\"\\u001b[2J\"".to_vec(),
        b"99999999999999999999999999999999999999999".to_vec(),
        // Too much.
        b" ".repeat(1024 * 1024),
        b"[".repeat(1024 * 1024),
        b"{\"User\":".repeat(100_000),
        b"{\"x\":".repeat(100_000),
        [b"[".repeat(200), b"]".repeat(200)].concat(),
        text(format!("\"{}\"", "a".repeat(1024 * 1024))),
        text("9".repeat(1024 * 1024)),
    ]
}

pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for name in NAMES.into_iter().filter(|name| *name != "LogOut") {
        let refused = match name {
            "GetServerInfo" => "! NotJellyfin".to_owned(),
            _ => format!("! Malformed {{ request: {name} }}"),
        };
        // Marked or not: a single answer is read by its status alone.
        let of = |body: &[u8]| answer::marked(200).with_body(body);
        let hostile = shapes(honest(name));
        // Nothing in it is due, so that any object will do.
        let is_empty = |body: &[u8]| name == "GetBranding" && body.starts_with(b"{\"Result\"");
        rows.extend(hostile.iter().map(|body| {
            let expected =
                if is_empty(body) { "Branding { login_disclaimer: None" } else { &refused };
            Row::new(name, of(body), expected)
        }));
        rows.push(Row::new(name, of(honest(name).as_bytes()), ""));
        let marked_as_unicode = [b"\xEF\xBB\xBF", honest(name).as_bytes()].concat();
        rows.push(Row::new(name, of(&marked_as_unicode), ""));
        let blanks = format!(" \t\r\n{}\r\n ", honest(name));
        rows.push(Row::new(name, of(blanks.as_bytes()), ""));
    }
    for body in [b"".as_slice(), b"x", b"\x1B[2J", b"{}"] {
        rows.push(Row::new("LogOut", answer::marked(204).with_body(body), "()"));
        let refused = match body {
            b"" => "! AddressBlocked",
            b"{}" => "! SignOutUnsupported",
            _ => "! Malformed { request: LogOut }",
        };
        rows.push(Row::new("LogOut", answer::marked(200).with_body(body), refused));
    }
    rows
}
