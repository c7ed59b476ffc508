//! One server with two addresses, of which one is away.

use jellyfin_auth::{CheckedSession, Error, Failure, Session, SessionCheck, SessionState, SignOut};
use jellyfin_auth_both_drivers::{Adapter, BOTH};
use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Version},
    listen::Listening,
};

use crate::scene::{impatient, server, sign_in, url};

/// A server at home and from outside, and a session that prefers it at home.
fn two_faces(adapter: Adapter) -> (Listening, Listening, Session) {
    let home = server(Version::V12);
    let outside = home.at_another_address().expect("a port");
    let mut session = sign_in(adapter, &home, "PC");
    session.add_address(url(&outside));
    (home, outside, session)
}

fn check(adapter: Adapter, session: &Session) -> (Session, CheckedSession) {
    let checked = adapter.run(SessionCheck::new(session.clone())).expect("one of them answers");
    let SessionState::Valid(found) = &checked.state else { panic!("{adapter}: {checked:?}") };
    ((**found).clone(), checked)
}

#[test]
fn the_preferred_address_is_taken_while_it_is_there() {
    for adapter in BOTH {
        let (home, _outside, session) = two_faces(adapter);
        let (found, checked) = check(adapter, &session);
        assert_eq!(found.server(), &url(&home), "{adapter}");
        assert!(checked.tried.is_empty(), "{adapter}: {checked:?}");
    }
}

#[test]
fn the_session_goes_on_at_another_address_and_comes_back() {
    for adapter in BOTH {
        let (mut home, outside, session) = two_faces(adapter);
        home.pause();
        let (away, checked) = check(adapter, &session);
        assert_eq!(away.server(), &url(&outside), "{adapter}");
        assert_eq!(away.addresses(), session.addresses(), "{adapter}: their order stays");
        let [attempt] = &checked.tried[..] else { panic!("{adapter}: {checked:?}") };
        assert_eq!(attempt.url, url(&home), "{adapter}");
        assert_eq!(attempt.error, Error::from(Failure::Unreachable), "{adapter}");

        home.resume().expect("its port is free");
        let (back, _) = check(adapter, &away);
        assert_eq!(back.server(), &url(&home), "{adapter}");
    }
}

#[test]
fn another_server_at_one_of_the_addresses_gets_no_token() {
    for adapter in BOTH {
        let (home, outside, session) = two_faces(adapter);
        let port = home.port();
        // Another network, where another server has the address from home.
        drop(home);
        let mut stranger = FakeServer::with_seed(Version::V12, 7);
        stranger.add_user("mallory", "pw");
        let stranger = stranger.listen_on(port).expect("the port is free again");
        let (found, checked) = check(adapter, &session);
        assert_eq!(found.server(), &url(&outside), "{adapter}");
        let [attempt] = &checked.tried[..] else { panic!("{adapter}: {checked:?}") };
        assert!(matches!(attempt.error, Error::DifferentServer { .. }), "{adapter}: {attempt:?}");
        for request in stranger.requests() {
            assert!(!request.headers().contains_key("authorization"), "{adapter}: {request:?}");
        }
    }
}

#[test]
fn when_all_are_away_the_token_is_kept_and_each_says_why() {
    for adapter in BOTH {
        let (mut home, mut outside, session) = two_faces(adapter);
        home.pause();
        outside.pause();
        let ended = adapter.run(SessionCheck::new(session.clone()).with_policy(impatient()));
        let Err(Error::NoServer { tried, .. }) = ended else { panic!("{adapter}: {ended:?}") };
        let urls: Vec<_> = tried.into_iter().map(|attempt| attempt.url).collect();
        assert_eq!(urls, session.addresses(), "{adapter}");
    }
}

#[test]
fn signing_out_works_at_whichever_address_is_there() {
    for adapter in BOTH {
        let (mut home, outside, session) = two_faces(adapter);
        home.pause();
        adapter.run(SignOut::new(session.clone())).expect("it is there from outside");
        let token = session.access_token().expose();
        assert!(!outside.server().is_token_valid(token), "{adapter}");
    }
}
