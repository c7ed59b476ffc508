//! A store in the keyring: with a real Secret Service, and with none.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use jellyfin_auth_store::{Applied, Error, Slot, Store};

use crate::{processes::child, session};

const SERVICE: &str = "jellyfin-auth-store-test";

#[test]
#[ignore = "it needs dbus-run-session and gnome-keyring-daemon; .ci/nightly runs it"]
fn the_keyring_keeps_what_a_directory_keeps() {
    let home = tempfile::tempdir().unwrap();
    let task = child("keyring", home.path()).with_a_keyring();
    let task = task.command();

    let mut command = Command::new("dbus-run-session");
    command.arg("--").arg(task.get_program()).args(task.get_args());
    command.envs(task.get_envs().filter_map(|(name, value)| Some((name, value?))));
    for variable in ["HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME"] {
        command.env(variable, home.path());
    }
    let output = command.stdin(Stdio::null()).output().unwrap();

    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("task: done"), "{text}");
}

/// On a bus of its own.
pub(crate) fn task(home: &Path) {
    let directory = home.join("names");
    let store = Store::in_keyring(SERVICE, &directory).unwrap();
    let (alice, bob) = (session("u-1", "t-1", "d-1"), session("u-2", "t-2", "d-2"));
    let id = store.add(&alice).unwrap().id;
    let other = store.add(&bob).unwrap().id;

    let again = Store::in_keyring(SERVICE, &directory).unwrap();
    assert_eq!(again.get(&id).unwrap(), alice);
    assert_eq!(again.list().unwrap().accounts.len(), 2);
    assert_eq!(again.current().unwrap().as_ref(), Some(&id));
    for file in [format!("{id}.json"), format!("{other}.json")] {
        assert_eq!(fs::read(directory.join(file)).unwrap(), b"", "nothing secret");
    }

    let prepared = store.prepare(Some(&id)).unwrap();
    assert_eq!(prepared.device_id().as_str(), "d-1");
    assert_ne!(again.prepare(Some(&id)).unwrap().device_id().as_str(), "d-1");
    let later = session("u-1", "t-3", "d-1");
    assert_eq!(prepared.keep(&later).unwrap().id, id);
    assert!(matches!(again.replace(&id, &alice), Err(Error::SignedInAgain { .. })));
    let revoked = jellyfin_auth::SessionState::Revoked;
    assert_eq!(again.apply(&id, &later, &revoked).unwrap(), Applied::Removed);
    assert_eq!(again.remove(&other).unwrap(), Some(bob));
    assert!(matches!(again.remove(&other), Err(Error::NoAccount { .. })));
    assert!(again.list().unwrap().accounts.is_empty());

    let slot = Slot::keyring(SERVICE, "a name / of its own");
    let prepared = slot.prepare().unwrap();
    assert_eq!(prepared.keep(&alice).unwrap(), None);
    assert_eq!(slot.read().unwrap(), alice);
    assert_eq!(slot.prepare().unwrap().device_id().as_str(), "d-1");
    slot.remove().unwrap();
    assert!(matches!(slot.read(), Err(Error::NoSession { .. })));
    println!("\ntask: done");
}

#[test]
fn a_missing_keyring_is_noticed_before_anybody_signs_in() {
    let home = tempfile::tempdir().unwrap();
    let task = child("no-keyring", home.path());

    let mut command = task.command();
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    let output = command.output().unwrap();

    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("task: refused"), "{text}");
}

pub(crate) fn task_without(home: &Path) {
    let store = Store::in_keyring(SERVICE, home.join("names")).unwrap();
    assert!(matches!(store.prepare(None), Err(Error::Keyring { .. })));
    assert!(matches!(Slot::keyring(SERVICE, "one").prepare(), Err(Error::Keyring { .. })));
    println!("\ntask: refused");
}
