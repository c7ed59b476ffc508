//! What real servers said: every answer goes to the reader that it belongs to, and every sign-in that
//! succeeded is replayed as a whole.

mod account;
mod expected;
mod logins;

use std::collections::BTreeMap;

use crate::{
    endpoints::read_by_name,
    recordings::{self, Exchange, Recording, VERSIONS},
};
use expected::expected;

/// The endpoint that a request asks, if it is one of those that this crate knows.
pub fn endpoint(exchange: &Exchange) -> Option<&'static str> {
    let path = exchange.path.to_lowercase();
    let path = path.strip_prefix("/jf").filter(|rest| rest.starts_with('/')).unwrap_or(&path);
    Some(match (exchange.method.as_str(), path.trim_end_matches('/')) {
        // At other base paths, too: that is how they are found.
        ("GET", path) if path.ends_with("/system/info/public") => "GetServerInfo",
        ("GET", "/users/public") => "GetPublicUsers",
        ("POST", "/users/authenticatebyname") => "AuthenticateByName",
        ("GET", "/quickconnect/enabled") => "GetQuickConnectEnabled",
        ("GET" | "POST", "/quickconnect/initiate") => "InitiateQuickConnect",
        ("GET", "/quickconnect/connect") => "GetQuickConnectState",
        ("POST", "/users/authenticatewithquickconnect") => "AuthenticateWithQuickConnect",
        ("POST", "/quickconnect/authorize") => "AuthorizeQuickConnect",
        ("GET", "/users/me") => "GetCurrentUser",
        ("POST", "/sessions/logout") => "LogOut",
        ("POST", "/users/forgotpassword") => "RequestPasswordReset",
        ("POST", "/users/forgotpassword/pin") => "RedeemPin",
        _ => return None,
    })
}

fn exchanges() -> impl Iterator<Item = (&'static Recording, &'static Exchange)> {
    let all = recordings::all().iter();
    all.flat_map(|recording| recording.exchanges.iter().map(move |exchange| (recording, exchange)))
}

#[test]
fn every_recorded_answer_gives_what_its_status_calls_for() {
    // By endpoint: how many gave a value, and how many an error.
    let mut read: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (recording, exchange) in exchanges() {
        let (Some(name), Some(answer)) = (endpoint(exchange), &exchange.answer) else { continue };
        let found = read_by_name(name, answer);
        let expected = expected(name, exchange);
        if found != expected {
            let Recording { version, name, .. } = recording;
            let Exchange { method, path, query, .. } = exchange;
            wrong.push(format!(
                "{version}/{name}: {method} {path} {query}\n  {expected}\n  {found}"
            ));
        }
        let (values, errors) = read.entry(name).or_default();
        *if expected.starts_with('!') { errors } else { values } += 1;
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    let counts = [
        ("AuthenticateByName", (304, 209)),
        ("AuthenticateWithQuickConnect", (32, 34)),
        ("AuthorizeQuickConnect", (23, 40)),
        ("GetCurrentUser", (210, 116)),
        ("RequestPasswordReset", (12, 6)),
        ("GetServerInfo", (56, 43)),
        ("InitiateQuickConnect", (59, 51)),
        ("LogOut", (15, 18)),
        ("GetPublicUsers", (9, 0)),
        ("GetQuickConnectEnabled", (24, 13)),
        ("GetQuickConnectState", (44, 50)),
        ("RedeemPin", (3, 9)),
    ];
    assert_eq!(read, BTreeMap::from(counts));
    assert_eq!(read.values().map(|(values, errors)| values + errors).sum::<usize>(), 1380);
}

#[test]
fn no_recorded_answer_is_left_unread_but_those_that_no_endpoint_asks_for() {
    let mut others: BTreeMap<String, usize> = BTreeMap::new();
    let (mut all, mut silent) = (0, 0);
    for (_, exchange) in exchanges() {
        all += 1;
        if exchange.answer.is_none() {
            silent += 1;
        } else if endpoint(exchange).is_none() {
            *others.entry(format!("{} {}", exchange.method, exchange.path)).or_default() += 1;
        }
    }
    assert_eq!((all, silent, others.values().sum::<usize>()), (1591, 87, 124), "{others:#?}");
}

#[test]
fn every_version_is_there_with_all_its_recordings() {
    let of = |version| recordings::all().iter().filter(|one| one.version == version).count();
    assert_eq!(VERSIONS.map(of), [28, 29, 28]);
}
