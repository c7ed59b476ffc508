//! What a look at a server's certificate shows, and that it is no more than a look.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use jellyfin_auth::{Failure, ServerUrl};
use jellyfin_auth_transport::{
    Distrust, Inspection, Options, Proxy, Tls, TransportError,
    rustls::{ServerConnection, Stream},
};

use crate::{
    certificates::{
        Identity, authority, expired, issued_by, not_yet_valid, self_signed, server_config,
    },
    trusting,
};

/// Looks at a server that shows `identity`, as at `host`; also what the server received beyond the
/// handshake.
fn inspect(
    options: &Options,
    identity: &Identity,
    host: &str,
) -> (Result<Inspection, TransportError>, Vec<u8>) {
    let config = Arc::new(server_config(identity));
    let (address, server) = serve(move |mut socket| {
        let mut connection = ServerConnection::new(config).expect("the server is complete");
        let mut received = Vec::new();
        // It ends with an alert, in order or not.
        let _ = Stream::new(&mut connection, &mut socket).read_to_end(&mut received);
        received
    });
    let mut stream = TcpStream::connect(address).expect("the server listens");
    let inspected = Tls::new(options).inspect(&mut stream, &url(host));
    drop(stream);
    (inspected, server.join().expect("the server has an end"))
}

fn serve(
    connection: impl FnOnce(TcpStream) -> Vec<u8> + Send + 'static,
) -> (SocketAddr, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    (address, thread::spawn(move || connection(listener.accept().expect("a connection").0)))
}

fn distrust(identity: &Identity, host: &str) -> Option<Distrust> {
    let (inspected, received) = inspect(&no_proxy(), identity, host);
    assert_eq!(received, b"");
    inspected.expect("a certificate arrived").trust.err()
}

fn url(host: &str) -> ServerUrl {
    ServerUrl::parse(host).expect("the host is a name")
}

fn no_proxy() -> Options {
    Options::new().proxy(Proxy::none())
}

#[test]
fn a_trusted_certificate_is_shown_and_nothing_is_sent() {
    let authority = authority();
    let server = issued_by(&authority, "nas.example");

    let (inspected, received) = inspect(&trusting(&authority.pem()), &server, "nas.example");

    let inspection = inspected.expect("a certificate arrived");
    assert_eq!(inspection.trust, Ok(()));
    assert_eq!(inspection.certificate.names, ["nas.example"]);
    assert_eq!(received, b"");
}

#[test]
fn every_reason_to_distrust_is_named_with_the_certificate() {
    assert_eq!(distrust(&self_signed("nas.example"), "nas.example"), Some(Distrust::UnknownIssuer));
    assert_eq!(distrust(&expired("nas.example"), "nas.example"), Some(Distrust::Expired));
    assert_eq!(distrust(&not_yet_valid("nas.example"), "nas.example"), Some(Distrust::NotYetValid));
}

#[test]
fn a_given_certificate_for_another_host_is_named_so() {
    let server = self_signed("nas.example");

    let (inspected, _) = inspect(&trusting(&server.certificate), &server, "bank.example");

    assert_eq!(inspected.expect("a certificate arrived").trust, Err(Distrust::OtherName));
}

#[test]
fn what_speaks_no_tls_has_no_certificate() {
    let (address, server) = serve(|mut socket| {
        let mut greeting = [0; 64];
        let length = socket.read(&mut greeting).expect("a greeting");
        let answer = b"HTTP/1.1 400 Bad Request\r\n\r\n";
        socket.write_all(answer).expect("somebody reads");
        greeting[..length].to_vec()
    });
    let mut stream = TcpStream::connect(address).expect("the server listens");

    let refused = Tls::new(&no_proxy()).inspect(&mut stream, &url("nas.example")).map(drop);

    let refused = refused.expect_err("no certificate arrived");
    assert_eq!(refused.failure(), Failure::NoTls);
    assert!(refused.to_string().contains("plain http"), "{refused}");
    drop(stream);
    server.join().expect("the server has an end");
}

#[test]
fn a_server_that_closes_interrupts_it() {
    let (address, server) = serve(|_| Vec::new());
    let mut stream = TcpStream::connect(address).expect("the server listens");

    let refused = Tls::new(&no_proxy()).inspect(&mut stream, &url("nas.example")).map(drop);

    assert_eq!(refused.expect_err("no certificate arrived").failure(), Failure::Interrupted);
    server.join().expect("the server has an end");
}

#[test]
fn a_server_that_says_nothing_takes_as_long_as_the_stream_allows() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_millis(20))).expect("a socket has timeouts");

    let refused = Tls::new(&no_proxy()).inspect(&mut stream, &url("nas.example")).map(drop);

    assert_eq!(refused.expect_err("no certificate arrived").failure(), Failure::Timeout);
}
