//! What the tests share: a device, the answers of a well-behaved server, drivers that take no proxy
//! from the environment.

use std::time::Duration;

use futures_lite::future::block_on;
use http::Response;
use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Error, Failure, Login, Policy, ServerUrl,
    endpoint::GetServerInfo,
};
use jellyfin_auth_async_std::{Driver, Options, Proxy};
use jellyfin_auth_testkit::{
    answer,
    raw_server::{Move, RawRequest, RawServer, wire},
};

pub(crate) const SERVER: &str = "2e34ab940daf47feb56c64cd271dc628";
pub(crate) const TOKEN: &str = "b7a1c3d4e5f60718293a4b5c6d7e8f90";
pub(crate) const USER: &str = "6eec632aff0d4d099aad0bf9e90b14c6";
pub(crate) const SECRET: &str = "0f4a51b7c2d94e6f8a0b1c2d3e4f5a6b";
pub(crate) const PROBE: &str = "/System/Info/Public";
pub(crate) const AUTHENTICATE: &str = "/Users/AuthenticateByName";
/// What "at once" means, on a machine that has much else to do: less than a driver would take to come to
/// any other end. The conformance suite measures more closely.
pub(crate) const AT_ONCE: Duration = Duration::from_secs(3);
/// How long anything may take that should take no time.
pub(crate) const SOON: Duration = Duration::from_secs(8);

pub(crate) fn driver() -> Driver {
    Driver::with_options(options())
}

pub(crate) fn trusting(pem: &str) -> Driver {
    let options = options().root_certificate_pem(pem.as_bytes()).expect("it is a certificate");
    Driver::with_options(options)
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
    ask_at(driver, &server.url())
}

pub(crate) fn ask_at(driver: &mut Driver, server: &str) -> Result<String, Error> {
    let (server, device) = (url(server), device());
    match block_on(driver.call(&GetServerInfo { server: &server, device: &device })) {
        Ok(info) => Ok(info.id),
        Err(error) => Err(error.login().expect("the configuration is in order").clone()),
    }
}

/// A policy that gives up after the first failure and doesn't ask who the server is.
pub(crate) fn impatient() -> Policy {
    let mut policy = Policy::default();
    policy.probe = false;
    policy.retries = 0;
    policy.patience = Duration::ZERO;
    policy
}

pub(crate) fn password_login(server: &str) -> Login {
    Login::password(url(server), device(), "alice", "correct horse").expect("it isn't blank")
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
        PROBE => info(),
        AUTHENTICATE => with_length(&answer::authentication(TOKEN, USER, SERVER)),
        "/QuickConnect/Enabled" => json(b"true"),
        "/QuickConnect/Initiate" | "/QuickConnect/Connect" => {
            with_length(&answer::quick_connect("123456", SECRET, false))
        }
        _ => with_length(&answer::marked(404)),
    }
}

/// A well-behaved server that has the code approved at the first poll.
pub(crate) fn approving(request: &RawRequest) -> Vec<Move> {
    match request.path() {
        "/QuickConnect/Connect" => with_length(&answer::quick_connect("123456", SECRET, true)),
        "/Users/AuthenticateWithQuickConnect" => {
            with_length(&answer::authentication(TOKEN, USER, SERVER))
        }
        _ => well_behaved(request),
    }
}

pub(crate) fn info() -> Vec<Move> {
    with_length(&answer::server_info(SERVER, "10.11.11"))
}

fn json(body: &[u8]) -> Vec<Move> {
    let mut answer = answer::marked(200);
    *answer.body_mut() = body.to_vec();
    with_length(&answer)
}
