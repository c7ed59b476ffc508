//! Adding, listing, switching, replacing, removing.

use jellyfin_auth::CertificateFingerprint;
use jellyfin_auth_store::{AccountId, Error, Store};

use crate::{SERVER, names, session, session_at, store};

#[test]
fn accounts_of_many_servers_and_users_are_kept_side_by_side() {
    let (home, store) = store();
    let other = session_at("https://b.example.com", Some("s-2"), "u-1", "t-3", "d-3");
    let sessions = [session("u-1", "t-1", "d-1"), session("u-2", "t-2", "d-2"), other];
    let ids = sessions.each_ref().map(|session| store.add(session).unwrap().id);

    let again = Store::open(home.path().join("accounts")).unwrap();

    for (id, session) in ids.iter().zip(&sessions) {
        assert_eq!(&again.get(id).unwrap(), session);
    }
    let listing = again.list().unwrap();
    let shown = listing.accounts.iter().map(|account| {
        (account.server().as_str(), account.server_id(), account.user_id(), account.device_name())
    });
    let mut shown: Vec<_> = shown.collect();
    shown.sort_unstable();
    assert_eq!(
        shown,
        [
            ("https://b.example.com", Some("s-2"), "u-1", "Living room"),
            (SERVER, Some("s-1"), "u-1", "Living room"),
            (SERVER, Some("s-1"), "u-2", "Living room"),
        ]
    );
    assert_eq!(listing.accounts[0].server().as_str(), "https://b.example.com");
    assert!(listing.damaged.is_empty());
}

#[test]
fn what_is_listed_holds_no_token() {
    let (_home, store) = store();
    let kept = store.add(&session("u-1", "t0ken-of-alice", "d-1")).unwrap();
    let replaced = store.add(&session("u-1", "t0ken-of-later", "d-2")).unwrap();

    let shown = format!("{:?} {kept:?} {replaced:?} {:?}", store.list().unwrap(), store);

    assert!(!shown.contains("t0ken"), "{shown}");
}

#[test]
fn a_user_of_a_server_is_one_account_whatever_its_address() {
    let (_home, store) = store();
    let first = store.add(&session("u-1", "t-1", "d-1")).unwrap();
    let outside = session_at("https://outside.example.com", Some("s-1"), "u-1", "t-2", "d-2");

    let second = store.add(&outside).unwrap();

    assert_eq!(second.id, first.id);
    assert_eq!(second.replaced, Some(session("u-1", "t-1", "d-1")));
    assert_eq!(store.list().unwrap().accounts.len(), 1);
    assert_eq!(store.get(&first.id).unwrap(), outside);
}

#[test]
fn a_server_without_a_known_id_is_its_address() {
    let (_home, store) = store();
    let nameless = |server, token| session_at(server, None, "u-1", token, token);
    let first = store.add(&nameless(SERVER, "t-1")).unwrap();

    let same = store.add(&session("u-1", "t-2", "d-2")).unwrap();
    let other = store.add(&nameless("https://b.example.com", "t-3")).unwrap();

    assert_eq!(same.id, first.id);
    assert_ne!(other.id, first.id);
}

#[test]
fn what_the_server_has_ended_itself_is_not_given_back() {
    let (_home, store) = store();
    let _ = store.add(&session("u-1", "t-1", "d-1")).unwrap();

    let same_device = store.add(&session("u-1", "t-2", "d-1")).unwrap();
    let same_token = store.add(&session("u-1", "t-2", "d-2")).unwrap();

    assert_eq!(same_device.replaced, None);
    assert_eq!(same_token.replaced, None, "signing it out would end the new one");
}

#[test]
fn users_are_switched_without_a_password_and_the_choice_is_kept() {
    let (home, store) = store();
    assert_eq!(store.current().unwrap(), None);
    let alice = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;
    let bob = store.add(&session("u-2", "t-2", "d-2")).unwrap().id;
    assert_eq!(store.current().unwrap().as_ref(), Some(&alice), "the first one");

    store.set_current(&bob).unwrap();

    let again = Store::open(home.path().join("accounts")).unwrap();
    assert_eq!(again.current().unwrap().as_ref(), Some(&bob));
    assert!(matches!(again.remove(&bob), Ok(Some(_))));
    assert_eq!(again.current().unwrap(), None);
    assert!(matches!(again.set_current(&bob), Err(Error::NoAccount { .. })));
}

#[test]
fn a_session_is_replaced_by_a_later_state_of_the_same_one() {
    let (_home, store) = store();
    let id = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;
    let moved = session_at("https://new.example.com", Some("s-1"), "u-1", "t-1", "d-1");

    store.replace(&id, &moved).unwrap();
    assert_eq!(store.get(&id).unwrap(), moved);

    let _ = store.add(&session("u-1", "t-2", "d-2")).unwrap();
    assert!(matches!(store.replace(&id, &moved), Err(Error::SignedInAgain { .. })));
    assert_eq!(store.get(&id).unwrap().access_token().expose(), "t-2");
}

#[test]
fn a_removed_account_is_gone_and_its_session_handed_back() {
    let (home, store) = store();
    let id = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;

    assert_eq!(store.remove(&id).unwrap(), Some(session("u-1", "t-1", "d-1")));

    assert!(matches!(store.get(&id), Err(Error::NoAccount { .. })));
    assert!(matches!(store.remove(&id), Err(Error::NoAccount { .. })));
    assert!(matches!(
        store.replace(&id, &session("u-1", "t-1", "d-1")),
        Err(Error::NoAccount { .. })
    ));
    assert_eq!(names(&home), ["current"]);
}

#[test]
fn an_id_is_eight_hex_digits_so_that_none_is_a_path() {
    for text in ["../etc/a", "1234567", "123456789", "ABCDEF01", "1234567g", ""] {
        assert!(text.parse::<AccountId>().is_err(), "{text}");
    }
    assert_eq!("0123abcd".parse::<AccountId>().unwrap().to_string(), "0123abcd");
}

#[test]
fn certificates_that_its_user_trusts_are_kept_with_an_account() {
    let (home, store) = store();
    let mut trusting = session("u-1", "t-1", "d-1");
    let server = trusting.server().clone();
    trusting.trust_certificate(&server, CertificateFingerprint::from_sha256([1; 32]));
    let id = store.add(&trusting).unwrap().id;

    let again = Store::open(home.path().join("accounts")).unwrap();
    assert_eq!(again.get(&id).unwrap().trusted_certificates(), trusting.trusted_certificates());

    trusting.trust_certificate(&server, CertificateFingerprint::from_sha256([2; 32]));
    again.replace(&id, &trusting).unwrap();
    assert_eq!(store.get(&id).unwrap(), trusting);
    assert_eq!(store.get(&id).unwrap().trusted_certificates().len(), 1);
}
