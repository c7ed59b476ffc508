//! Permissions, links, devices, damage, a full disk.

use std::{
    fs,
    os::unix::{
        fs::{PermissionsExt as _, symlink},
        net::UnixListener,
    },
    path::{Path, PathBuf},
    process::Command,
};

use jellyfin_auth_store::{Damage, Error, Slot, Store};

use crate::{names, processes::child, session, store};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

type IsExpected = fn(&Error) -> bool;

/// Everything that no session is written to, with what is said about it.
fn obstacles(home: &Path) -> Vec<(PathBuf, IsExpected)> {
    let at = |name| home.join(name);
    fs::create_dir(at("directory")).unwrap();
    assert!(Command::new("mkfifo").arg(at("fifo")).status().unwrap().success());
    let _socket = UnixListener::bind(at("socket")).unwrap();
    fs::write(at("target"), "").unwrap();
    symlink(at("target"), at("link")).unwrap();
    symlink(at("nothing"), at("dangling")).unwrap();
    let not_a_file: IsExpected = |error| matches!(error, Error::NotAFile { .. });
    let link: IsExpected = |error| matches!(error, Error::SymbolicLink { .. });
    vec![
        (at("directory"), not_a_file),
        (at("fifo"), not_a_file),
        (at("socket"), not_a_file),
        ("/dev/null".into(), not_a_file),
        (at("link"), link),
        (at("dangling"), link),
    ]
}

#[test]
fn files_are_their_owners_alone_in_a_directory_of_their_own() {
    let (home, store) = store();
    let directory = home.path().join("accounts");
    let id = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;

    assert_eq!(mode(&directory), 0o700);
    assert_eq!(mode(&directory.join("current")), 0o600);
    let file = directory.join(format!("{id}.json"));
    assert_eq!(mode(&file), 0o600);

    // As after a careless restore from a backup.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    store.replace(&id, &session("u-1", "t-1", "d-1")).unwrap();
    assert_eq!(mode(&file), 0o600);
}

#[test]
fn a_directory_that_others_have_access_to_is_refused_and_left_alone() {
    let home = tempfile::tempdir().unwrap();
    for open in [0o755, 0o701, 0o770, 0o777] {
        fs::set_permissions(home.path(), fs::Permissions::from_mode(open)).unwrap();

        assert!(
            matches!(Store::open(home.path()), Err(Error::OpenToOthers { mode, .. }) if mode == open)
        );
        assert_eq!(mode(home.path()), open);
    }
}

#[test]
fn what_is_no_directory_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let (file, link) = (home.path().join("file"), home.path().join("link"));
    fs::write(&file, "").unwrap();
    symlink(home.path(), &link).unwrap();

    assert!(matches!(Store::open(&file), Err(Error::NotADirectory { .. })));
    assert!(matches!(Store::open(link), Err(Error::SymbolicLink { .. })));
    assert!(matches!(Store::open(file.join("below")), Err(Error::Io { .. })));
}

#[test]
fn no_session_is_written_to_a_link_device_fifo_socket_or_directory() {
    let home = tempfile::tempdir().unwrap();

    for (path, is_expected) in obstacles(home.path()) {
        let error = Slot::file(&path).prepare().expect_err("refused");
        assert!(is_expected(&error), "{}: {error:?}", path.display());
    }
    assert_eq!(fs::read(home.path().join("target")).unwrap(), b"");
    assert!(!home.path().join("nothing").exists());
}

#[test]
fn what_is_put_into_a_stores_directory_is_reported_and_neither_followed_nor_deleted() {
    let (home, store) = store();
    let elsewhere = tempfile::tempdir().unwrap();
    let good = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;
    let directory = home.path().join("accounts");
    let obstacles = obstacles(elsewhere.path());
    for (number, (path, _)) in obstacles.iter().enumerate() {
        let name = directory.join(format!("0000000{number}.json"));
        if path.starts_with(elsewhere.path()) {
            fs::rename(path, &name).unwrap();
        } else {
            symlink(path, &name).unwrap();
        }
    }

    let listing = store.list().unwrap();

    assert_eq!(listing.accounts.len(), 1);
    assert_eq!(listing.damaged.len(), obstacles.len());
    for (id, error) in &listing.damaged {
        assert!(
            matches!(error, Error::NotAFile { .. } | Error::SymbolicLink { .. }),
            "{id}: {error:?}"
        );
        assert!(store.prepare(Some(id)).is_err());
        assert!(store.remove(id).is_err());
    }
    assert!(store.get(&good).is_ok());
    assert_eq!(store.list().unwrap().damaged.len(), obstacles.len());
}

#[test]
fn damaged_entries_are_reported_one_by_one_and_never_deleted_unasked() {
    let (home, store) = store();
    let whole = session("u-1", "t-1", "d-1");
    let id = store.add(&whole).unwrap().id;
    let directory = home.path().join("accounts");
    let text = fs::read(directory.join(format!("{id}.json"))).unwrap();
    let later = String::from_utf8(text.clone()).unwrap().replace("\"version\":", "\"version\":9");
    let damage: [(&str, &[u8]); 5] = [
        ("00000001", b""),
        ("00000002", &text[..text.len() / 2]),
        ("00000003", b"\xff\xfe\x00"),
        ("00000004", b"{\"version\": \"t0ken\"}"),
        ("00000005", later.as_bytes()),
    ];
    for (name, text) in damage {
        fs::write(directory.join(format!("{name}.json")), text).unwrap();
    }
    fs::write(directory.join("notes.txt"), "no entry").unwrap();

    let listing = store.list().unwrap();
    let _ = store.add(&session("u-2", "t-2", "d-2")).unwrap();
    let _ = store.add(&whole).unwrap();

    assert_eq!(listing.accounts.len(), 1);
    let reported: Vec<_> = listing.damaged.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(reported, damage.map(|(name, _)| name));
    assert!(!format!("{listing:?}").contains("t0ken"));
    assert!(matches!(&listing.damaged[4].1, Error::Damaged { reason: Damage::Record(_), .. }));
    for (name, text) in damage {
        assert_eq!(fs::read(directory.join(format!("{name}.json"))).unwrap(), text);
    }
    for (id, _) in &listing.damaged {
        assert_eq!(store.remove(id).unwrap(), None, "asked for");
    }
    assert!(store.list().unwrap().damaged.is_empty());
}

#[test]
fn a_damaged_note_of_the_current_account_is_none() {
    let (home, store) = store();
    let id = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;
    fs::write(home.path().join("accounts/current"), b"\xff../../etc/passwd").unwrap();

    assert_eq!(store.current().unwrap(), None);
    store.set_current(&id).unwrap();
    assert_eq!(store.current().unwrap(), Some(id));
}

#[test]
fn a_full_disk_loses_nothing_and_is_noticed_before_anybody_signs_in() {
    let (home, store) = store();
    let id = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;
    let before = names(&home);

    // Files can't grow: the same refusal as of a full disk, on any file system, for any user.
    let output = child("full-disk", home.path()).limit_files_to_nothing().output();

    assert_eq!(output, "prepare: refused\nreplace: refused\nadd: refused\n");
    assert_eq!(store.get(&id).unwrap(), session("u-1", "t-1", "d-1"));
    assert_eq!(names(&home), before);
}
