//! The three drivers.

use std::time::Duration;

use jellyfin_auth::{Device, DeviceFields, DeviceId, Login, Machine as _, ServerUrl, Step};
use jellyfin_auth_testkit::Clock;

use super::{
    trace::{Sent, Trace, Waited},
    turns::{Turn, serve},
};

fn target(server: &str) -> (ServerUrl, Device) {
    let id = DeviceId::new("parity-1").expect("a plain id is taken");
    let fields = DeviceFields { client: "Parity", version: "1.0", name: "Größe, \"100 %\"", id };
    let device = Device::new(fields).expect("no field is blank");
    (ServerUrl::parse(server).expect("an address"), device)
}

pub fn password(server: &str) -> Login {
    let (server, device) = target(server);
    Login::password(server, device, "alice", "pass \"word\" ü").expect("the name isn't blank")
}

pub fn quick_connect(server: &str) -> Login {
    let (server, device) = target(server);
    Login::quick_connect(server, device)
}

/// Nothing but the loop: no socket and no clock.
pub fn in_memory(begin: impl Fn(&str) -> Login, script: &[Turn]) -> Trace {
    let mut login = begin("http://nas.example:8096");
    let (mut clock, mut turns) = (Clock::default(), script.iter());
    let (mut requests, mut waits) = (Vec::new(), Vec::new());
    let end = loop {
        match login.poll(clock.now()) {
            Err(error) => break Err(error),
            Ok(Step::Done(session)) => break Ok(session),
            Ok(Step::Pending) => unreachable!("every request is answered before the next poll"),
            Ok(Step::Wait(wait)) => {
                waits.push(Waited::from(&wait));
                clock.advance(wait.delay());
            }
            Ok(Step::Send(request)) => {
                let (request, ticket, limits) = request.into_parts();
                requests.push(Sent::built(&request));
                let turn = turns.next().expect("the script has an answer to every request");
                let stalls = matches!(turn, Turn::Stall);
                let passed = if stalls { limits.timeout } else { Duration::ZERO };
                clock.advance(passed);
                let is_taken = match turn.result(limits.max_body) {
                    Ok(response) => login.handle(ticket, Ok(&response)),
                    Err(failure) => login.handle(ticket, Err(failure)),
                };
                assert!(is_taken, "the ticket is the one that was just issued");
            }
        }
    };
    Trace::new(requests, waits, end)
}

pub fn blocking(begin: impl Fn(&str) -> Login, script: &[Turn]) -> Trace {
    use jellyfin_auth_ureq::{Driver, ErrorKind, Options, Proxy};

    let server = serve(script);
    let mut waits = Vec::new();
    let mut driver = Driver::with_options(Options::new().proxy(Proxy::none()));
    let end = driver.run_with(begin(&server.url()), |wait| waits.push(Waited::from(wait)));
    let end = end.map_err(|error| match error.into_kind() {
        ErrorKind::Login(error) => error,
        other => panic!("the driver could not be set up: {other}"),
    });
    let requests = server.traffic().requests();
    Trace::new(requests.iter().map(Sent::arrived).collect(), waits, end)
}

pub fn asynchronous(begin: impl Fn(&str) -> Login, script: &[Turn]) -> Trace {
    use jellyfin_auth_async_std::{Driver, ErrorKind, Options, Proxy};

    let server = serve(script);
    let mut waits = Vec::new();
    let mut driver = Driver::with_options(Options::new().proxy(Proxy::none()));
    let run = driver.run_with(begin(&server.url()), |wait| waits.push(Waited::from(wait)));
    let end = async_std::task::block_on(run).map_err(|error| match error.into_kind() {
        ErrorKind::Login(error) => error,
        other => panic!("the driver could not be set up: {other}"),
    });
    let requests = server.traffic().requests();
    Trace::new(requests.iter().map(Sent::arrived).collect(), waits, end)
}
