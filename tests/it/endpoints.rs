//! Each endpoint alone, as someone with an HTTP stack of their own uses it.

mod account;
mod every_endpoint;
mod password_reset;
mod quick_connect;
mod requests;

use http::Response;
use jellyfin_auth::{Device, Password, QuickConnectSecret, ServerUrl, Session, endpoint::*};

use crate::given::{device, session, url};

/// What endpoints are made of.
pub struct Parts {
    pub server: ServerUrl,
    pub device: Device,
    pub password: Password,
    pub secret: QuickConnectSecret,
    pub session: Session,
}

pub fn parts() -> Parts {
    Parts {
        server: url("https://nas.example/jf"),
        device: device(),
        password: "pw-alice-1".into(),
        secret: QuickConnectSecret::try_from("5EC4E7".to_owned()).expect("a secret"),
        session: session(),
    }
}

/// What an answer gives, in words: a value or an error.
pub fn read<E: Endpoint>(endpoint: &E, response: &Response<Vec<u8>>) -> String
where
    E::Output: std::fmt::Debug,
{
    match endpoint.read(response) {
        Ok(value) => format!("{value:?}"),
        Err(error) => format!("! {error:?}"),
    }
}

/// All endpoints by name, which is also their requests' in errors.
pub const NAMES: [&str; 13] = [
    "GetServerInfo",
    "GetBranding",
    "GetPublicUsers",
    "AuthenticateByName",
    "GetQuickConnectEnabled",
    "InitiateQuickConnect",
    "GetQuickConnectState",
    "AuthenticateWithQuickConnect",
    "AuthorizeQuickConnect",
    "GetCurrentUser",
    "LogOut",
    "RequestPasswordReset",
    "RedeemPin",
];

/// What `response` gives at the endpoint of that name.
pub fn read_by_name(name: &str, response: &Response<Vec<u8>>) -> String {
    let parts = parts();
    let Parts { server, device, password, secret, session } = &parts;
    match name {
        "GetServerInfo" => read(&GetServerInfo { server, device }, response),
        "GetBranding" => read(&GetBranding { server, device }, response),
        "GetPublicUsers" => read(&GetPublicUsers { server, device }, response),
        "AuthenticateByName" => {
            let user_name = "alice";
            read(&AuthenticateByName { server, device, user_name, password }, response)
        }
        "GetQuickConnectEnabled" => read(&GetQuickConnectEnabled { server, device }, response),
        "InitiateQuickConnect" => {
            let method = InitiateMethod::Post;
            read(&InitiateQuickConnect { server, device, method }, response)
        }
        "GetQuickConnectState" => read(&GetQuickConnectState { server, device, secret }, response),
        "AuthenticateWithQuickConnect" => {
            read(&AuthenticateWithQuickConnect { server, device, secret }, response)
        }
        "AuthorizeQuickConnect" => {
            read(&AuthorizeQuickConnect::new(session, "123456").expect("a code"), response)
        }
        "GetCurrentUser" => read(&GetCurrentUser { session }, response),
        "LogOut" => read(&LogOut { session }, response),
        "RequestPasswordReset" => {
            read(&RequestPasswordReset::new(server, device, "alice").expect("a name"), response)
        }
        "RedeemPin" => read(&RedeemPin::new(server, device, password).expect("a PIN"), response),
        other => panic!("no endpoint has the name {other}"),
    }
}

/// Asserts what each answer gives, row by row.
#[track_caller]
pub fn assert_reads(name: &str, rows: Vec<(Response<Vec<u8>>, &str)>) {
    for (response, expected) in rows {
        let found = read_by_name(name, &response);
        assert_eq!(found, expected, "{name}: {response:?}");
    }
}
