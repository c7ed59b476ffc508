//! One server, many addresses.

use tempfile::tempdir;

use crate::{
    lan::another_server,
    run::{path, run, signed_in},
    server,
};

#[test]
fn an_address_is_added_listed_preferred_and_removed() {
    let (home, folder) = (server(), tempdir().unwrap());
    let outside = home.at_another_address().unwrap();
    let file = folder.path().join("session");
    signed_in(&home.url(), &file);
    let address = |arguments: &[&str]| {
        let mut all = vec!["address"];
        all.extend(arguments);
        all.extend(["--session", path(&file)]);
        run(&all, "")
    };

    assert_eq!(address(&["list"]).out, format!("{}\n", home.url()));
    let added = address(&["add", "--first", &outside.url()]);
    assert_eq!(added.status, 0, "{}", added.err);
    let both = format!("{}\n{}\n", outside.url(), home.url());
    assert_eq!((added.out.as_str(), address(&["list"]).out.as_str()), (&*both, &*both));

    let removed = address(&["remove", &outside.url()]);
    assert_eq!(removed.out, format!("{}\n", home.url()), "{}", removed.err);
    for (typed, status, words) in
        [(home.url(), 2, "only address"), ("https://nas".to_owned(), 2, "no address https://nas")]
    {
        let refused = address(&["remove", &typed]);
        assert_eq!(refused.status, status, "{}", refused.err);
        assert!(refused.err.contains(words), "{}", refused.err);
    }
}

#[test]
fn a_session_is_checked_at_whichever_address_is_there() {
    let (mut home, folder) = (server(), tempdir().unwrap());
    let outside = home.at_another_address().unwrap();
    let file = folder.path().join("session");
    signed_in(&home.url(), &file);
    let added = run(&["address", "add", &outside.url(), "--session", path(&file)], "");
    assert_eq!(added.status, 0, "{}", added.err);
    let gone = home.url();
    home.pause();

    let checked = run(&["--json", "check", "--session", path(&file)], "");

    assert_eq!(checked.status, 0, "{}", checked.err);
    let state: serde_json::Value = serde_json::from_str(&checked.out).unwrap();
    assert_eq!((&state["state"], &state["server"]), (&"valid".into(), &outside.url().into()));
    assert!(checked.err.contains(&gone) && checked.err.contains("not_there"), "{}", checked.err);
}

#[test]
fn another_servers_address_is_refused_and_one_that_is_silent_is_not_checked() {
    let (home, other, folder) = (server(), another_server(), tempdir().unwrap());
    let file = folder.path().join("session");
    signed_in(&home.url(), &file);
    let add = |address: &str| run(&["address", "add", address, "--session", path(&file)], "");

    let refused = add(&other.url());
    assert_eq!(refused.status, 4, "{}", refused.err);
    assert!(refused.err.contains("another server answers"), "{}", refused.err);

    // Away from home.
    let silent = add("http://127.0.0.1:9");
    assert_eq!(silent.status, 0, "{}", silent.err);
    assert!(silent.err.contains("Not checked"), "{}", silent.err);
    assert!(silent.out.ends_with("http://127.0.0.1:9\n"), "{}", silent.out);

    // A guess that nobody confirms is none.
    assert_eq!(add("127.0.0.1:9").status, 4);
    assert_eq!(add("ftp://nas").status, 4);
    for request in other.requests() {
        assert!(!request.headers().contains_key("authorization"));
    }
}

#[test]
fn a_guessed_http_needs_consent_and_a_pipe_cant_be_changed() {
    let (home, folder) = (server(), tempdir().unwrap());
    let outside = home.at_another_address().unwrap();
    let file = folder.path().join("session");
    signed_in(&home.url(), &file);
    let typed = outside.url().trim_start_matches("http://").to_owned();

    let refused = run(&["address", "add", &typed, "--session", path(&file)], "");
    assert_eq!(refused.status, 4, "{}", refused.err);
    assert!(refused.err.contains("--allow-http"), "{}", refused.err);
    let added = run(&["address", "add", &typed, "--allow-http", "--session", path(&file)], "");
    assert_eq!(added.status, 0, "{}", added.err);

    let session = std::fs::read_to_string(&file).unwrap();
    let piped = run(&["address", "remove", &outside.url(), "--session", "-"], &session);
    assert_eq!(piped.status, 1, "{}", piped.err);
    assert!(piped.err.contains("--session FILE"), "{}", piped.err);
}
