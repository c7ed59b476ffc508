//! What the tests share: a device, the answers of a well-behaved server, drivers that take no proxy
//! from the environment.

use std::time::Duration;

use http::Response;
use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Error, Failure, Login, ServerUrl, endpoint::GetServerInfo,
};
use jellyfin_auth_testkit::{
    answer,
    raw_server::{Move, RawRequest, RawServer, wire},
};
use jellyfin_auth_ureq::{Driver, Options, Proxy};

pub(crate) const SERVER: &str = "2e34ab940daf47feb56c64cd271dc628";
pub(crate) const TOKEN: &str = "b7a1c3d4e5f60718293a4b5c6d7e8f90";
pub(crate) const USER: &str = "6eec632aff0d4d099aad0bf9e90b14c6";
pub(crate) const SECRET: &str = "0f4a51b7c2d94e6f8a0b1c2d3e4f5a6b";
pub(crate) const PASSWORD: &str = "correct horse";
/// What "at once" means, on a machine that has much else to do: less than a driver would take to come to
/// any other end. The conformance suite measures more closely.
pub(crate) const AT_ONCE: Duration = Duration::from_secs(3);

pub(crate) fn driver() -> Driver {
    Driver::with_options(options())
}

pub(crate) fn options() -> Options {
    Options::new().proxy(Proxy::none())
}

pub(crate) fn device() -> Device {
    let id = DeviceId::new("d-1").expect("it is an id");
    Device::new(DeviceFields { client: "Example", version: "1.0", name: "Test", id })
        .expect("no field is blank")
}

pub(crate) fn url(address: &str) -> ServerUrl {
    ServerUrl::parse(address).expect("the test's address is one")
}

/// Asks a server who it is, with `driver`.
pub(crate) fn ask(driver: &mut Driver, server: &RawServer) -> Result<String, Error> {
    let (server, device) = (url(&server.url()), device());
    match driver.call(&GetServerInfo { server: &server, device: &device }) {
        Ok(info) => Ok(info.id),
        Err(error) => Err(error.login().expect("the configuration is in order").clone()),
    }
}

pub(crate) fn password_login(server: &str) -> Login {
    Login::password(url(server), device(), "alice", PASSWORD).expect("the name isn't blank")
}

pub(crate) fn quick_connect(server: &str) -> Login {
    Login::quick_connect(url(server), device())
}

/// Which failure a request ended with.
pub(crate) fn failure<T>(result: Result<T, Error>) -> Option<Failure> {
    match result.err()? {
        Error::NoAnswer { failure, .. } => Some(failure),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn with_length(response: &Response<Vec<u8>>) -> Vec<Move> {
    vec![Move::Send(wire::with_length(response))]
}

/// A well-behaved server whose Quick Connect code is never approved.
pub(crate) fn well_behaved(request: &RawRequest) -> Vec<Move> {
    match request.path() {
        "/System/Info/Public" => info(),
        "/Users/AuthenticateByName" => authentication(),
        "/QuickConnect/Enabled" => {
            let mut enabled = answer::marked(200);
            *enabled.body_mut() = b"true".to_vec();
            with_length(&enabled)
        }
        "/QuickConnect/Initiate" | "/QuickConnect/Connect" => {
            with_length(&answer::quick_connect("123456", SECRET, false))
        }
        _ => with_length(&answer::marked(404)),
    }
}

pub(crate) fn info() -> Vec<Move> {
    with_length(&answer::server_info(SERVER, "10.11.11"))
}

pub(crate) fn authentication() -> Vec<Move> {
    with_length(&answer::authentication(TOKEN, USER, SERVER))
}
