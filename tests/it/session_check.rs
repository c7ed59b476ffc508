//! Whether a kept session still works: the server's identity before the token, and nothing but the
//! server's own word against a token.

use http::{Response, header};
use jellyfin_auth::{
    Error, Failure, Policy, Session, SessionCheck, SessionRecord, SessionState, Stage, Step,
    Timestamp, WaitReason,
};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};
use serde_json::json;

use crate::given::*;

fn session_at(server: &str) -> Session {
    let record: SessionRecord = serde_json::from_value(json!({
        "version": 1, "server": server, "server_id": SERVER_ID, "user_id": "6eec632a",
        "user_name": "old name", "access_token": "t0k3n", "client": "Example",
        "client_version": "1.0", "device_name": "Test", "device_id": "d-1",
    }))
    .expect("a record");
    Session::try_from(record).expect("a session")
}

fn check() -> Script<SessionCheck> {
    Script::new(SessionCheck::new(session_at("https://nas.example")))
}

fn server() -> Response<Vec<u8>> {
    answer::server_info(SERVER_ID, "12.0.0")
}

fn user() -> Response<Vec<u8>> {
    answer::signed(200).with_json(&json!({"Name": "alice", "Id": "6eec632a"}))
}

/// The server was identified, and signs.
fn identified() -> Script<SessionCheck> {
    let mut script = check();
    script.sends("GET", INFO).answers(server());
    script
}

/// The server was identified, and its signature doesn't arrive.
fn identified_unsigned() -> Script<SessionCheck> {
    let mut script = check();
    script.sends("GET", INFO).answers(without_signature(server()));
    script
}

fn me(mut script: Script<SessionCheck>, response: Response<Vec<u8>>) -> SessionState {
    script.sends("GET", ME).answers(response);
    script.ends()
}

#[test]
fn the_token_is_sent_when_the_server_is_known_and_not_before() {
    let mut script = check();
    let exchange = script.sends("GET", INFO);
    assert!(!exchange.request().headers().contains_key(header::AUTHORIZATION));
    exchange.answers(server());
    let exchange = script.sends("GET", ME);
    let sent = &exchange.request().headers()[header::AUTHORIZATION];
    assert_eq!(sent, session_at("https://nas.example").authorization());
    assert!(sent.is_sensitive());
    exchange.answers(user());
    let SessionState::Valid(session) = script.ends() else { panic!("it works") };
    assert_eq!(session.user().name.as_deref(), Some("alice"), "as the server knows it now");
    assert_eq!(session.access_token().expose(), "t0k3n");
}

#[test]
fn another_server_never_sees_the_token() {
    for response in
        [answer::server_info("ab", "12.0.0"), without_signature(answer::server_info("ab", "1"))]
    {
        let mut script = check();
        script.sends("GET", INFO).answers(response);
        assert!(matches!(script.fails(), Error::DifferentServer { .. }));
    }
}

#[test]
fn an_id_in_another_letter_case_is_another_server() {
    let mut script = check();
    script.sends("GET", INFO).answers(answer::server_info(&SERVER_ID.to_uppercase(), "12.0.0"));
    assert!(matches!(script.fails(), Error::DifferentServer { .. }));
}

#[test]
fn a_signed_401_revokes_and_a_signed_403_doesnt() {
    assert_eq!(me(identified(), answer::signed(401)), SessionState::Revoked);
    assert_eq!(me(identified(), answer::signed(403)), SessionState::NotAllowedNow);
}

#[test]
fn a_server_that_doesnt_sign_is_read_by_status() {
    assert_eq!(me(identified_unsigned(), answer::unsigned(401)), SessionState::Revoked);
    assert_eq!(me(identified_unsigned(), answer::unsigned(403)), SessionState::NotAllowedNow);
    let state = me(identified_unsigned(), without_signature(user()));
    assert!(matches!(state, SessionState::Valid(_)));
    // It may sign the second answer alone.
    assert_eq!(me(identified_unsigned(), answer::signed(401)), SessionState::Revoked);
}

