//! What the conformance suite doesn't ask of a driver: the exact failure, no secret in a text, several
//! requests at once, a driver and a login that are used again.

use std::{error::Error as _, time::Duration};

use http::Response;
use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Discovery, Error, Failure, Login, QuickConnectSecret,
    ServerUrl,
    endpoint::{GetQuickConnectState, GetServerInfo},
};
use jellyfin_auth_reqwest::Driver;
use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Version},
    raw_server::{Authority, Conduct, Identity, Move, RawServer, refused_port, wire},
};
use reqwest::{Certificate, Client, ClientBuilder, Proxy};

fn client() -> ClientBuilder {
    // Twice does no harm: the first one stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let root = Certificate::from_pem(Authority::new().pem().as_bytes()).expect("a certificate");
    Client::builder().no_proxy().tls_certs_only([root])
}

fn driver() -> Driver {
    Driver::new(client()).expect("a client")
}

fn device() -> Device {
    let id = DeviceId::new("d-1").expect("it is an id");
    Device::new(DeviceFields { client: "Example", version: "1.0", name: "Test", id })
        .expect("no field is blank")
}

fn url(address: &str) -> ServerUrl {
    ServerUrl::parse(address).expect("the test's address is one")
}

fn server(moves: Vec<Move>) -> RawServer {
    Conduct::new(move |_| moves.clone()).start()
}

async fn failure(mut driver: Driver, server: &str) -> Failure {
    let (server, device) = (url(server), device());
    let ended = driver.call(&GetServerInfo { server: &server, device: &device }).await;
    match ended.expect_err("there is no answer").login() {
        Some(Error::NoAnswer { failure, .. }) => *failure,
        other => panic!("{server} meant {other:?}"),
    }
}

#[tokio::test]
async fn a_failure_is_told_by_its_type() {
    let plain =
        Conduct::new(|_| Vec::new()).greeting(|_| vec![Move::send("HTTP/1.1 400 \r\n\r\n")]);
    let plain = plain.start();
    let untrusted =
        Conduct::new(|_| Vec::new()).tls(&Identity::self_signed(&["127.0.0.1"])).start();
    let (reset, cut) =
        (server(vec![Move::Reset]), server(vec![Move::send("HTTP/1.1 200 OK\r\nX")]));
    for (address, expected) in [
        ("http://nobody.invalid".to_owned(), Failure::HostNotFound),
        (format!("http://{}", refused_port()), Failure::Unreachable),
        (untrusted.url(), Failure::Tls),
        (plain.url().replace("http:", "https:"), Failure::NoTls),
        (reset.url(), Failure::Interrupted),
    ] {
        assert_eq!(failure(driver(), &address).await, expected, "{address}");
    }
    let impatient = Driver::new(client().timeout(Duration::from_secs(3600))).expect("a client");
    let login = async {
        let (server, device) = (url(&cut.url()), device());
        let mut login = Login::password(server, device, "alice", "wonderland").expect("a name");
        let mut policy = jellyfin_auth::Policy::default();
        policy.request_timeout = Duration::from_millis(200);
        policy.retries = 0;
        login = login.with_policy(policy);
        let mut driver = impatient;
        driver.run(login).await.expect_err("half an answer")
    };
    let error = login.await;
    let timeout = matches!(error.login(), Some(Error::NoAnswer { failure: Failure::Timeout, .. }));
    assert!(timeout, "the policy's time holds, not the builder's: {error:?}");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_told_from_one_that_is_not_there() {
    for status in [403, 407, 502] {
        let refusal = Response::builder().status(status).body(Vec::new()).expect("a response");
        let proxy = server(vec![Move::Send(wire::with_length(&refusal))]);
        let through = client().proxy(Proxy::all(proxy.url()).expect("an address"));
        let driver = Driver::new(through).expect("a client");
        assert_eq!(failure(driver, "https://nas.invalid").await, Failure::Proxy, "{status}");
    }
    let nobody = format!("http://{}", refused_port());
    let through = client().proxy(Proxy::all(nobody).expect("an address"));
    let driver = Driver::new(through).expect("a client");
    assert_eq!(failure(driver, "https://nas.invalid").await, Failure::Unreachable);
}

#[tokio::test]
async fn no_text_shows_a_secret() {
    const SECRET: &str = "0f4a51b7c2d94e6f8a0b1c2d3e4f5a6b";
    let secret = QuickConnectSecret::try_from(SECRET.to_owned()).expect("visible ASCII");
    let (reset, garbage) = (server(vec![Move::Reset]), server(vec![Move::send("garbage\r\n\r\n")]));
    let nobody = format!("http://{}", refused_port());
    for address in [reset.url(), garbage.url(), nobody] {
        let (server, device) = (url(&address), device());
        let poll = GetQuickConnectState { server: &server, device: &device, secret: &secret };
        let error = driver().call(&poll).await.expect_err("there is no answer");
        let source = error.source().expect("what went wrong on the network");
        let shown = format!("{error} {error:?} {source} {source:?}");
        assert!(!shown.contains(SECRET), "{shown}");
    }
}

#[tokio::test]
async fn a_search_asks_several_addresses_at_once() {
    let fake = FakeServer::new(Version::V12).listen().expect("a port");
    let typed = fake.url().replace("http://", "");
    let found = driver().run(Discovery::new(&typed, device()).expect("an address")).await;
    assert_eq!(found.expect("it is there").into_best().address(), fake.url());
}

#[tokio::test]
async fn after_a_cancel_the_same_driver_signs_in_by_password() {
    let mut fake = FakeServer::new(Version::V12);
    fake.add_user("alice", "wonderland");
    let fake = fake.listen().expect("a port");
    let (server, mut driver) = (url(&fake.url()), driver());

    let handle = driver.handle();
    let mut lent = Login::quick_connect(server.clone(), device());
    let cancelled = driver.run_with(&mut lent, |_| handle.cancel()).await;
    assert_eq!(cancelled.expect_err("cancelled").login(), Some(&Error::Cancelled));
    let again = driver.run(&mut lent).await;
    assert_eq!(again.expect_err("the login is over").login(), Some(&Error::Cancelled));

    let session = driver.sign_in_with_password(server, device(), "alice", "wonderland").await;
    assert_eq!(session.expect("the password is right").user().name.as_deref(), Some("alice"));
}

/// reqwest's own task closes the socket, on another thread here.
#[tokio::test(flavor = "multi_thread")]
async fn the_handle_ends_a_request_under_way() {
    let silent = server(vec![Move::Hold]);
    let (address, mut driver) = (url(&silent.url()), driver());
    let handle = driver.handle();
    let device = device();
    let endpoint = GetServerInfo { server: &address, device: &device };
    let cancel = async {
        while silent.traffic().requests().is_empty() {
            tokio::task::yield_now().await;
        }
        handle.cancel();
    };
    let (ended, ()) = tokio::join!(driver.call(&endpoint), cancel);
    assert_eq!(ended.expect_err("cancelled").login(), Some(&Error::Cancelled));
    assert!(silent.traffic().wait_until_all_are_closed(Duration::from_secs(5)));
}
