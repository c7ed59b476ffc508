//! A request arrives as the core built it.

use std::collections::BTreeMap;

use jellyfin_auth::{
    Password, QuickConnectSecret, ServerUrl,
    endpoint::{
        AuthenticateByName, AuthenticateWithQuickConnect, Endpoint as _, GetQuickConnectEnabled,
        GetQuickConnectState, GetServerInfo, InitiateMethod, InitiateQuickConnect,
    },
};

use super::flows::signed_in;
use crate::{
    answer::ResponseExt as _,
    conformance::{
        bench::{Bench, Finding, device, ensure, gateway_headers},
        jellyfin::{AUTHENTICATE, INITIATE, Jellyfin, POLL, PROBE, SECRET, answer},
    },
    raw_server::{Conduct, Move, RawRequest, wire},
};

/// What an HTTP stack may add.
const OF_THE_STACK: [&str; 3] = ["host", "connection", "content-length"];

pub(super) fn requests_arrive_as_they_were_built(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    signed_in(bench.password(&server.url()).end()?)?;
    signed_in(bench.quick_connect(&server.url()).end()?)?;

    let (url, device) = (ServerUrl::parse(&server.url()).expect("it is an address"), device());
    let password = Password::from("wonderland");
    let secret = QuickConnectSecret::try_from(SECRET.to_owned()).expect("it is visible ASCII");
    let built = [
        GetServerInfo { server: &url, device: &device }.request(),
        AuthenticateByName {
            server: &url,
            device: &device,
            user_name: "alice",
            password: &password,
        }
        .request(),
        GetServerInfo { server: &url, device: &device }.request(),
        GetQuickConnectEnabled { server: &url, device: &device }.request(),
        InitiateQuickConnect { server: &url, device: &device, method: InitiateMethod::default() }
            .request(),
        GetQuickConnectState { server: &url, device: &device, secret: &secret }.request(),
        AuthenticateWithQuickConnect { server: &url, device: &device, secret: &secret }.request(),
    ];
    let arrived = server.traffic().requests();
    let (wanted, found) = (built.len(), arrived.len());
    ensure!(wanted == found, "{wanted} requests were to arrive, not {found}");
    built.iter().zip(&arrived).try_for_each(|(built, arrived)| same(built, arrived))
}

fn same(built: &http::Request<Vec<u8>>, arrived: &RawRequest) -> Finding {
    let target = built.uri().path_and_query().map_or("/", |target| target.as_str());
    let line = format!("{} {target} HTTP/1.1", built.method());
    let found = arrived.head().split("\r\n").next().unwrap_or_default();
    ensure!(found == line, "the request line was to be {line:?}, not {found:?}");
    ensure!(arrived.body() == built.body(), "{line}: the body that arrived is another");

    let mut wanted: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (name, value) in built.headers() {
        let value = value.to_str().expect("the core's headers are visible ASCII");
        wanted.entry(name.as_str().to_owned()).or_default().push(value.to_owned());
    }
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (name, value) in arrived.headers() {
        let name = name.to_ascii_lowercase();
        if wanted.contains_key(&name) || !OF_THE_STACK.contains(&name.as_str()) {
            found.entry(name).or_default().push(value.to_owned());
        }
    }
    ensure!(found == wanted, "{line}: these headers were to arrive: {wanted:?}, not {found:?}");
    Ok(())
}

pub(super) fn a_base_path_arrives_as_it_was_typed(bench: &Bench) -> Finding {
    const PATH: &str = "/my%20media/J~f";
    let server = bench.serve(Conduct::new(|request| {
        let path = request.path().strip_prefix(PATH).unwrap_or_default();
        vec![Move::Send(wire::with_length(&answer(path, true)))]
    }));
    signed_in(bench.password(&format!("{}{PATH}", server.url())).end()?)
}

pub(super) fn a_secret_in_a_query_arrives_as_it_was_encoded(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    signed_in(bench.quick_connect(&server.url()).end()?)?;
    let polls = server.traffic().requests_for(POLL);
    let target = polls.first().map(RawRequest::target);
    let wanted = "/QuickConnect/Connect?secret=s%2Be%2Fc%3Dr%26e%25t";
    ensure!(target == Some(wanted), "{wanted} was to arrive, not {target:?}");
    Ok(())
}

pub(super) fn an_empty_post_announces_a_length_of_zero_once(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    signed_in(bench.quick_connect(&server.url()).end()?)?;
    let requests = server.traffic().requests_for(INITIATE);
    ensure!(requests.len() == 1, "one Initiate was to arrive, not {}", requests.len());
    let lengths = requests[0].header("content-length");
    ensure!(lengths == ["0"], "one Content-Length of 0 was to arrive, not {lengths:?}");
    let encodings = requests[0].header("transfer-encoding");
    ensure!(encodings.is_empty(), "no Transfer-Encoding was to arrive, not {encodings:?}");
    Ok(())
}

pub(super) fn a_password_arrives_in_one_piece_with_its_length(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    signed_in(bench.password(&server.url()).end()?)?;
    let requests = server.traffic().requests_for(AUTHENTICATE);
    ensure!(requests.len() == 1, "the password was to arrive once, not {}", requests.len());
    let (lengths, body) = (requests[0].header("content-length"), requests[0].body());
    let wanted = body.len().to_string();
    ensure!(lengths == [wanted.as_str()], "Content-Length was to be {wanted}, not {lengths:?}");
    let wanted: &[u8] = br#"{"Username":"alice","Pw":"wonderland"}"#;
    ensure!(body == wanted, "the body that arrived is another");
    let expectations = requests[0].header("expect");
    ensure!(expectations.is_empty(), "nothing was to be expected first, not {expectations:?}");
    Ok(())
}

pub(super) fn the_host_header_names_host_and_port(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    signed_in(bench.password(&server.url()).end()?)?;
    let wanted = server.address().to_string();
    for request in server.traffic().requests() {
        let hosts = request.header("host");
        ensure!(hosts == [wanted.as_str()], "one Host of {wanted} was to arrive, not {hosts:?}");
    }
    Ok(())
}

pub(super) fn cookies_are_not_kept(bench: &Bench) -> Finding {
    let info = answer(PROBE, true).with_header("set-cookie", "a=b; Path=/");
    let moves = vec![Move::Send(wire::with_length(&info))];
    let server = bench.serve(Jellyfin::new().but(PROBE, moves).conduct());
    signed_in(bench.password(&server.url()).end()?)?;
    for request in server.traffic().requests() {
        let cookies = request.header("cookie");
        ensure!(cookies.is_empty(), "no cookie was to be sent back, not {cookies:?}");
    }
    Ok(())
}

pub(super) fn gateway_headers_go_with_every_request(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    let lines = [("CF-Access-Client-Secret", "open sesame"), ("Cookie", "a=1"), ("Cookie", "b=2")];
    let headers = gateway_headers(&server.url(), &lines);
    signed_in(bench.quick_connect(&server.url()).with_gateway_headers(headers).end()?)?;
    for request in server.traffic().requests() {
        let (path, found) = (request.path(), request.header("cf-access-client-secret"));
        ensure!(found == ["open sesame"], "{path}: the header was to arrive once: {found:?}");
        let cookies = request.header("cookie");
        ensure!(cookies == ["a=1; b=2"], "{path}: one line of cookies was to arrive: {cookies:?}");
        let authorizations = request.header("authorization").len();
        let wanted = usize::from(path != PROBE);
        ensure!(authorizations == wanted, "{path}: {authorizations} Authorization headers arrived");
    }
    Ok(())
}