#[test]
fn an_unsigned_refusal_of_a_server_that_signs_is_somebody_elses_and_no_reason_to_drop_a_token() {
    for status in [401, 403, 404, 500, 302, 200] {
        let mut script = identified();
        if status == 302 {
            let login = answer::unsigned(302).with_header("location", "https://sso.example/?x=1");
            script.sends("GET", ME).answers(login);
            assert!(matches!(script.fails(), Error::Redirected { .. }));
            continue;
        }
        for seconds in [1, 2, 4] {
            script.sends("GET", ME).answers(answer::unsigned(status).with_html("portal"));
            let reason = script.waits(seconds).reason();
            assert!(matches!(reason, WaitReason::Intercepted { status: s, .. } if s == status));
        }
        script.sends("GET", ME).answers(answer::unsigned(status).with_html("portal"));
        assert!(matches!(script.fails(), Error::Intercepted { status: s, .. } if s == status));
    }
}

#[test]
fn a_proxys_challenge_is_no_revocation() {
    for (mut script, target) in [(check(), INFO), (identified(), ME), (identified_unsigned(), ME)] {
        let response = answer::unsigned(401).with_header("www-authenticate", "Basic realm=\"x\"");
        script.sends("GET", target).answers(response);
        assert!(
            matches!(script.fails(), Error::ProxyAuthentication { scheme, .. } if scheme == "Basic")
        );
    }
}

#[test]
fn everything_else_is_an_error() {
    type Is = fn(&Error) -> bool;
    let of_the_probe: Vec<(Response<Vec<u8>>, Is)> = vec![
        (answer::unsigned(200).with_html("portal"), |e| matches!(e, Error::NotJellyfin { .. })),
        (answer::unsigned(200), |e| matches!(e, Error::NotJellyfin { .. })),
        (answer::unsigned(404), |e| matches!(e, Error::NotJellyfin { .. })),
        (answer::unsigned(401), |e| matches!(e, Error::Intercepted { status: 401, .. })),
        (answer::unsigned(403), |e| matches!(e, Error::Intercepted { status: 403, .. })),
        (answer::signed(401), |e| matches!(e, Error::Intercepted { status: 401, .. })),
        (answer::signed(404), |e| matches!(e, Error::WrongBasePath { .. })),
        (answer::signed(503), |e| matches!(e, Error::AddressBlocked { .. })),
        (answer::signed(200), |e| matches!(e, Error::AddressBlocked { .. })),
        (answer::signed(200).with_json(&json!({"StartupWizardCompleted": false})), |e| {
            matches!(e, Error::ServerNotSetUp { .. })
        }),
        (answer::unsigned(302).with_header("location", "https://sso.example/"), |e| {
            matches!(e, Error::Redirected { .. })
        }),
    ];
    for (response, is) in of_the_probe {
        let mut script = check();
        script.sends("GET", INFO).answers(response.clone());
        let error = script.fails();
        assert!(is(&error), "{response:?}: {error:?}");
    }
    let of_the_token: Vec<(Response<Vec<u8>>, Is)> = vec![
        (answer::signed(200).with_html("x"), |e| {
            matches!(e, Error::Malformed { step: Stage::CurrentUser, .. })
        }),
        (answer::signed(200).with_json(&json!({"Name": "alice"})), |e| {
            matches!(e, Error::Malformed { .. })
        }),
        (answer::signed(200), |e| matches!(e, Error::AddressBlocked { .. })),
        (answer::signed(503), |e| matches!(e, Error::AddressBlocked { .. })),
        (answer::signed(400).with_body(b"x"), |e| {
            matches!(e, Error::Unexpected { status: 400, .. })
        }),
        (answer::signed(404), |e| matches!(e, Error::Unexpected { status: 404, .. })),
        (answer::unsigned(431), |e| matches!(e, Error::Unexpected { status: 431, .. })),
    ];
    for (response, is) in of_the_token {
        let mut script = identified();
        script.sends("GET", ME).answers(response.clone());
        let error = script.fails();
        assert!(is(&error), "{response:?}: {error:?}");
    }
}

