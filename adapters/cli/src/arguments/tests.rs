use super::*;

#[test]
fn the_command_line_contradicts_itself_nowhere() {
    Arguments::command().debug_assert();
}

fn read(line: &[&str]) -> Result<Arguments, clap::Error> {
    parse(["jellyfin-login"].iter().chain(line).map(OsString::from))
}

#[test]
fn a_keyring_without_a_name_leaves_the_address_alone() {
    let arguments = read(&["--keyring", "nas"]).expect("it makes sense");

    assert_eq!(arguments.sign_in.address.as_deref(), Some("nas"));
    assert_eq!(arguments.sign_in.place(), Place::Keyring("default".to_owned()));
}

#[test]
fn a_session_is_kept_in_one_place() {
    assert!(read(&["--keyring", "--save", "file", "nas"]).is_err());
}

#[test]
fn options_for_all_stand_before_a_sub_command_or_behind() {
    for line in [["--json", "check"], ["check", "--json"]] {
        let arguments = read(&line).expect("it makes sense");

        assert!(arguments.json);
        assert!(matches!(arguments.command, Some(Command::Check(_))));
    }
}

#[test]
fn a_sign_in_and_a_sub_command_are_not_asked_for_at_once() {
    for line in [["nas", "check"], ["--user=alice", "check"], ["--client=App", "info"]] {
        assert!(read(&line).is_err(), "{line:?}");
    }
}

#[test]
fn an_account_is_named_by_its_value_alone() {
    for (line, named) in [("--account", None), ("--account=2", Some("2".to_owned()))] {
        let arguments = read(&[line, "nas"]).expect("it makes sense");
        assert_eq!(arguments.sign_in.address.as_deref(), Some("nas"));
        assert_eq!(arguments.sign_in.place(), Place::Account(named.clone()));

        let arguments = read(&["check", line]).expect("it makes sense");
        let Some(Command::Check(source)) = arguments.command else { panic!("{line}") };
        assert_eq!(source.place(), Place::Account(named));
    }
    assert!(read(&["--account", "--save", "file", "nas"]).is_err());
    assert!(read(&["check", "--account", "--session", "file"]).is_err());
}
