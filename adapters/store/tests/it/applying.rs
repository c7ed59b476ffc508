//! What a check says, and signing out, with a server.

use jellyfin_auth::{Device, DeviceFields, Login, ServerUrl, Session, SessionCheck, SessionState};
use jellyfin_auth_store::{Applied, Error, SignOutError, Store};
use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Version},
    listen::Listening,
};
use jellyfin_auth_ureq::Driver;

use crate::{session, store};

fn server() -> Listening {
    let mut server = FakeServer::new(Version::V12);
    server.add_user("alice", "wonderland");
    server.listen().unwrap()
}

fn sign_in(store: &Store, server: &Listening) -> (jellyfin_auth_store::AccountId, Session) {
    let prepared = store.prepare(None).unwrap();
    let id = prepared.device_id().clone();
    let device =
        Device::new(DeviceFields { client: "Player", version: "1", name: "Room", id }).unwrap();
    let url = ServerUrl::parse(&server.url()).unwrap();
    let login = Login::password(url, device, "alice", "wonderland").unwrap();
    let session = Driver::new().run(login).unwrap();
    (prepared.keep(&session).unwrap().id, session)
}

#[test]
fn what_a_check_has_learned_is_kept() {
    let ((_home, store), server) = (store(), server());
    let (id, session) = sign_in(&store, &server);
    let before_the_check = Session::from_parts(
        session.server().clone(),
        None,
        session.user().clone(),
        session.access_token().clone(),
        session.device().clone(),
    );
    store.replace(&id, &before_the_check).unwrap();

    let state = SessionState::Valid(Box::new(session.clone()));
    let applied = store.apply(&id, &before_the_check, &state).unwrap();

    assert_eq!(applied, Applied::Updated);
    assert_eq!(store.get(&id).unwrap(), session);
}

#[test]
fn a_revoked_session_is_removed() {
    let ((_home, store), server) = (store(), server());
    let (id, session) = sign_in(&store, &server);
    server.server().revoke_token(session.access_token().expose());

    let checked = Driver::new().run(SessionCheck::new(session.clone())).unwrap();

    assert_eq!(store.apply(&id, &session, &checked.state).unwrap(), Applied::Removed);
    assert!(matches!(store.get(&id), Err(Error::NoAccount { .. })));
}

#[test]
fn a_session_that_is_not_allowed_in_now_stays() {
    let (_home, store) = store();
    let alice = session("u-1", "t-1", "d-1");
    let id = store.add(&alice).unwrap().id;

    let applied = store.apply(&id, &alice, &SessionState::NotAllowedNow).unwrap();

    assert_eq!(applied, Applied::Unchanged);
    assert_eq!(store.get(&id).unwrap(), alice);
}

#[test]
fn the_session_of_a_later_sign_in_is_left_alone() {
    let (_home, store) = store();
    let (checked, later) = (session("u-1", "t-1", "d-1"), session("u-1", "t-2", "d-1"));
    let id = store.add(&checked).unwrap().id;
    let _ = store.add(&later).unwrap();

    for state in [SessionState::Revoked, SessionState::Valid(Box::new(checked.clone()))] {
        assert_eq!(store.apply(&id, &checked, &state).unwrap(), Applied::SignedInAgain);
    }

    assert_eq!(store.get(&id).unwrap(), later);
}

#[test]
fn signing_out_ends_the_token_and_the_account() {
    let ((_home, store), server) = (store(), server());
    let (id, _) = sign_in(&store, &server);

    store.sign_out(&id, |sign_out| Driver::new().run(sign_out)).unwrap();

    assert_eq!(server.server().tokens().count(), 0);
    assert!(store.list().unwrap().accounts.is_empty());
}

#[test]
fn an_account_that_cannot_be_signed_out_stays() {
    let (_home, store) = store();
    let id = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;

    let ended = store.sign_out(&id, |_| Err("offline"));

    assert!(matches!(ended, Err(SignOutError::Driver("offline"))));
    assert!(store.get(&id).is_ok());
}

#[test]
fn who_signs_in_during_a_sign_out_stays_signed_in() {
    let (_home, store) = store();
    let id = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;
    let later = session("u-1", "t-2", "d-2");

    let ended = store.sign_out(&id, |_| store.add(&later).map(drop));

    assert!(ended.is_ok());
    assert_eq!(store.get(&id).unwrap(), later);
}

#[test]
fn who_is_removed_during_a_sign_out_is_signed_out() {
    let (_home, store) = store();
    let id = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;

    assert!(store.sign_out(&id, |_| store.remove(&id).map(drop)).is_ok());
}