#[test]
fn failures_are_retried_and_then_an_error() {
    for failure in [Failure::Interrupted, Failure::Timeout, Failure::Other] {
        for (mut script, target) in [(check(), INFO), (identified(), ME)] {
            for seconds in [1, 2, 4] {
                script.sends("GET", target).fails(failure);
                script.waits(seconds);
            }
            script.sends("GET", target).fails(failure);
            assert!(matches!(script.fails(), Error::NoAnswer { failure: f, .. } if f == failure));
        }
    }
    for failure in [Failure::Tls, Failure::TooLarge, Failure::Proxy, Failure::Redirected] {
        for (mut script, target) in [(check(), INFO), (identified(), ME)] {
            script.sends("GET", target).fails(failure);
            assert!(matches!(script.fails(), Error::NoAnswer { failure: f, .. } if f == failure));
        }
    }
}

#[test]
fn a_server_that_starts_is_waited_for_and_the_token_survives() {
    let mut script = check();
    script.sends("GET", INFO).fails(Failure::Unreachable);
    script.waits(1);
    script.sends("GET", INFO).answers(answer::unsigned(503).with_header("retry-after", "005"));
    assert_eq!(script.waits(5).reason(), WaitReason::ServerStarting);
    script.sends("GET", INFO).answers(answer::unsigned(200).with_json(&json!({
        "localAddress": null, "version": "12.0.0", "id": SERVER_ID, "startupWizardCompleted": false,
    })));
    assert_eq!(script.waits(4).reason(), WaitReason::ServerStarting);
    script.sends("GET", INFO).answers(server());
    script.sends("GET", ME).answers(answer::signed(503).with_html("loading"));
    assert_eq!(script.waits(1).reason(), WaitReason::ServerStarting);
    script.sends("GET", ME).answers(user());
    assert!(matches!(script.ends(), SessionState::Valid(_)));
}

#[test]
fn a_server_that_never_gets_ready_is_an_error_after_all_patience() {
    let mut policy = Policy::default();
    policy.patience = std::time::Duration::from_secs(10);
    let check = SessionCheck::new(session_at("https://nas.example")).with_policy(policy);
    let mut script = Script::new(check);
    for seconds in [1, 2, 4, 5] {
        script.sends("GET", INFO).answers(answer::signed(503).with_html("loading"));
        script.waits(seconds);
    }
    script.sends("GET", INFO).answers(answer::signed(503).with_html("loading"));
    assert!(matches!(script.fails(), Error::ServerStarting { .. }));
}

#[test]
fn a_session_moves_to_where_its_server_was_found() {
    let session = session_at("http://nas.example");
    let mut script = Script::new(SessionCheck::new(session.clone()));
    script.sends("GET", INFO).answers(
        answer::unsigned(308).with_header("location", "https://nas.example/System/Info/Public"),
    );
    script
        .sends("GET", INFO)
        .answers(answer::unsigned(302).with_header("location", "../../jf/web/"));
    script.sends("GET", "/jf/System/Info/Public").answers(server());
    let exchange = script.sends("GET", "/jf/Users/Me");
    assert_eq!(exchange.request().uri(), "https://nas.example/jf/Users/Me");
    exchange.answers(user());
    assert_eq!(script.machine.server_url().as_str(), "https://nas.example/jf");
    let SessionState::Valid(found) = script.ends() else { panic!("it works") };
    assert_eq!(found.server().as_str(), "https://nas.example/jf");
    assert_eq!((found.access_token(), found.device()), (session.access_token(), session.device()));
}

#[test]
fn both_requests_may_be_sent_twice() {
    let mut machine = SessionCheck::new(session_at("https://nas.example"));
    for answer in [server(), user()] {
        let Ok(Step::Send(request)) = machine.poll(Timestamp::ORIGIN) else {
            panic!("a request is due")
        };
        assert!(request.is_replayable(), "{request:?}");
        machine.handle_response(request.into_parts().1, answer).expect("current");
    }
}

#[test]
fn a_check_can_be_given_up() {
    let mut script = identified();
    let ticket = script.sends("GET", ME).into_ticket();
    script.machine.cancel();
    assert!(script.machine.handle_response(ticket, user()).is_err(), "too late");
    assert!(matches!(script.fails(), Error::Cancelled { .. }));
}

#[test]
fn the_state_shows_no_token() {
    let state = me(identified(), user());
    assert!(!format!("{state:?}{state:#?}").contains("t0k3n"));
    assert!(!format!("{:?}", identified().machine).contains("t0k3n"));
}
