//! An answer, drawn from a fuzzer's bytes: one of the server's own, and what is different about it.

use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::text::{add_header, mark, number, settings};

/// What a line without a name sets.
const NAMES: [&str; 24] = [
    "status",
    "unmarked",
    "camel",
    "body",
    "without",
    "location",
    "retry-after",
    "www-authenticate",
    "set-cookie",
    "content-type",
    "server",
    "Id",
    "Name",
    "Version",
    "ServerName",
    "ProductName",
    "StartupWizardCompleted",
    "AccessToken",
    "ServerId",
    "Code",
    "Secret",
    "Authenticated",
    "Address",
    "PinFile",
];

/// For a status that is no number.
const STATUSES: [u16; 12] = [200, 200, 204, 302, 307, 400, 401, 403, 404, 429, 500, 503];

/// Reads lines such as `status=401`, `body=users` and `Name=alice`. The answer is marked and says who the
/// server is, unless they say otherwise: `status`, `unmarked`, `camel` (case of the members' names), `body`
/// (one of [`BODIES`]), `without` (a member) and `text` (the body, all that is left). Every other name is a
/// header's, or, beginning with a capital letter, a member's, with a value in JSON or text.
pub(super) fn answer(input: &[u8]) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    mark(&mut response);
    let mut body = BODIES[0].1();
    let (mut camel, mut text) = (false, None);
    for (name, value) in settings(input, &NAMES) {
        let word = String::from_utf8_lossy(value);
        match &*name {
            "status" => {
                let known =
                    u16::try_from(number(value)).ok().and_then(|it| StatusCode::from_u16(it).ok());
                let other = STATUSES
                    [usize::from(value.first().copied().unwrap_or_default()) % STATUSES.len()];
                *response.status_mut() =
                    known.unwrap_or(StatusCode::from_u16(other).expect("a status"));
            }
            "unmarked" => drop(response.headers_mut().remove("x-response-time-ms")),
            "camel" => camel = true,
            "body" => {
                let other = usize::from(value.first().copied().unwrap_or_default()) % BODIES.len();
                let known = BODIES.iter().find(|(name, _)| *name == word);
                body = known.unwrap_or(&BODIES[other]).1();
            }
            "without" => change(&mut body, &mut |members| drop(members.remove(&*word))),
            "text" => text = Some(value.to_vec()),
            name if name.starts_with(|first: char| first.is_ascii_uppercase()) => {
                let value = serde_json::from_slice(value).unwrap_or_else(|_| json!(word));
                let mut is_known = false;
                change(&mut body, &mut |members| {
                    if let Some(member) = members.get_mut(name) {
                        (*member, is_known) = (value.clone(), true);
                    }
                });
                if let (false, Some(members)) = (is_known, body.as_object_mut()) {
                    members.insert(name.to_owned(), value);
                }
            }
            name => add_header(&mut response, name.as_bytes(), value),
        }
    }
    if camel {
        change(&mut body, &mut |members| {
            let written = std::mem::take(members).into_iter();
            members.extend(written.map(|(name, value)| (in_camel_case(&name), value)));
        });
    }
    *response.body_mut() = text.unwrap_or_else(|| match body {
        Value::String(page) => page.into_bytes(),
        json => json.to_string().into_bytes(),
    });
    response
}

type Members = serde_json::Map<String, Value>;

/// Changes every object in `value`, the outer ones last.
fn change(value: &mut Value, how: &mut dyn FnMut(&mut Members)) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| change(value, how)),
        Value::Object(members) => {
            members.values_mut().for_each(|value| change(value, how));
            how(members);
        }
        _ => {}
    }
}

fn in_camel_case(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

type Body = fn() -> Value;

/// What a server, a plugin and a gateway answer.
const BODIES: [(&str, Body); 13] = [
    ("server_info", || {
        json!({"Id": "713dc3fe", "Version": "12.0.0", "ServerName": "nas", "ProductName": "Jellyfin Server",
            "LocalAddress": "http://192.0.2.7:8096", "StartupWizardCompleted": true})
    }),
    (
        "authentication",
        || json!({"User": user(), "AccessToken": "0123456789abcdef", "ServerId": "713dc3fe"}),
    ),
    ("quick_connect", || json!({"Authenticated": true, "Code": "123456", "Secret": "5EC4E7"})),
    ("user", user),
    ("users", || json!([user(), user()])),
    ("enabled", || json!(true)),
    (
        "branding",
        || json!({"LoginDisclaimer": "Be kind", "CustomCss": "", "SplashscreenEnabled": false}),
    ),
    ("reset", || {
        json!({"Action": "PinCode", "PinFile": "/config/passwordreset.json",
            "PinExpirationDate": "2026-08-22T17:14:15.1234567Z"})
    }),
    ("redeemed", || json!({"Success": true, "UsersReset": ["alice"]})),
    (
        "announcement",
        || json!({"Address": "http://192.0.2.7:8096", "Id": "713dc3fe", "Name": "nas", "EndpointAddress": null}),
    ),
    (
        "second_factor",
        || json!({"TwoFactorRequired": true, "Methods": ["totp"], "ChallengePageUrl": "/TwoFactorAuth/Challenge?token=x"}),
    ),
    ("page", || json!("<html><script id=\"anubis_challenge\"></script></html>")),
    ("empty", || json!("")),
];

fn user() -> Value {
    json!({"Id": "6eec632a", "Name": "alice", "ServerId": "713dc3fe", "HasPassword": true,
        "PrimaryImageTag": "d41d8cd9", "Policy": {"IsAdministrator": false}})
}
