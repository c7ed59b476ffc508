//! Which device id a sign-in gets.

use jellyfin_auth_store::Error;

use crate::{names, session, store};

#[test]
fn every_account_gets_a_device_id_of_its_own() {
    let (_home, store) = store();

    let (one, two) = (store.prepare(None).unwrap(), store.prepare(None).unwrap());

    assert_ne!(one.device_id(), two.device_id());
    assert_eq!(one.device_id().as_str().len(), 32);
}

#[test]
fn signing_in_again_keeps_the_device_id() {
    let (_home, store) = store();
    let id = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;

    let prepared = store.prepare(Some(&id)).unwrap();
    assert_eq!(prepared.device_id().as_str(), "d-1");
    let kept = prepared.keep(&session("u-1", "t-2", "d-1")).unwrap();

    assert_eq!((&kept.id, kept.replaced), (&id, None));
    assert_eq!(store.prepare(Some(&id)).unwrap().device_id().as_str(), "d-1", "and once more");
}

#[test]
fn one_device_id_is_never_given_to_two_sign_ins_at_once() {
    let (_home, store) = store();
    let id = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;
    let first = store.prepare(Some(&id)).unwrap();
    let second = store.prepare(Some(&id)).unwrap();
    assert_eq!(first.device_id().as_str(), "d-1");
    assert_ne!(second.device_id().as_str(), "d-1");

    // Both end at their servers' side with a token that works; whichever is kept last stays, and the
    // other is handed back.
    let by_second = session("u-1", "t-2", second.device_id().as_str());
    let _ = second.keep(&by_second).unwrap();
    let kept = first.keep(&session("u-1", "t-3", "d-1")).unwrap();

    assert_eq!(kept.replaced, Some(by_second));
    assert_eq!(store.get(&id).unwrap().access_token().expose(), "t-3");
}

#[test]
fn a_sign_in_that_is_given_up_leaves_nothing_behind() {
    let (home, store) = store();
    let id = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;
    let before = names(&home);

    let prepared = (store.prepare(None).unwrap(), store.prepare(Some(&id)).unwrap());
    assert_eq!(names(&home).len(), before.len() + 3, "two files and the right to d-1");
    drop(prepared);

    assert_eq!(names(&home), before);
    assert_eq!(store.prepare(Some(&id)).unwrap().device_id().as_str(), "d-1");
}

#[test]
fn an_account_that_is_removed_meanwhile_is_added_anew() {
    let (_home, store) = store();
    let id = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;
    let prepared = store.prepare(Some(&id)).unwrap();
    let _ = store.remove(&id).unwrap();

    let kept = prepared.keep(&session("u-1", "t-2", "d-1")).unwrap();

    assert_ne!(kept.id, id);
    assert!(matches!(store.prepare(Some(&id)), Err(Error::NoAccount { .. })));
}

#[test]
fn what_a_killed_sign_in_has_left_behind_goes_with_its_account() {
    let (home, store) = store();
    let id = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;
    std::fs::write(home.path().join(format!("accounts/.{id}.sign-in")), "").unwrap();

    let _ = store.remove(&id).unwrap();

    assert_eq!(names(&home), ["current"]);
}
