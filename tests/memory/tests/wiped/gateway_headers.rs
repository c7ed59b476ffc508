//! What lets a program past a gateway.

use std::mem::ManuallyDrop;

use jellyfin_auth::{GatewayHeaders, ServerUrl, Session, SessionRecord};

use crate::{canary, left_behind, login, send, server};

/// What a gateway wants of a program, for two of its origins.
fn gateway_headers() -> GatewayHeaders {
    // The program's own copy is not looked for.
    let value = ManuallyDrop::new(canary());
    let mut headers = GatewayHeaders::default();
    for (name, value) in [("X-Door", value.as_str()), ("Cookie", &value), ("Cookie", "b=2")] {
        headers.add(&server(), name, value).expect("a header");
    }
    let other = ServerUrl::parse("http://nas.example").expect("an address");
    headers.add(&other, "X-Door", &value).expect("a header");
    headers
}

#[test]
fn a_gateways_headers_are_wiped_wherever_they_were() {
    assert_eq!(left_behind(gateway_headers), 0);
    let changed = || {
        let headers = gateway_headers();
        let mut others = headers.clone();
        others.remove(&server());
        (headers, others)
    };
    assert_eq!(left_behind(changed), 0);
    let sent = || {
        let mut request = http::Request::get("https://nas.example/").body(()).expect("a request");
        gateway_headers().add_to(&mut request);
        drop(request);
        let mut login = login().with_gateway_headers(gateway_headers());
        let ticket = send(&mut login);
        (login, ticket)
    };
    assert_eq!(left_behind(sent), 0);
    let session = || {
        let record: SessionRecord = serde_json::from_value(serde_json::json!({
            "version": 1, "server": "https://nas.example", "user_id": "u", "access_token": "t",
            "client": "A", "client_version": "1", "device_name": "D", "device_id": "d",
        }))
        .expect("a record");
        let session = Session::try_from(record).expect("a session");
        session.with_gateway_headers(gateway_headers())
    };
    let kept = || Session::try_from(session().to_record()).expect("a session");
    assert_eq!(left_behind(kept), 0);
}
