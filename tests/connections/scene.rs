//! What the tests share: a device, and the answers of a well-behaved server.

use std::time::Duration;

use http::Response;
use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Error, Failure, Login, Policy, ServerUrl,
    endpoint::{GetPublicUsers, GetServerInfo},
};
use jellyfin_auth_testkit::{
    answer,
    raw_server::{Move, RawRequest, RawServer, wire},
};

use crate::both_drivers::{Adapter, Driver, login_error, options};

pub(crate) const SERVER: &str = "2e34ab940daf47feb56c64cd271dc628";
pub(crate) const PROBE: &str = "/System/Info/Public";
pub(crate) const AUTHENTICATE: &str = "/Users/AuthenticateByName";
pub(crate) const USERS: &str = "/Users/Public";
pub(crate) const SOON: Duration = Duration::from_secs(5);

/// A driver that trusts this certificate.
pub(crate) fn trusting(adapter: Adapter, pem: &str) -> Driver {
    let options = options().root_certificate_pem(pem.as_bytes()).expect("it is a certificate");
    adapter.driver_with(options)
}

pub(crate) fn device() -> Device {
    let id = DeviceId::new("d-1").expect("it is an id");
    Device::new(DeviceFields { client: "Example", version: "1.0", name: "Test", id })
        .expect("no field is blank")
}

pub(crate) fn url(address: &str) -> ServerUrl {
    ServerUrl::parse(address).expect("the test's address is one")
}

pub(crate) fn password_login(server: &str) -> Login {
    Login::password(url(server), device(), "alice", "correct horse").expect("a user name")
}

/// Sends the password at once, and gives up after the first failure.
pub(crate) fn impatient() -> Policy {
    let mut policy = Policy::default();
    policy.probe = false;
    policy.retries = 0;
    policy.patience = Duration::ZERO;
    policy
}

/// Asks a server who it is.
pub(crate) fn ask(driver: &mut Driver, server: &RawServer) -> Result<String, Error> {
    ask_at(driver, &server.url())
}

pub(crate) fn ask_at(driver: &mut Driver, address: &str) -> Result<String, Error> {
    let (server, device) = (url(address), device());
    let info = driver.call(&GetServerInfo { server: &server, device: &device });
    info.map(|info| info.id).map_err(login_error)
}

/// Asks a server how many users it shows to everybody.
pub(crate) fn ask_for_users(driver: &mut Driver, server: &RawServer) -> Result<usize, Error> {
    let (server, device) = (url(&server.url()), device());
    let users = driver.call(&GetPublicUsers { server: &server, device: &device });
    users.map(|users| users.len()).map_err(login_error)
}

/// Which failure a request ended with.
pub(crate) fn failure<T>(result: Result<T, Error>) -> Option<Failure> {
    match result.err()? {
        Error::NoAnswer { failure, .. } => Some(failure),
        other => panic!("{other:?}"),
    }
}

/// On which connections the requests came.
pub(crate) fn connections(server: &RawServer) -> Vec<usize> {
    server.traffic().requests().iter().map(RawRequest::connection).collect()
}

pub(crate) fn with_length(response: &Response<Vec<u8>>) -> Vec<Move> {
    vec![Move::Send(wire::with_length(response))]
}

pub(crate) fn info() -> Vec<Move> {
    with_length(&answer::server_info(SERVER, "10.11.11"))
}

pub(crate) fn well_behaved(request: &RawRequest) -> Vec<Move> {
    match request.path() {
        PROBE => info(),
        AUTHENTICATE => with_length(&answer::authentication("t", "u", SERVER)),
        USERS => with_length(&json("[]")),
        "/QuickConnect/Enabled" => with_length(&json("true")),
        "/QuickConnect/Initiate" => with_length(&answer::quick_connect("123456", "s", false)),
        _ => with_length(&answer::marked(404)),
    }
}

fn json(text: &str) -> Response<Vec<u8>> {
    let mut response = answer::marked(200);
    text.as_bytes().clone_into(response.body_mut());
    response
}
