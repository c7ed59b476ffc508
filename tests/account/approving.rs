use jellyfin_auth::{
    ApproveQuickConnect, Error, Session, SignOut,
    endpoint::{AuthorizeQuickConnect, InitiateMethod, InitiateQuickConnect},
};
use jellyfin_auth_both_drivers::{Adapter, BOTH};
use jellyfin_auth_testkit::{fake_server::Version, listen::Listening};

use crate::scene::{device, server, sign_in, url};

/// The versions with Quick Connect as it is today.
const MODERN: [Version; 5] =
    [Version::V10_8, Version::V10_9, Version::V10_10, Version::V10_11, Version::V12];

/// A television that shows a code.
fn code(adapter: Adapter, version: Version, server: &Listening) -> Box<str> {
    let method = if version == Version::V10_8 { InitiateMethod::Get } else { InitiateMethod::Post };
    let (url, television) = (url(server), device("Television"));
    adapter
        .call(&InitiateQuickConnect { server: &url, device: &television, method })
        .expect("Quick Connect is on")
        .code
}

/// Approves a code as people type it.
fn approve(adapter: Adapter, session: &Session, typed: &str) -> Result<(), Error> {
    adapter.run(ApproveQuickConnect::new(session.clone(), typed)?)
}

fn everywhere(mut check: impl FnMut(Adapter, Version, &Listening)) {
    for version in MODERN {
        for adapter in BOTH {
            check(adapter, version, &server(version));
        }
    }
}

#[test]
fn a_code_is_approved_as_people_type_it() {
    everywhere(|adapter, version, server| {
        let session = sign_in(adapter, server, "Phone");
        let code = code(adapter, version, server);
        let typed = format!(" {} {}\n", &code[..3], &code[3..]);

        approve(adapter, &session, &typed).expect("approved");
    });
}

#[test]
fn a_second_approval_is_an_error_of_its_own() {
    everywhere(|adapter, version, server| {
        let session = sign_in(adapter, server, "Phone");
        let code = code(adapter, version, server);
        approve(adapter, &session, &code).expect("approved");

        let error = approve(adapter, &session, &code).expect_err("approved before");

        assert!(matches!(error, Error::CodeAlreadyApproved), "{version}: {error:?}");
    });
}

#[test]
fn a_wrong_or_expired_code_is_unknown() {
    everywhere(|adapter, version, server| {
        let session = sign_in(adapter, server, "Phone");
        let code = code(adapter, version, server);
        server.advance(std::time::Duration::from_secs(601));
        for code in ["000000", &*code] {
            let error = approve(adapter, &session, code).expect_err("nobody shows that");
            assert!(matches!(error, Error::CodeUnknown), "{version} {code}: {error:?}");
        }
    });
}

#[test]
fn a_user_with_too_many_sessions_or_the_wrong_device_is_refused() {
    everywhere(|adapter, version, server| {
        let session = sign_in(adapter, server, "Phone");
        let code = code(adapter, version, server);

        server.server().user_mut("alice").max_active_sessions = 1;
        let error = approve(adapter, &session, &code).expect_err("one session is enough");
        assert!(matches!(error, Error::LoginRefused { .. }), "{version}: {error:?}");
    });
}

#[test]
fn somebody_elses_code_is_an_administrators_to_approve() {
    for version in [Version::V10_9, Version::V10_11, Version::V12] {
        for adapter in BOTH {
            let server = server(version);
            let root = server.server().user_id("root").expect("the administrator").to_owned();
            let session = sign_in(adapter, &server, "Phone");
            let code = code(adapter, version, &server);

            let endpoint = AuthorizeQuickConnect::new(&session, &code).expect("it can be a code");
            let endpoint = endpoint.for_user(&root).expect("it is an id");
            let error = adapter.call(&endpoint).expect_err("alice is nobody");

            assert!(matches!(error, Error::LoginRefused { .. }), "{version}: {error:?}");
        }
    }
}

#[test]
fn quick_connect_off_is_distinguished_from_being_signed_out() {
    everywhere(|adapter, version, server| {
        let session = sign_in(adapter, server, "Phone");
        let code = code(adapter, version, server);

        server.server().settings_mut().quick_connect = false;
        let error = approve(adapter, &session, &code).expect_err("it is off");
        assert!(matches!(error, Error::QuickConnectDisabled), "{version}: {error:?}");

        server.server().settings_mut().quick_connect = true;
        adapter.run(SignOut::new(session.clone())).expect("signed out");
        let error = approve(adapter, &session, &code).expect_err("signed out");
        assert!(matches!(error, Error::TokenRevoked), "{version}: {error:?}");
    });
}

#[test]
fn what_cant_be_a_code_is_refused_before_any_request() {
    let server = server(Version::V12);
    let session = sign_in(Adapter::Ureq, &server, "Phone");
    let before = server.requests().len();
    for typed in ["", " ", "12&34", "12/34", "１２３４５６", &"1".repeat(33)] {
        assert_eq!(approve(Adapter::Ureq, &session, typed), Err(Error::InvalidCode), "{typed}");
    }
    assert_eq!(server.requests().len(), before);
}
