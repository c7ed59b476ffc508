//! From an error to a session that is used again: what a program does about a certificate.

use jellyfin_auth::{
    Device, Discovery, Error, Failure, Login, LoginRecord, Session, SessionCheck, SessionRecord,
    SessionState,
};
use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Version},
    listen::Listening,
    raw_server::Identity,
    test_program::TestProgram,
};

use jellyfin_auth_both_drivers::{Adapter, BOTH, options};

pub(crate) fn tests(program: &mut TestProgram) {
    macro_rules! tests {
        ($($name:ident)+) => {
            $(program.test(concat!("going_on::", stringify!($name)), &[], $name);)+
        };
    }
    tests! {
        a_program_goes_on_once_its_user_trusts_the_certificate_and_keeps_that
        a_code_that_waits_is_resumed_with_its_certificate
        another_certificate_ends_a_check_and_the_token_is_not_sent
    }
}

fn server() -> Listening {
    let mut server = FakeServer::new(Version::V12);
    server.add_user("alice", "wonderland");
    server.listen_tls(&Identity::self_signed(&["nas.example"])).unwrap()
}

fn device(adapter: Adapter) -> Device {
    jellyfin_auth_both_drivers::device(adapter.name())
}

fn a_program_goes_on_once_its_user_trusts_the_certificate_and_keeps_that() {
    for adapter in BOTH {
        let server = server();
        let address = server.address().to_string();
        let mut driver = adapter.driver();
        let search = || Discovery::new(&address, device(adapter)).unwrap();

        let error = driver.run(search()).expect_err("nobody vouches for it");
        let shown = error.certificate().expect("the search shows it").clone();
        assert_eq!(shown.certificate.names, ["nas.example"]);
        assert!(server.requests().is_empty(), "{adapter}");

        let (origin, fingerprint) = (shown.origin, shown.certificate.fingerprint);
        driver.set_options(options().trust(&origin, fingerprint));
        let url = driver.run(search()).unwrap().into_best().url().unwrap();
        let login = Login::password(url, device(adapter), "alice", "wonderland").unwrap();
        let login = login.with_trusted_certificate(&origin, fingerprint);
        let session = driver.run(login).unwrap();

        // The program ends, and begins again.
        let kept = serde_json::to_string(&session.to_record()).unwrap();
        let record: SessionRecord = serde_json::from_str(&kept).unwrap();
        let session = Session::try_from(record).unwrap();
        let mut driver = adapter.driver_with(options().trust_all(session.trusted_certificates()));
        let checked = driver.run(SessionCheck::new(session)).unwrap();
        assert!(matches!(checked.state, SessionState::Valid(_)), "{adapter}");
    }
}

fn a_code_that_waits_is_resumed_with_its_certificate() {
    for adapter in BOTH {
        let server = server();
        let url: jellyfin_auth::ServerUrl = server.url().parse().unwrap();
        let refused = adapter.driver().run(Login::quick_connect(url.clone(), device(adapter)));
        let fingerprint = refused.unwrap_err().certificate().unwrap().certificate.fingerprint;
        let login = Login::quick_connect(url.clone(), device(adapter))
            .with_trusted_certificate(&url, fingerprint);
        let kept = showing_a_code(adapter, login);

        server.approve(kept.code(), "alice").unwrap();
        let login = Login::resume(kept).unwrap();
        let mut driver = adapter.driver_with(options().trust_all(login.trusted_certificates()));
        let session = driver.run(login).unwrap();

        assert_eq!(session.trusted_certificates()[0].fingerprint(), fingerprint, "{adapter}");
    }
}

/// The login as a program keeps it that stops when the code is shown.
fn showing_a_code(adapter: Adapter, mut login: Login) -> LoginRecord {
    let trusted = options().trust_all(login.trusted_certificates());
    let mut driver = adapter.driver_with(trusted);
    let handle = driver.handle();
    let stopped = driver.run_with(&mut login, |wait| {
        if wait.code().is_some() {
            handle.cancel();
        }
    });
    assert_eq!(stopped.unwrap_err().login(), Some(&Error::Cancelled));
    login.to_record().expect("the code may still be approved")
}

fn another_certificate_ends_a_check_and_the_token_is_not_sent() {
    for adapter in BOTH {
        let before = server();
        let url: jellyfin_auth::ServerUrl = before.url().parse().unwrap();
        let error = adapter.driver().run(Discovery::at(url.clone(), device(adapter))).unwrap_err();
        let fingerprint = error.certificate().unwrap().certificate.fingerprint;
        let trusting = options().trust(&url, fingerprint);
        let login = Login::password(url, device(adapter), "alice", "wonderland").unwrap();
        let session = adapter.driver_with(trusting).run(login).unwrap();

        let after = before.stop().listen_tls(&Identity::self_signed(&["127.0.0.1"])).unwrap();
        let moved: jellyfin_auth::ServerUrl = after.url().parse().unwrap();
        let mut session = Session::from_parts(
            moved.clone(),
            session.server_id().map(str::to_owned),
            session.user().clone(),
            session.access_token().clone(),
            device(adapter),
        );
        session.trust_certificate(&moved, fingerprint);
        let asked = after.requests().len();
        let trusting = options().trust_all(session.trusted_certificates());
        let error = adapter.driver_with(trusting).run(SessionCheck::new(session)).unwrap_err();

        let is_changed = matches!(
            error.login(),
            Some(Error::NoAnswer { failure: Failure::CertificateChanged, .. })
        );
        assert!(is_changed && error.certificate().is_some(), "{adapter}: {error:?}");
        assert_eq!(after.requests().len(), asked, "{adapter}: nothing was sent");
    }
}
