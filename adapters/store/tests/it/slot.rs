//! One session in a file that the user has named.

use std::fs;

use jellyfin_auth_store::{Error, Slot};

use crate::session;

#[test]
fn a_session_is_kept_read_replaced_and_removed() {
    let home = tempfile::tempdir().unwrap();
    let slot = Slot::file(home.path().join("session.json"));
    assert!(matches!(slot.read(), Err(Error::NoSession { .. })));
    let alice = session("u-1", "t-1", "d-1");

    assert_eq!(slot.prepare().unwrap().keep(&alice).unwrap(), None);
    assert_eq!(slot.read().unwrap(), alice);
    slot.replace(&alice).unwrap();
    slot.remove().unwrap();

    assert!(matches!(slot.remove(), Err(Error::NoSession { .. })));
    assert!(matches!(slot.replace(&alice), Err(Error::NoSession { .. })));
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn the_device_id_is_kept_and_lent_once() {
    let home = tempfile::tempdir().unwrap();
    let slot = Slot::file(home.path().join("session.json"));
    let _ = slot.prepare().unwrap().keep(&session("u-1", "t-1", "d-1")).unwrap();

    let (first, second) = (slot.prepare().unwrap(), slot.prepare().unwrap());
    assert_eq!(first.device_id().as_str(), "d-1");
    let by_second = session("u-1", "t-2", second.device_id().as_str());
    assert_eq!(second.keep(&by_second).unwrap(), Some(session("u-1", "t-1", "d-1")));

    assert_eq!(first.keep(&session("u-1", "t-3", "d-1")).unwrap(), Some(by_second));
}

#[test]
fn another_users_session_there_is_handed_back_too() {
    let home = tempfile::tempdir().unwrap();
    let slot = Slot::file(home.path().join("session.json"));
    let alice = session("u-1", "t-1", "d-1");
    let _ = slot.prepare().unwrap().keep(&alice).unwrap();

    // On another server, or on this one with the device id that was there.
    let replaced = slot.prepare().unwrap().keep(&session("u-2", "t-2", "d-1")).unwrap();

    assert_eq!(replaced, Some(alice));
}

#[test]
fn something_else_is_reported_when_read_and_replaced_when_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("session.json");
    fs::write(&file, r#"{"access_token": "s3cret"}"#).unwrap();
    let slot = Slot::file(&file);

    let error = slot.read().unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }));
    assert!(!format!("{error} {error:?}").contains("s3cret"));
    assert!(slot.replace(&session("u-1", "t-1", "d-1")).is_err());

    assert_eq!(slot.prepare().unwrap().keep(&session("u-1", "t-1", "d-1")).unwrap(), None);
    assert!(slot.read().is_ok());
}

#[cfg(unix)]
#[test]
fn reading_follows_a_link_and_reads_what_others_can_read() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let home = tempfile::tempdir().unwrap();
    let (file, link) = (home.path().join("session.json"), home.path().join("link"));
    let slot = Slot::file(&file);
    let _ = slot.prepare().unwrap().keep(&session("u-1", "t-1", "d-1")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    symlink(&file, &link).unwrap();

    assert!(Slot::file(&link).read().is_ok());
    assert!(matches!(Slot::file(&link).prepare(), Err(Error::SymbolicLink { .. })));
    assert!(matches!(Slot::file(&link).remove(), Err(Error::SymbolicLink { .. })));
}

#[test]
fn a_path_without_a_name_is_no_file() {
    assert!(matches!(Slot::file("..").prepare(), Err(Error::NotAFile { .. })));
}
