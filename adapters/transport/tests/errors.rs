//! The error that a run ends with, what a transport's error means, and how long a connection is kept.

use std::{error::Error as _, io, time::Duration};

use http::HeaderMap;
use jellyfin_auth::Failure;
use jellyfin_auth_transport::{
    ConfigError, Error, ErrorKind, KeepAlive, LastFailure, TransportError, rustls::CertificateError,
};

#[test]
fn a_request_without_a_response_reports_failure_and_source() {
    for failure in [
        Failure::Unreachable,
        Failure::Interrupted,
        Failure::Timeout,
        Failure::Tls,
        Failure::TooLarge,
        Failure::Proxy,
        Failure::Other,
    ] {
        let error = Error::from(TransportError::new(failure, "connection refused"));

        let ErrorKind::Login(jellyfin_auth::Error::NoAnswer { failure: reported, .. }) =
            error.kind()
        else {
            panic!("{error:?}")
        };
        assert_eq!(*reported, failure);
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("connection refused"));
    }
}

#[test]
fn the_configuration_decides_when_it_was_in_the_way() {
    let error = Error::from(TransportError::from(ConfigError::NoAuthorities));

    assert_eq!(error.kind(), &ErrorKind::Config(ConfigError::NoAuthorities));
    assert!(error.to_string().contains("install"), "{error}");
}

#[test]
fn what_the_protocol_decides_stays_when_the_configuration_was_in_the_way() {
    let mut last = LastFailure::new();
    last.record(TransportError::from(ConfigError::NoAuthorities));

    let error = last.into_error(jellyfin_auth::Error::CodeExpired);

    assert_eq!(error.login(), Some(&jellyfin_auth::Error::CodeExpired));
    assert!(error.source().is_some_and(|source| source.to_string().contains("install")));
}

#[test]
fn a_response_clears_an_earlier_failure() {
    let mut last = LastFailure::new();
    assert_eq!(last.record(TransportError::new(Failure::Timeout, "late")), Failure::Timeout);
    last.clear();

    let error = last.into_error(jellyfin_auth::Error::Cancelled);

    assert!(error.source().is_none());
    assert_eq!(error.to_string(), "cancelled");
}

#[test]
fn the_latest_failure_is_the_source() {
    let mut last = LastFailure::new();
    last.record(TransportError::new(Failure::Timeout, "late"));
    last.record(TransportError::new(Failure::Interrupted, "cut"));

    let error = last.into_error(jellyfin_auth::Error::ServerStarting);

    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("cut"));
}

#[test]
fn errors_of_tls_are_distinguished_from_errors_of_the_connection() {
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

fn idle(keep_alive: &[&str]) -> Duration {
    let mut headers = HeaderMap::new();
    for value in keep_alive {
        headers.append("keep-alive", value.parse().expect("it is a value"));
    }
    KeepAlive::of_response(&headers).idle()
}

#[test]
fn a_connection_is_given_up_a_second_before_the_server_closes_it() {
    assert_eq!(idle(&[]), Duration::from_secs(30));
    assert_eq!(idle(&["timeout=5"]), Duration::from_secs(4));
    assert_eq!(idle(&["timeout=5, max=100"]), Duration::from_secs(4));
    assert_eq!(idle(&["max=100", "Timeout = \"5\""]), Duration::from_secs(4));
    assert_eq!(idle(&["timeout=0"]), Duration::ZERO);
    assert_eq!(idle(&["timeout=1"]), Duration::ZERO);
    assert_eq!(idle(&["timeout=3600"]), Duration::from_secs(30));
    assert_eq!(idle(&["timeout=99999999999999999999999"]), Duration::from_secs(30));
    assert_eq!(idle(&["timeout=soon", "nonsense"]), Duration::from_secs(30));
}
