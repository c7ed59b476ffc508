//! What an answer calls for: the transition table for a single answer, and values by way of a JSON
//! tree.

use serde_json::Value;

use crate::recordings::Exchange;

/// The value or error of a recorded answer, as `endpoints::read` writes it.
pub fn expected(name: &str, exchange: &Exchange) -> String {
    let answer = exchange.answer.as_ref().expect("an answer");
    let status = answer.status().as_u16();
    let header =
        |name: &str| answer.headers().get(name).map(|value| value.to_str().expect("ASCII"));
    let marked = header("x-response-time-ms").is_some();
    let empty = answer.body().is_empty();
    let json = exchange.json();
    let error = match (name, status) {
        _ if header("www-authenticate").is_some() => panic!("no Jellyfin sends a challenge"),
        (_, 300..=399) => return redirected(name, exchange, header("location")),
        (_, 200 | 503) if marked && empty => "AddressBlocked".to_owned(),
        (_, 503) if marked || header("retry-after").is_some() => "ServerStarting".to_owned(),
        ("GetServerInfo", 200) => match json {
            // Compressed, which nobody who didn't ask for it has to read.
            None => "NotJellyfin".to_owned(),
            Some(info) if info["StartupWizardCompleted"] == false => "ServerNotSetUp".to_owned(),
            Some(info) if info["startupWizardCompleted"] == false && !marked => {
                "ServerStarting".to_owned()
            }
            Some(info) => return server_info(&info),
        },
        (_, 200) => return value(name, &json.expect("JSON")),
        ("LogOut", 204) => return "()".to_owned(),
        ("AuthenticateByName", 401) => "BadCredentials { hint: None }".to_owned(),
        ("AuthenticateByName" | "AuthorizeQuickConnect", 403) => {
            "LoginRefused { reason: NotStated }".to_owned()
        }
        ("AuthenticateByName", 500) => format!("ServerFault {{ request: {name}, status: 500 }}"),
        ("InitiateQuickConnect" | "GetQuickConnectState" | "AuthenticateWithQuickConnect", 401) => {
            "QuickConnectDisabled".to_owned()
        }
        ("GetQuickConnectState" | "AuthenticateWithQuickConnect", 404) => "CodeLost".to_owned(),
        ("AuthorizeQuickConnect", 401) if empty => "TokenRevoked".to_owned(),
        ("AuthorizeQuickConnect", 401) => "QuickConnectDisabled".to_owned(),
        ("AuthorizeQuickConnect", 404) => "CodeUnknown".to_owned(),
        ("AuthorizeQuickConnect", 500) => "CodeAlreadyApproved".to_owned(),
        ("GetCurrentUser" | "LogOut", 401) => "TokenRevoked".to_owned(),
        ("GetCurrentUser" | "LogOut", 403) => "NotAllowedNow".to_owned(),
        ("RedeemPin", 404) => "PinRefused".to_owned(),
        ("GetServerInfo", 404) => "WrongBasePath".to_owned(),
        (_, 400 | 405 | 415 | 431) => format!("Unexpected {{ request: {name}, status: {status} }}"),
        other => panic!("the table has no row for {other:?}"),
    };
    format!("! {error}")
}

/// Where a redirect leads from where the endpoint was asked: below `/jf`, and with a session at the
/// root. It is relative on 9 to 12 and a path on 8.
fn redirected(name: &str, exchange: &Exchange, location: Option<&str>) -> String {
    let location = location.expect("a redirect says where to");
    let asked = match name {
        "GetServerInfo" => "/jf/System/Info/Public".to_owned(),
        "GetCurrentUser" => "/Users/Me".to_owned(),
        _ => format!("/jf{}", exchange.path),
    };
    let ups = location.matches("../").count();
    let mut folders: Vec<_> = asked.split('/').collect();
    folders.truncate(folders.len().saturating_sub(1 + ups).max(1));
    let to = match location.strip_prefix('/') {
        Some(path) => format!("https://nas.example/{path}"),
        None => format!("https://nas.example{}/{}", folders.join("/"), &location[3 * ups..]),
    };
    format!("! Redirected {{ to: Some({to:?}) }}")
}

/// A property in either casing that servers write.
pub fn property<'v>(object: &'v Value, name: &str) -> &'v Value {
    let camel = name[..1].to_lowercase() + &name[1..];
    object.get(name).or_else(|| object.get(&camel)).unwrap_or(&Value::Null)
}

fn text(object: &Value, name: &str) -> Option<String> {
    property(object, name).as_str().map(str::to_owned)
}

fn server_info(info: &Value) -> String {
    format!(
        "ServerInfo {{ id: {:?}, name: {:?}, version: {:?}, product: None }}",
        text(info, "Id").expect("an id"),
        text(info, "ServerName"),
        text(info, "Version").expect("a version"),
    )
}

fn user(user: &Value) -> String {
    format!(
        "User {{ id: {:?}, name: {:?}, is_administrator: {:?}, has_password: {:?}, \
         primary_image_tag: {:?} }}",
        text(user, "Id").expect("an id"),
        text(user, "Name"),
        property(property(user, "Policy"), "IsAdministrator").as_bool(),
        property(user, "HasPassword").as_bool(),
        text(user, "PrimaryImageTag"),
    )
}

fn value(name: &str, json: &Value) -> String {
    match name {
        "GetQuickConnectEnabled" => json.as_bool().expect("true or false").to_string(),
        "AuthorizeQuickConnect" => {
            assert_eq!(json, true);
            "()".to_owned()
        }
        "GetQuickConnectState" => {
            property(json, "Authenticated").as_bool().expect("it").to_string()
        }
        "InitiateQuickConnect" => format!(
            "PendingQuickConnect {{ code: {:?}, secret: QuickConnectSecret([redacted]) }}",
            text(json, "Code").expect("a code"),
        ),
        "AuthenticateByName" | "AuthenticateWithQuickConnect" => format!(
            "Authentication {{ access_token: AccessToken([redacted]), user: {}, server_id: {:?} }}",
            user(property(json, "User")),
            text(json, "ServerId"),
        ),
        "GetCurrentUser" => user(json),
        "GetPublicUsers" => {
            let users: Vec<_> = json.as_array().expect("a list").iter().map(user).collect();
            format!("[{}]", users.join(", "))
        }
        "RequestPasswordReset" => format!(
            "PasswordReset {{ action: {}, pin_file: {:?}, pin_expiration_date: {:?} }}",
            text(json, "Action").expect("an action"),
            text(json, "PinFile").filter(|file| !file.is_empty()),
            text(json, "PinExpirationDate"),
        ),
        "RedeemPin" => {
            assert_eq!(json["Success"], true);
            let users = json["UsersReset"].as_array().expect("a list").iter();
            format!("{:?}", users.filter_map(Value::as_str).collect::<Vec<_>>())
        }
        other => panic!("{other} answers no 200 with a body"),
    }
}
