//! How far a request has come, and how much may still arrive.

use http::{Response, StatusCode};
use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Endpoint as _, Failure, Limits, ServerUrl,
    endpoint::GetServerInfo,
};
use jellyfin_auth_transport::{Progress, TransportError};

fn limits(max_body: usize) -> Limits {
    let server = ServerUrl::parse("https://nas.example").expect("an address");
    let id = DeviceId::new("d-1").expect("a device id");
    let fields = DeviceFields { client: "Example", version: "1.0", name: "Test", id };
    let device = Device::new(fields).expect("a device");
    let mut limits = GetServerInfo { server: &server, device: &device }.limits();
    limits.max_body = max_body;
    limits
}

fn begun() -> Progress {
    let progress = Progress::default();
    progress.begin(limits(1000));
    progress
}

fn failed(failure: Failure) -> Result<Response<()>, TransportError> {
    Err(TransportError::new(failure, "cut"))
}

#[test]
fn an_answer_may_have_twice_its_body_and_256_kib() {
    let progress = begun();
    progress.arrived(2000).expect("twice the body");
    progress.arrived(256 * 1024).expect("and 256 KiB");

    let error = progress.arrived(1).expect_err("it is too much");

    let error = TransportError::from_io(&error);
    assert_eq!(error.failure(), Failure::TooLarge);
    assert!(progress.arrived(1).is_err(), "it stays too much");
    assert_eq!(TransportError::from_connecting(&progress.arrived(1).expect_err("too much")), error);
}

#[test]
fn a_second_attempt_has_bytes_of_its_own() {
    let progress = begun();
    assert!(progress.arrived(usize::MAX).is_err());
    progress.begin_again(limits(1000));
    progress.arrived(1000).expect("the body");
}

#[test]
fn hardly_anything_may_arrive_between_two_requests() {
    let progress = begun();
    progress.begin_idle();
    progress.arrived(16 * 1024).expect("session tickets");
    assert!(progress.arrived(1).is_err());
}

#[test]
fn what_may_have_been_sent_is_never_called_unsent() {
    let progress = begun();
    let unreachable = TransportError::new(Failure::Unreachable, "refused");
    assert_eq!(progress.doubt(unreachable.clone()), unreachable);

    progress.sent();
    progress.begin_again(limits(1000));

    assert!(!progress.is_sent() && progress.was_ever_sent());
    assert_eq!(progress.doubt(unreachable).failure(), Failure::Interrupted);
    let tls = TransportError::new(Failure::Tls, "unknown authority");
    assert_eq!(progress.doubt(tls.clone()), tls);

    progress.begin(limits(1000));
    assert!(!progress.was_ever_sent(), "another request begins anew");
}

#[test]
fn a_connection_is_reused_unless_it_was_made_for_this_request() {
    let progress = begun();
    assert!(!progress.was_reused(), "nothing was sent");
    progress.sent();
    assert!(progress.was_reused());
    progress.opened();
    assert!(!progress.was_reused());
}

#[test]
fn a_dead_connection_gives_no_byte_or_a_408() {
    let progress = begun();
    let answer = |status| Ok(Response::builder().status(status).body(()).expect("a response"));
    assert!(progress.met_dead_connection(&answer(StatusCode::REQUEST_TIMEOUT)));
    assert!(!progress.met_dead_connection(&answer(StatusCode::OK)));
    assert!(progress.met_dead_connection(&failed(Failure::Interrupted)));
    assert!(!progress.met_dead_connection(&failed(Failure::Timeout)));
    progress.received();
    assert!(!progress.met_dead_connection(&failed(Failure::Interrupted)));
}
