use jellyfin_auth::{
    ApproveQuickConnect, Error, Failure, Session, SessionCheck, SessionRecord, SessionState,
    SignOut,
    endpoint::{GetCurrentUser, GetPublicUsers, GetQuickConnectEnabled, GetServerInfo, LogOut},
};
use jellyfin_auth_both_drivers::BOTH;
use jellyfin_auth_testkit::fake_server::{FakeServer, Phase, Version};

use crate::scene::{device, impatient, server, sign_in, url};

#[test]
fn a_kept_session_is_valid_after_a_restart_of_program_and_server() {
    for version in Version::ALL {
        for adapter in BOTH {
            let server = server(version);
            let session = sign_in(adapter, &server, "PC");
            let kept = serde_json::to_string(&session.to_record()).expect("a record is JSON");
            server.server().restart();

            let record: SessionRecord = serde_json::from_str(&kept).expect("it was just written");
            let restored = Session::try_from(record).expect("a fresh record");
            let state = adapter.run(SessionCheck::new(restored)).expect("the server answers").state;

            let SessionState::Valid(valid) = state else {
                panic!("{version} {adapter}: {state:?}")
            };
            assert_eq!(valid.access_token(), session.access_token());
            assert_eq!(valid.user().id, session.user().id);
        }
    }
}

#[test]
fn the_servers_identity_is_known_before_the_token_is_sent() {
    for adapter in BOTH {
        let first = server(Version::V12);
        let session = sign_in(adapter, &first, "PC");
        let port = first.port();
        drop(first);
        let other =
            FakeServer::with_seed(Version::V12, 4711).listen_on(port).expect("its old port");
        let approval = ApproveQuickConnect::new(session.clone(), "123456").expect("a code");

        let errors = [
            adapter.run(SessionCheck::new(session.clone())).map(drop),
            adapter.run(SignOut::new(session)),
            adapter.run(approval),
        ];

        for error in errors.map(|ended| ended.expect_err("another server")) {
            let Error::DifferentServer { found, .. } = &error else {
                panic!("{adapter}: {error:?}")
            };
            assert_eq!(found.id, other.server().server_id(), "{adapter}");
        }
        let requests = other.requests();
        assert_eq!(requests.len(), 3, "{adapter}");
        for request in requests {
            assert_eq!(request.uri().path(), "/System/Info/Public", "{adapter}");
            assert!(!request.headers().contains_key("authorization"), "{adapter}");
        }
    }
}

#[test]
fn a_revoked_token_is_noticed() {
    for version in Version::ALL {
        for adapter in BOTH {
            let server = server(version);
            let session = sign_in(adapter, &server, "PC");
            server.server().revoke_token(session.access_token().expose());

            let state = adapter.run(SessionCheck::new(session.clone())).expect("it answers").state;

            assert!(matches!(state, SessionState::Revoked), "{version} {adapter}: {state:?}");
            let error = adapter.call(&GetCurrentUser { session: &session }).expect_err("revoked");
            assert!(matches!(error, Error::TokenRevoked));
        }
    }
}

#[test]
fn a_user_who_may_not_come_in_now_keeps_the_token() {
    for version in Version::ALL {
        for adapter in BOTH {
            let server = server(version);
            let session = sign_in(adapter, &server, "PC");
            server.server().user_mut("alice").schedule_closed = true;

            let state = adapter.run(SessionCheck::new(session.clone())).expect("it answers").state;
            assert!(matches!(state, SessionState::NotAllowedNow), "{version}: {state:?}");
            let error = adapter.run(SignOut::new(session.clone())).expect_err("not now");
            assert_eq!(error, Error::NotAllowedNow, "{version}");

            server.server().user_mut("alice").schedule_closed = false;
            assert!(server.server().is_token_valid(session.access_token().expose()));
            adapter.run(SignOut::new(session)).expect("now it may");
        }
    }
}

#[test]
fn a_server_that_is_down_or_starting_is_no_reason_to_drop_a_token() {
    for adapter in BOTH {
        let server = server(Version::V12);
        let session = sign_in(adapter, &server, "PC");
        server.server().set_phase(Phase::Loading);
        let check = SessionCheck::new(session.clone()).with_policy(impatient());
        let error = adapter.run(check).expect_err("it is starting");
        assert!(matches!(error, Error::ServerStarting), "{adapter}: {error:?}");

        drop(server);
        let check = SessionCheck::new(session).with_policy(impatient());
        let error = adapter.run(check).expect_err("it is down");
        assert!(
            matches!(error, Error::NoAnswer { failure: Failure::Unreachable, .. }),
            "{adapter}: {error:?}"
        );
    }
}

#[test]
fn signing_out_twice_is_no_error() {
    for version in Version::ALL {
        for adapter in BOTH {
            let server = server(version);
            let session = sign_in(adapter, &server, "PC");

            adapter.run(SignOut::new(session.clone())).expect("204");
            adapter.run(SignOut::new(session.clone())).expect("401 counts, too");

            assert!(!server.server().is_token_valid(session.access_token().expose()));
            let error = adapter.call(&LogOut { session: &session }).expect_err("401");
            assert_eq!(error, Error::TokenRevoked, "{version}");
        }
    }
}

#[test]
fn no_legacy_carrier_is_ever_sent() {
    for adapter in BOTH {
        let server = server(Version::V10_8);
        let session = sign_in(adapter, &server, "PC");
        adapter.call(&GetCurrentUser { session: &session }).expect("signed in");
        adapter.call(&LogOut { session: &session }).expect("signed out");
        for request in server.requests() {
            let query = request.uri().query().unwrap_or_default().to_ascii_lowercase();
            assert!(!query.contains("api_key") && !query.contains("apikey"));
            let legacy = |name: &http::HeaderName| {
                name.as_str().starts_with("x-emby-") || name.as_str().starts_with("x-mediabrowser-")
            };
            assert!(!request.headers().keys().any(legacy));
        }
    }
}

#[test]
fn what_can_be_asked_before_a_sign_in_is_answered() {
    for version in Version::ALL {
        for adapter in BOTH {
            let server = server(version);
            server.server().user_mut("alice").is_hidden = false;
            let (url, device) = (url(&server), device("PC"));

            let info =
                adapter.call(&GetServerInfo { server: &url, device: &device }).expect("it answers");
            assert_eq!(info.id, server.server().server_id());
            assert_eq!(info.version, version.number());

            let users = adapter
                .call(&GetPublicUsers { server: &url, device: &device })
                .expect("it answers");
            let names: Vec<_> = users.iter().map(|user| user.name.as_deref()).collect();
            assert_eq!(names, [Some("alice")]);
            assert_eq!(users[0].has_password, Some(true));

            let enabled = adapter.call(&GetQuickConnectEnabled { server: &url, device: &device });
            if version == Version::V10_7 {
                let error = enabled.expect_err("10.7 knows no such path");
                assert!(matches!(error, Error::QuickConnectUnsupported));
            } else {
                assert!(enabled.expect("it answers"));
            }
        }
    }
}
