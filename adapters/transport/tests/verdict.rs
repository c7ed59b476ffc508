//! What a run ends with, and what is told about the transport.

use std::{error::Error as _, io, time::Duration};

use http::HeaderMap;
use jellyfin_auth::Failure;
use jellyfin_auth_transport::{
    ErrorKind, KeepAlive, SetUpError, TransportError, Verdict, rustls::CertificateError,
};

#[test]
fn a_request_without_an_answer_tells_failure_and_reason() {
    for failure in [
        Failure::Unreachable,
        Failure::Interrupted,
        Failure::Timeout,
        Failure::Tls,
        Failure::TooLarge,
        Failure::Proxy,
        Failure::Other,
    ] {
        let error = Verdict::no_answer(TransportError::new(failure, "connection refused"));

        let ErrorKind::Login(jellyfin_auth::Error::NoAnswer { failure: told, .. }) = error.kind()
        else {
            panic!("{error:?}")
        };
        assert_eq!(*told, failure);
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("connection refused"));
    }
}

#[test]
fn the_set_up_decides_when_it_was_in_the_way() {
    let error = Verdict::no_answer(TransportError::from(SetUpError::NoAuthorities));

    assert_eq!(error.kind(), &ErrorKind::SetUp(SetUpError::NoAuthorities));
    assert!(error.to_string().contains("install"), "{error}");
}

#[test]
fn an_answer_takes_back_what_failed_before() {
    let mut verdict = Verdict::new();
    assert_eq!(verdict.failed(TransportError::new(Failure::Timeout, "late")), Failure::Timeout);
    verdict.answered();

    let cancelled = Verdict::cancelled().login().expect("it is the core's").clone();
    let error = verdict.end(cancelled);

    assert!(error.source().is_none());
}

#[test]
fn cancelled_is_the_cores_own_error() {
    let error = Verdict::cancelled();

    assert!(matches!(error.login(), Some(jellyfin_auth::Error::Cancelled { .. })), "{error:?}");
    assert_eq!(error.to_string(), "cancelled");
}

#[test]
fn errors_of_tls_are_told_from_errors_of_the_connection() {
    let tls = jellyfin_auth_transport::rustls::Error::from(CertificateError::UnknownIssuer);
    let tls = io::Error::new(io::ErrorKind::InvalidData, tls);
    let reset = io::Error::from(io::ErrorKind::ConnectionReset);
    let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
    let late = io::Error::from(io::ErrorKind::TimedOut);

    assert_eq!(TransportError::from_io(&tls).failure(), Failure::Tls);
    assert_eq!(TransportError::from_connecting(&tls).failure(), Failure::Tls);
    assert_eq!(TransportError::from_io(&reset).failure(), Failure::Interrupted);
    assert_eq!(TransportError::from_io(&late).failure(), Failure::Timeout);
    assert_eq!(TransportError::from_connecting(&refused).failure(), Failure::Unreachable);
    assert!(TransportError::from_io(&tls).to_string().contains("give it as a root certificate"));
}

fn told(keep_alive: &[&str]) -> Duration {
    let mut headers = HeaderMap::new();
    for value in keep_alive {
        headers.append("keep-alive", value.parse().expect("it is a value"));
    }
    KeepAlive::of_answer(&headers).idle()
}

#[test]
fn a_connection_is_given_up_a_second_before_the_server_closes_it() {
    assert_eq!(told(&[]), Duration::from_secs(30));
    assert_eq!(told(&["timeout=5"]), Duration::from_secs(4));
    assert_eq!(told(&["timeout=5, max=100"]), Duration::from_secs(4));
    assert_eq!(told(&["max=100", "Timeout = \"5\""]), Duration::from_secs(4));
    assert_eq!(told(&["timeout=0"]), Duration::ZERO);
    assert_eq!(told(&["timeout=1"]), Duration::ZERO);
    assert_eq!(told(&["timeout=3600"]), Duration::from_secs(30));
    assert_eq!(told(&["timeout=99999999999999999999999"]), Duration::from_secs(30));
    assert_eq!(told(&["timeout=soon", "nonsense"]), Duration::from_secs(30));
}
