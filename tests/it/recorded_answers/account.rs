//! What a session asked for, replayed: the core's requests mean what the recorded ones meant.

use std::collections::BTreeMap;

use http::{Request, header};
use jellyfin_auth::{
    Session, SessionRecord,
    endpoint::{AuthorizeQuickConnect, Endpoint, GetCurrentUser, LogOut},
};
use serde_json::json;

use super::{endpoint, exchanges};
use crate::{recordings::Exchange, server_parser};

const FIELDS: [&str; 5] = ["Client", "Version", "Device", "DeviceId", "Token"];

/// The session that sent it, when its header names a whole device and a token.
fn session(exchange: &Exchange) -> Option<Session> {
    let (_, fields) = server_parser::parse(exchange.header("authorization")?)?;
    let [client, version, name, id, token] = FIELDS.map(|key| fields.get(key));
    let base = if exchange.path.starts_with("/jf/") { "/jf" } else { "" };
    let record: SessionRecord = serde_json::from_value(json!({
        "version": 1, "server": format!("https://nas.example{base}"), "server_id": "ab",
        "user_id": "u", "access_token": token?, "client": client?, "client_version": version?,
        "device_name": name?, "device_id": id?,
    }))
    .expect("a record");
    Session::try_from(record).ok()
}

fn assert_means_the_same(request: &Request<Vec<u8>>, recorded: &Exchange) {
    assert_eq!(request.method().as_str(), recorded.method);
    assert_eq!(request.uri().path(), recorded.path);
    assert_eq!(request.uri().query().unwrap_or_default(), recorded.query);
    let read = |header: &str| server_parser::parse(header).expect("a header").1;
    let sent = request.headers()[header::AUTHORIZATION].to_str().expect("ASCII");
    assert_eq!(read(sent), read(recorded.header("authorization").expect("a header")));
}

/// The code of an approval without any other parameter.
fn code(exchange: &Exchange) -> Option<&str> {
    exchange
        .query
        .strip_prefix("code=")
        .filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()))
}

#[test]
fn every_request_with_a_session_means_what_the_recorded_one_meant() {
    let mut replayed: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (recording, recorded) in exchanges() {
        let (Some(name), Some(session)) = (endpoint(recorded), session(recorded)) else { continue };
        let request = match name {
            "GetCurrentUser" if recorded.path.ends_with("/Me") => {
                GetCurrentUser { session: &session }.request()
            }
            "LogOut" => LogOut { session: &session }.request(),
            "AuthorizeQuickConnect" => {
                let Some(code) = code(recorded) else { continue };
                AuthorizeQuickConnect::new(&session, code).expect("a code").request()
            }
            _ => continue,
        };
        assert_means_the_same(&request, recorded);
        *replayed.entry((recording.version, name)).or_default() += 1;
    }
    let of = |version| {
        ["AuthorizeQuickConnect", "GetCurrentUser", "LogOut"].map(|name| replayed[&(version, name)])
    };
    assert_eq!(of("12.0"), [12, 67, 8]);
    assert_eq!(of("10.11.11"), [12, 79, 8]);
    assert_eq!(of("10.8.13"), [12, 68, 8]);
}
