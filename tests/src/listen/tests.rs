use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::TcpStream,
    sync::Arc,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};

use super::*;
use crate::{
    fake_server::{Phase, Version},
    raw_server::Authority,
};

const INFO: &str = "GET /System/Info/Public HTTP/1.1\r\nHost: nas\r\nConnection: close\r\n\r\n";

fn exchange(listening: &Listening, request: &[u8]) -> String {
    let mut client = TcpStream::connect(listening.address()).expect("it listens");
    client.write_all(request).expect("it reads");
    let mut answer = String::new();
    client.read_to_string(&mut answer).expect("it answers in UTF-8");
    answer
}

fn has_header(answer: &str, name: &str) -> bool {
    let (head, _) = answer.split_once("\r\n\r\n").expect("an answer has a head");
    head.lines().any(|line| line.to_lowercase().starts_with(&format!("{name}:")))
}

#[test]
fn bodies_are_chunked_and_empty_answers_have_a_length() {
    let listening = FakeServer::new(Version::V10_11).listen().expect("a port");
    let body = exchange(&listening, INFO.as_bytes());
    assert!(body.starts_with("HTTP/1.1 200 OK\r\n"), "{body}");
    assert!(
        has_header(&body, "transfer-encoding") && !has_header(&body, "content-length"),
        "{body}"
    );
    assert!(has_header(&body, "x-response-time-ms") && has_header(&body, "date"), "{body}");
    assert!(body.contains(&listening.url()), "it says where it is: {body}");

    let me = "GET /Users/Me HTTP/1.1\r\nHost: nas\r\nConnection: close\r\n\r\n";
    let empty = exchange(&listening, me.as_bytes());
    assert!(
        empty.starts_with("HTTP/1.1 401 ") && empty.contains("Content-Length: 0\r\n"),
        "{empty}"
    );

    let head = exchange(&listening, INFO.replace("GET", "HEAD").as_bytes());
    assert!(head.starts_with("HTTP/1.1 405 ") && has_header(&head, "allow"), "{head}");
    assert!(
        !has_header(&head, "content-length") && !has_header(&head, "transfer-encoding"),
        "{head}"
    );
}

#[test]
fn what_kestrel_refuses_is_refused_here_and_ends_the_connection() {
    let listening = FakeServer::new(Version::V12).listen().expect("a port");
    let latin_1 = b"GET / HTTP/1.1\r\nHost: nas\r\nX: \xfc\r\n\r\n";
    assert!(exchange(&listening, latin_1).starts_with("HTTP/1.1 400 "));
    let many = "X: y\r\n".repeat(101);
    let many = format!("GET / HTTP/1.1\r\nHost: nas\r\n{many}\r\n");
    assert!(exchange(&listening, many.as_bytes()).starts_with("HTTP/1.1 431 "));
}

#[test]
fn what_arrived_is_kept_as_it_arrived() {
    let listening = FakeServer::new(Version::V12).listen().expect("a port");
    exchange(
        &listening,
        b"POST /Users/ForgotPassword?a=%41 HTTP/1.1\r\nHost: nas\r\nX-A: b\r\nX-Emby-Token: s3cret\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
    );
    let requests = listening.requests();
    let [request] = requests.as_slice() else { panic!("one request: {requests:?}") };
    assert_eq!((request.method().as_str(), request.body().as_slice()), ("POST", b"{}".as_slice()));
    assert_eq!(request.uri().query(), Some("a=%41"));
    assert_eq!(request.headers()["x-a"], "b");
    assert_eq!(request.headers()["x-emby-token"], "s3cret");
    assert!(!format!("{request:?}").contains("s3cret"));
}

#[test]
fn the_server_can_be_changed_while_it_listens() {
    let listening = FakeServer::new(Version::V12).listen().expect("a port");
    listening.server().set_phase(Phase::Loading);
    assert!(exchange(&listening, INFO.as_bytes()).starts_with("HTTP/1.1 503 "));
    listening.advance(Duration::from_secs(600));
    assert!(listening.now() >= Duration::from_secs(600));
}

#[test]
fn a_stopped_server_refuses_and_keeps_its_port_and_state() {
    let mut listening = FakeServer::new(Version::V12).listen().expect("a port");
    let mut kept_alive = TcpStream::connect(listening.address()).expect("it listens");
    kept_alive.write_all(b"GET /System/Ping HTTP/1.1\r\nHost: nas\r\n\r\n").expect("it reads");
    kept_alive.read_exact(&mut [0; 12]).expect("it answers");
    listening.server().add_user("alice", "secret");

    listening.pause();
    let refused = TcpStream::connect(listening.address()).expect_err("nothing listens");
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    let mut rest = Vec::new();
    assert!(kept_alive.read_to_end(&mut rest).is_ok(), "the old connection has ended");

    listening.resume().expect("the port is still free");
    assert!(exchange(&listening, INFO.as_bytes()).starts_with("HTTP/1.1 200 "));
    assert!(listening.server().user_id("alice").is_some());
    assert_eq!(listening.requests().len(), 2);
}

#[test]
fn two_servers_do_not_share_a_port() {
    let first = FakeServer::new(Version::V12).listen().expect("a port");
    let second = FakeServer::new(Version::V12).listen_on(first.port());
    assert_eq!(second.expect_err("taken").kind(), ErrorKind::AddrInUse);
}

fn exchange_by_tls(identity: &Identity, root: &str) -> io::Result<String> {
    let listening = FakeServer::new(Version::V12).listen_tls(identity)?;
    assert!(listening.url().starts_with("https://127.0.0.1:"));
    listening.server().settings_mut().require_https = true;
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(root.as_bytes()).expect("a certificate"))
        .expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("a connection");
    let mut stream = StreamOwned::new(connection, TcpStream::connect(listening.address())?);
    stream.write_all(INFO.as_bytes())?;
    let mut answer = String::new();
    match stream.read_to_string(&mut answer) {
        // hyper closes without a farewell.
        Err(error) if error.kind() != ErrorKind::UnexpectedEof => Err(error),
        _ => Ok(answer),
    }
}

#[test]
fn a_client_with_the_right_root_is_served_by_tls_and_not_sent_there_again() {
    let authority = Authority::new();
    let answer = exchange_by_tls(&authority.identity(&["localhost"]), authority.pem());
    let answer = answer.expect("a trusted certificate");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn a_client_without_it_is_not() {
    let identity = Authority::new().identity(&["localhost"]);
    exchange_by_tls(&identity, Authority::new().pem()).expect_err("an unknown authority");
}

#[test]
fn a_stopped_server_is_given_back() {
    let listening = FakeServer::new(Version::V12).listen().expect("a port");
    listening.server().add_user("alice", "secret");
    let port = listening.port();
    let again = listening.stop().listen_on(port).expect("the port is free again");
    assert!(again.server().user_id("alice").is_some());
}
