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
        secret: QuickConnectSecret::new("5EC4E7".to_owned()).expect("a secret"),
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

/// All endpoints by name.
pub const NAMES: [&str; 12] = [
    "GetServerInfo",
    "PublicUsers",
    "AuthenticateByName",
    "QuickConnectEnabled",
    "InitiateQuickConnect",
    "QuickConnectState",
    "AuthenticateWithQuickConnect",
    "AuthorizeQuickConnect",
    "CurrentUser",
    "Logout",
    "ForgotPassword",
    "RedeemPin",
];

/// What `response` gives at the endpoint of that name.
pub fn read_by_name(name: &str, response: &Response<Vec<u8>>) -> String {
    let parts = parts();
    let Parts { server, device, password, secret, session } = &parts;
    match name {
        "GetServerInfo" => read(&GetServerInfo::new(server, device), response),
        "PublicUsers" => read(&PublicUsers::new(server, device), response),
        "AuthenticateByName" => {
            read(&AuthenticateByName::new(server, device, "alice", password), response)
        }
        "QuickConnectEnabled" => read(&QuickConnectEnabled::new(server, device), response),
        "InitiateQuickConnect" => {
            read(&InitiateQuickConnect::new(server, device, InitiateMethod::Post), response)
        }
        "QuickConnectState" => read(&QuickConnectState::new(server, device, secret), response),
        "AuthenticateWithQuickConnect" => {
            read(&AuthenticateWithQuickConnect::new(server, device, secret), response)
        }
        "AuthorizeQuickConnect" => {
            read(&AuthorizeQuickConnect::new(session, "123456").expect("a code"), response)
        }
        "CurrentUser" => read(&CurrentUser::new(session), response),
        "Logout" => read(&Logout::new(session), response),
        "ForgotPassword" => {
            read(&ForgotPassword::new(server, device, "alice").expect("a name"), response)
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
