//! The error that a run ends with, what a transport's error means, and how long a connection is kept.

use std::{error::Error as _, io, time::Duration};

use http::{HeaderMap, Uri};
use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Discovery, Failure, Machine as _, Step, Timestamp,
};
use jellyfin_auth_transport::{
    ConfigError, Distrust, Error, ErrorKind, KeepAlive, LastFailure, TransportError, rustls,
};

const HERE: &str = "https://nas.example/System/Info/Public";

fn at(uri: &str) -> Uri {
    uri.parse().expect("a URI")
}

#[test]
fn a_request_without_a_response_reports_failure_and_source() {
    for failure in [
        Failure::Unreachable,
        Failure::HostNotFound,
        Failure::Interrupted,
        Failure::Timeout,
        Failure::Tls,
        Failure::UntrustedCertificate,
        Failure::CertificateChanged,
        Failure::ClientCertificateRequired,
        Failure::NoTls,
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
fn a_proxy_that_cant_be_used_is_the_proxys_failure_and_all_else_that_of_tls() {
    let socks = ConfigError::ProxyKind { scheme: "socks5".to_owned() };
    for (error, failure) in [
        (ConfigError::BadProxy, Failure::Proxy),
        (socks, Failure::Proxy),
        (ConfigError::NoAuthorities, Failure::Tls),
    ] {
        assert_eq!(TransportError::from(error.clone()).failure(), failure, "{error}");
    }
}

#[test]
fn what_the_protocol_decides_stays_when_the_configuration_was_in_the_way() {
    let mut last = LastFailure::new();
    last.record(&at(HERE), TransportError::from(ConfigError::NoAuthorities));

    let error = last.into_error(jellyfin_auth::Error::CodeExpired);

    assert_eq!(error.login(), Some(&jellyfin_auth::Error::CodeExpired));
    assert!(error.source().is_some_and(|source| source.to_string().contains("install")));
}

#[test]
fn a_response_clears_an_earlier_failure() {
    let mut last = LastFailure::new();
    assert_eq!(
        last.record(&at(HERE), TransportError::new(Failure::Timeout, "late")),
        Failure::Timeout
    );
    last.clear(&at(HERE));

    let error = last.into_error(jellyfin_auth::Error::Cancelled);

    assert!(error.source().is_none());
    assert_eq!(error.to_string(), "cancelled");
}

#[test]
fn the_latest_failure_is_the_source() {
    let mut last = LastFailure::new();
    last.record(&at(HERE), TransportError::new(Failure::Timeout, "late"));
    last.record(&at(HERE), TransportError::new(Failure::Interrupted, "cut"));

    let error = last.into_error(jellyfin_auth::Error::ServerStarting);

    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("cut"));
}

#[test]
fn a_failure_elsewhere_is_no_source_of_what_came_after_it() {
    let mut last = LastFailure::new();
    last.record(
        &at("http://nas.example/a?secret=1"),
        TransportError::new(Failure::Timeout, "late"),
    );
    last.clear(&at(HERE));

    let error = last.into_error(jellyfin_auth::Error::NotJellyfin);

    assert!(error.source().is_none());
}

/// A search that found nothing: what `urls` said, the most telling first.
fn no_server(urls: &[&str]) -> jellyfin_auth::Error {
    let failure = Failure::Unreachable;
    let device = Device::new(DeviceFields {
        client: "test",
        version: "1",
        name: "test",
        id: DeviceId::from_random([1; 16]),
    });
    let urls = urls.iter().map(|url| url.parse().expect("an address")).collect();
    let mut search = Discovery::among(urls, device.expect("a device"));
    let mut tickets = Vec::new();
    for seconds in 0.. {
        match search.poll(Timestamp::new(Duration::from_secs(seconds))) {
            Ok(Step::Send(request)) => tickets.push(request.into_parts().1),
            Ok(_) => {
                for ticket in tickets.drain(..) {
                    search.handle(ticket, Err(failure));
                }
            }
            Err(error) => return error,
        }
    }
    unreachable!("the search has an end")
}

#[test]
fn the_source_of_a_search_that_found_nothing_is_the_failure_at_its_first_address() {
    let mut last = LastFailure::new();
    let refused = |text| TransportError::new(Failure::Unreachable, text);
    last.record(&at("https://nas:8096/System/Info/Public"), refused("443"));
    last.record(&at("http://nas:8096/System/Info/Public"), refused("80"));

    let error = last.into_error(no_server(&["https://nas:8096", "http://nas:8096"]));

    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("443"));
}

#[test]
fn where_the_first_address_has_led_to_counts_as_that_address() {
    let mut last = LastFailure::new();
    let failed = |failure, text| TransportError::new(failure, text);
    last.clear(&at("http://nas/System/Info/Public"));
    last.record(&at("https://nas/System/Info/Public"), failed(Failure::Unreachable, "led to"));
    last.record(&at("https://nas:8920/"), failed(Failure::Timeout, "something else"));
    last.record(&at("https://other/System/Info/Public"), failed(Failure::Unreachable, "elsewhere"));

    let error = last.into_error(no_server(&["http://nas"]));

    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("led to"));
}

#[test]
fn what_answers_without_tls_is_distinguished_from_bad_tls() {
    let plain = rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType);
    let error = TransportError::from_connecting(&io::Error::new(io::ErrorKind::InvalidData, plain));

    assert_eq!(error.failure(), Failure::NoTls);
    assert!(error.to_string().contains("plain http"), "{error}");
}

#[test]
fn a_name_that_cant_be_looked_up_is_reported_and_the_proxys_is_not_the_servers() {
    let error = TransportError::from_look_up(&io::Error::other("no such name"));
    assert_eq!(error.failure(), Failure::HostNotFound);

    let error = error.at_proxy();
    assert_eq!(error.failure(), Failure::Unreachable);
    assert!(error.to_string().starts_with("the proxy: "), "{error}");

    let error = TransportError::new(Failure::Timeout, "late").at_proxy();
    assert_eq!((error.failure(), error.to_string().as_str()), (Failure::Timeout, "late"));
}

#[test]
fn errors_of_tls_are_distinguished_from_errors_of_the_connection() {
    let tls = rustls::Error::from(rustls::CertificateError::UnknownIssuer);
    let tls = io::Error::new(io::ErrorKind::InvalidData, tls);
    let reset = io::Error::from(io::ErrorKind::ConnectionReset);
    let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
    let late = io::Error::from(io::ErrorKind::TimedOut);

    for error in [TransportError::from_io(&tls), TransportError::from_connecting(&tls)] {
        assert_eq!(error.failure(), Failure::UntrustedCertificate);
        assert_eq!(error.certificate(), None);
    }
    assert_eq!(TransportError::from_io(&reset).failure(), Failure::Interrupted);
    assert_eq!(TransportError::from_io(&late).failure(), Failure::Timeout);
    assert_eq!(TransportError::from_connecting(&refused).failure(), Failure::Unreachable);
    assert!(TransportError::from_io(&tls).to_string().contains("its fingerprint is the one"));
    let revoked = io::Error::other(rustls::Error::from(rustls::CertificateError::Revoked));
    assert_eq!(TransportError::from_io(&revoked).to_string(), Distrust::Revoked.to_string());
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
